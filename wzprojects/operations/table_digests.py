"""What a database holds, table by table: how many rows, and a digest over all of them in the order of their keys.

Two databases of the same kind hold the same rows where these are equal; between PostgreSQL and
SQLite they cannot be compared. Rows are read in streams.
"""

import hashlib
import sqlite3
from dataclasses import dataclass

import psycopg
from psycopg import sql

SAID_THE_SAME = ("TimeZone TO 'UTC'", "DateStyle TO 'ISO'", "extra_float_digits TO 1")
"""Settings of a session that decide how PostgreSQL writes values."""

OUR_TABLES = """
    SELECT c.oid, c.relname FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT c.relispartition
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY c.relname
"""
KEYS = """
    SELECT a.attname, a.attcollation <> 0 FROM pg_index i
    CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(number, place)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
    WHERE i.indrelid = %s AND i.indisprimary ORDER BY k.place
"""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table: how many, and their digest."""

    rows: int
    digest: str


def of_postgresql(connection: psycopg.Connection) -> dict[str, Table]:
    """Every table of the schema; the parts of a divided one count as the whole."""
    for setting in SAID_THE_SAME:
        connection.execute(f"SET {setting}")
    found = connection.execute(OUR_TABLES).fetchall()
    return {name: _postgresql_table(connection, oid, name) for oid, name in found}


def _postgresql_table(connection: psycopg.Connection, oid: int, name: str) -> Table:
    keys: list[sql.Composable] = [
        # In the order of bytes: the sorting of words is the server's own affair.
        sql.SQL('{} COLLATE "C"' if is_text else "{}").format(sql.Identifier(column))
        for column, is_text in connection.execute(KEYS, [oid])
    ]
    order = sql.SQL(", ").join(keys or [sql.SQL("t::text")])
    query = sql.SQL("COPY (SELECT * FROM {} t ORDER BY {}) TO STDOUT")
    digest, rows = hashlib.sha256(), 0
    with connection.cursor().copy(query.format(sql.Identifier(name), order)) as lines:
        for chunk in lines:
            data = bytes(chunk)
            digest.update(data)
            rows += data.count(b"\n")  # inside a value it is written as \n
    return Table(rows, digest.hexdigest())


def of_sqlite(connection: sqlite3.Connection) -> dict[str, Table]:
    """Every table of the file, SQLite's own left out."""
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%'"
        " ESCAPE '\\' ORDER BY name"
    )
    return {name: _sqlite_table(connection, name) for (name,) in found.fetchall()}


def _sqlite_table(connection: sqlite3.Connection, name: str) -> Table:
    columns = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
    keys = [column for column in columns if column[5]] or columns
    order = ", ".join(f'"{column[1]}"' for column in sorted(keys, key=lambda column: column[5]))
    digest, rows = hashlib.sha256(), 0
    for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY {order}'):
        digest.update(repr(row).encode())
        rows += 1
    return Table(rows, digest.hexdigest())
