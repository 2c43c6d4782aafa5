"""The years' partitions of the monthly reports, their lights and their steps (PostgreSQL only).

A query that says the year reads that year's partitions alone. What is of no year that was opened
here goes to the partition `…_other`: nothing is ever refused for want of a partition.
"""

from django.db import connection, models, transaction
from psycopg import sql

from projects.models import ProgressReport, ReportEvent, ReportLight

PARTITIONED: tuple[type[models.Model], ...] = (ProgressReport, ReportLight, ReportEvent)
"""Each after those that it refers to."""

_OPENS = 20_242
"""The first number of PostgreSQL's advisory lock of who opens a year; the year is the second."""


def open_year(year: int) -> None:
    """Give a year its own partitions; safe to run again, and nothing to do on SQLite.

    A year that has rows among the others already keeps them there: that is slower, and as right.
    Readers and writers of other years' partitions go on meanwhile (docs/operations.md).
    """
    if connection.vendor != "postgresql":
        return
    for model in PARTITIONED:
        table = model._meta.db_table
        if not _is_there(f"{table}_{year}"):
            _attach(table, year)


def renew_statistics() -> None:
    """Let PostgreSQL look at all years together: its own housekeeping looks at each partition only."""
    if connection.vendor != "postgresql":
        return
    tables = [sql.Identifier(model._meta.db_table) for model in PARTITIONED]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(tables)))


def _is_there(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        row = cursor.fetchone()
    return bool(row and row[0])


@transaction.atomic
def _attach(table: str, year: int) -> None:
    """Make the partition first and attach it then: the table itself is not locked against anybody."""
    name = f"{table}_{year}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_OPENS, year])
        cursor.execute(
            sql.SQL("SELECT EXISTS (SELECT FROM {} WHERE year = %s)").format(
                sql.Identifier(f"{table}_other")
            ),
            [year],
        )
        row = cursor.fetchone()
        if _is_there(name) or (row and row[0]):
            return
        parts = {"name": sql.Identifier(name), "table": sql.Identifier(table), "year": year}
        for statement in (
            "CREATE TABLE {name} (LIKE {table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
            " INCLUDING INDEXES)",
            "ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES IN ({year})",
        ):
            cursor.execute(sql.SQL(statement).format(**parts))
