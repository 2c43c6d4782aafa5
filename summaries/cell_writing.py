"""Puts counted cells in the place of those stored, and writes only what differs.

A year that is counted anew is mostly what it was. A row that stays as it is costs no index and no check of
a foreign key, and a row whose sums change is changed where it stands.
"""

from collections.abc import Sequence

from django.db import connection

from summaries.models.cell import CellSums

_MAY_BE_ABSENT = frozenset({"region_id", "department_id"})


def put(model: type[CellSums], key: Sequence[str], counted: str, **within: int) -> None:
    """Make the stored rows within these values of the key those that a statement counts.

    `counted` is a SELECT that names every column and reads the values as %(name)s. The caller holds a
    transaction and keeps others from writing.
    """
    table = model._meta.db_table
    sums = [
        field.attname
        for field in model._meta.concrete_fields
        if not field.primary_key and field.attname not in key
    ]
    named = ", ".join((*key, *sums))
    here = " AND ".join(f"stored.{name} = %({name})s" for name in within)
    stored = f"{table} AS stored WHERE {here}"
    same = " AND ".join(_same(name) for name in key if name not in within)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE counted AS {counted}", within)
        cursor.execute(
            f"""
            UPDATE {table} AS stored
            SET {", ".join(f"{name} = counted.{name}" for name in sums)}
            FROM counted
            WHERE {here} AND {same}
              AND ({" OR ".join(f"stored.{name} <> counted.{name}" for name in sums)})
            """,
            within,
        )
        cursor.execute(
            f"""
            INSERT INTO {table} ({named})
            SELECT {", ".join(f"counted.{name}" for name in (*key, *sums))}
            FROM counted LEFT JOIN {table} AS stored ON {here} AND {same}
            WHERE stored.id IS NULL
            """,
            within,
        )
        # Each counted cell is stored by now: if there are no more than these, none is one too many.
        cursor.execute(
            f"SELECT (SELECT COUNT(*) FROM {stored}) > (SELECT COUNT(*) FROM counted)", within
        )
        if cursor.fetchone()[0]:
            cursor.execute(
                f"""
                DELETE FROM {table} WHERE id IN (
                    SELECT stored.id FROM {stored}
                    EXCEPT
                    SELECT stored.id FROM counted JOIN {table} AS stored ON {here} AND {same}
                )
                """,
                within,
            )
        cursor.execute("DROP TABLE counted")


def _same(name: str) -> str:
    """To a database two absent values differ; here both mean the same place."""
    if name in _MAY_BE_ABSENT:
        return f"COALESCE(stored.{name}, 0) = COALESCE(counted.{name}, 0)"
    return f"stored.{name} = counted.{name}"
