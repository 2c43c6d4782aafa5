"""Lists that PostgreSQL writes as .csv by itself: byte for byte what table_files writes of the same rows.

The words of coded values go along as parameters: the database learns none and keeps none.
"""

from collections.abc import Generator, Sequence
from itertools import islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from office import delimited
from office.table_files import CHUNK, FileColumn, Kind

_SIGNS = ", ".join(str(ord(sign)) for sign in sorted(delimited.FORMULA_SIGNS))


def can_copy(queryset: QuerySet[Any]) -> bool:
    """Whether the database of these rows writes files."""
    return connections[queryset.db].vendor == "postgresql"


def csv_pieces(
    columns: Sequence[FileColumn], queryset: QuerySet[Any]
) -> Generator[bytes, None, None]:
    """All rows of a queryset as a .csv file piece by piece, the headings first and alone.

    Until the last piece the database connection is busy with it. Every column is a field of the
    query; see can_copy.
    """
    yield from delimited.head([str(column.heading) for column in columns])
    connection = connections[queryset.db]
    fields = list(dict.fromkeys(column.path for column in columns))
    try:
        query, narrowed = queryset.values_list(*fields).query.get_compiler(queryset.db).as_sql()
    except EmptyResultSet:
        return
    names = [f"c{place}" for place in range(len(fields))]
    cells, words = [], []
    for column in columns:
        cell, said = _cell(column, names[fields.index(column.path)])
        cells.append(cell)
        words += said
    # A query with an order of its own is read in that order by the one around it.
    command = (
        f"COPY (SELECT {', '.join(cells)} FROM ({query}) AS listed ({', '.join(names)}))"
        " TO STDOUT (FORMAT csv)"
    )
    with (
        connection.cursor() as cursor,
        cursor.copy(cursor.mogrify(command, [*words, *narrowed])) as copy,
    ):
        # PostgreSQL's protocol sends each row by itself, with its line feed at the end. Taken out of
        # the driver's buffers at once, they cost a quarter of what they cost there.
        rows = map(bytes, copy)
        while chunk := [row[:-1] for row in islice(rows, CHUNK)]:
            yield b"\r\n".join([*chunk, b""])


def _cell(column: FileColumn, name: str) -> tuple[str, list[Any]]:
    """What stands in a cell as SQL with its parameters; `name` is the value's."""
    if column.kind is Kind.NUMBER:
        return name, []
    if column.kind is Kind.DAY:
        return f"to_char({name}, 'YYYY-MM-DD')", []
    # An empty text and none at all are the same empty cell.
    safe = (
        f"CASE WHEN ascii({name}::text) IN ({_SIGNS}) THEN '''' || {name}"
        f" ELSE NULLIF({name}::text, '') END"
    )
    if not column.labels:
        return safe, []
    known = f"CASE {name}{' WHEN %s THEN %s' * len(column.labels)} ELSE {safe} END"
    said = [(value, delimited.safe(label) or None) for value, label in column.labels.items()]
    return known, [each for pair in said for each in pair]
