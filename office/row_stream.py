"""Rows streamed into tables: by COPY where the database knows it, in handfuls elsewhere.

For a great many rows that nobody else has to hear of: no signal is sent, no model is made, and
memory does not grow with them. Rows are tuples of what is written as it stands: numbers, text
without tabs, line breaks and backslashes, days, moments in UTC as text, or None.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max
from psycopg import sql

Row = tuple[Any, ...]

AT_ONCE = 1000
NULL = r"\N"


class Table:
    """A model's table: the columns that rows give in this order, and what all other columns say.

    `always` are values by column name that are the same in every row, for those of these columns
    that the table has. What remains is the models' default.
    """

    def __init__(
        self,
        model: type[models.Model],
        columns: Sequence[str],
        always: Mapping[str, object] | None = None,
    ) -> None:
        self.model = model
        fields = {
            str(field.column): field
            for field in model._meta.concrete_fields
            if not getattr(field, "generated", False)
        }
        unknown = set(columns) - set(fields)
        if unknown:
            raise ValueError(f"{model._meta.db_table} has no {sorted(unknown)}")
        rest = [name for name in fields if name not in columns and not _counts_itself(fields[name])]
        always = always or {}
        self.columns = [*columns, *rest]
        self.defaults = tuple(
            always[name] if name in always else _stored(fields[name]) for name in rest
        )
        tail = "".join("\t" + _text(value).replace("%", "%%") for value in self.defaults)
        self.line = "\t".join(["%s"] * len(columns)) + tail + "\n"

    def lines(self, rows: Iterable[Row]) -> Iterator[str]:
        """The rows as COPY reads them."""
        line = self.line
        for row in rows:
            yield line % tuple([NULL if value is None else value for value in row])

    def next_key(self) -> int:
        """A primary key above those that the table has."""
        return int(self.model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


class Loader:
    """Writes rows and keeps a digest of everything that it wrote, and how much."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.rows = 0

    def load(self, table: Table, rows: Iterable[Row]) -> None:
        """Store the rows, within the caller's transaction."""
        if connection.vendor == "postgresql":
            self._copy(table, rows)
        else:
            self._insert(table, rows)

    def _copy(self, table: Table, rows: Iterable[Row]) -> None:
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table.model._meta.db_table),
            sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        )
        lines = table.lines(rows)
        with connection.cursor() as cursor, cursor.cursor.copy(command) as copy:
            while block := list(islice(lines, AT_ONCE)):
                copy.write(self._counted(block))

    def _insert(self, table: Table, rows: Iterable[Row]) -> None:
        quote = connection.ops.quote_name
        command = (
            f"INSERT INTO {quote(table.model._meta.db_table)}"
            f" ({', '.join(map(quote, table.columns))})"
            f" VALUES ({', '.join(['%s'] * len(table.columns))})"
        )
        waiting = iter(rows)
        with connection.cursor() as cursor:
            while block := list(islice(waiting, AT_ONCE)):
                self._counted(list(table.lines(block)))
                cursor.executemany(command, [_bound((*row, *table.defaults)) for row in block])

    def _counted(self, lines: Sequence[str]) -> bytes:
        written = "".join(lines).encode()
        self.digest.update(written)
        self.rows += len(lines)
        return written


def reset_counters(tables: Sequence[type[models.Model]]) -> None:
    """Let the keys that the database gives itself go on after those that are there."""
    ops, style = connection.ops, no_style()
    # SQLite counts on from the highest key by itself, once it has forgotten those that are gone.
    names = [{"table": table._meta.db_table, "column": None} for table in tables]
    statements = ops.sequence_reset_sql(style, list(tables))
    with connection.cursor() as cursor:
        for statement in statements or ops.sequence_reset_by_name_sql(style, names):
            cursor.execute(statement)


def _counts_itself(field: Any) -> bool:
    return bool(field.primary_key and isinstance(field, models.AutoField))


def _stored(field: Any) -> object:
    """A field's default as the database keeps it; JSON becomes text."""
    value = field.get_db_prep_save(field.get_default(), connection)
    return "[]" if isinstance(field, models.JSONField) and field.default is list else value


def _text(value: object) -> str:
    if value is None:
        return NULL
    return str(int(value)) if isinstance(value, bool) else str(value)


def _bound(row: Row) -> list[Any]:
    return [value if value is None or isinstance(value, int | str) else str(value) for value in row]
