"""Many rows stored at once: by COPY where the database knows it, else as Django does it.

Nothing is told to signals and no default is looked up: the caller gives whole rows.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.db import connection, models, transaction
from psycopg import sql

AT_ONCE = 500
Stored = TypeVar("Stored", bound=models.Model)


def insert(model: type[Stored], rows: Sequence[Stored]) -> None:
    """Store new rows; their keys stay unknown to them."""
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows, batch_size=AT_ONCE)
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    with transaction.atomic(), connection.cursor() as cursor:
        _copy(cursor.cursor, model._meta.db_table, fields, rows)


def update(model: type[Stored], rows: Sequence[Stored], names: Sequence[str]) -> None:
    """Bring these columns of rows that are there up to date."""
    if connection.vendor != "postgresql":
        # A whole row that is there already is brought up to date; the columns of the others stay.
        model._default_manager.bulk_create(
            rows,
            batch_size=AT_ONCE,
            update_conflicts=True,
            unique_fields=[model._meta.pk.name],
            update_fields=names,
        )
        return
    fields: list[Any] = [model._meta.pk, *(model._meta.get_field(name) for name in names)]
    table, given = sql.Identifier(model._meta.db_table), sql.Identifier("given")
    columns = [sql.Identifier(str(field.column)) for field in fields]
    with transaction.atomic(), connection.cursor() as cursor:
        bare = cursor.cursor
        bare.execute(
            sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT {} FROM {} LIMIT 0").format(
                given, sql.SQL(", ").join(columns), table
            )
        )
        _copy(bare, "given", fields, rows)
        sets = [sql.SQL("{} = given.{}").format(column, column) for column in columns[1:]]
        bare.execute(
            sql.SQL(
                "UPDATE {table} SET {sets} FROM given WHERE {table}.{key} = given.{key}"
            ).format(table=table, sets=sql.SQL(", ").join(sets), key=columns[0])
        )
        bare.execute(sql.SQL("DROP TABLE {}").format(given))


def _copy(cursor: Any, table: str, fields: Sequence[Any], rows: Sequence[models.Model]) -> None:
    columns = sql.SQL(", ").join([sql.Identifier(field.column) for field in fields])
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    prepared = [(field.attname, _prepare(field)) for field in fields]
    with cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(
                [
                    getattr(row, name) if prepare is None else prepare(getattr(row, name))
                    for name, prepare in prepared
                ]
            )


def _prepare(field: Any) -> Callable[[Any], Any] | None:
    """What makes of a field's value what is written; None where the driver writes it as it is."""
    if isinstance(field, models.JSONField):
        # Django's way there makes an encoder for each value.
        return lambda value: None if value is None else json.dumps(value, cls=field.encoder)
    if isinstance(field, models.BinaryField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None
