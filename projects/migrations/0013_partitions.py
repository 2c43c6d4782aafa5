"""Partitions the monthly reports, their lights and their steps by year, on PostgreSQL.

Django's picture of the tables stays as it is; what differs in the database is that their primary
keys and unique constraints contain the year, and that foreign keys to a report, and a report's to
its entry and its round, are of two columns: the id and the year. Every row is written anew while
nobody reads or writes these tables. Both directions carry over whatever checks, unique constraints
and indexes they find. On SQLite nothing happens.
"""

from django.db import migrations

REPORT, LIGHT, EVENT = "projects_progressreport", "projects_reportlight", "projects_reportevent"
ENTRY, PERIOD = "projects_annualplan", "projects_reportingperiod"
PHOTO, OBSTACLE = "projects_reportphoto", "projects_obstacle"

YEAR_FROM = {
    REPORT: (ENTRY, "entry_id"),
    LIGHT: (REPORT, "report_id"),
    EVENT: (REPORT, "report_id"),
}
"""Each partitioned table, with where its rows' year stands and how it is found; in this order."""

FOREIGN_KEYS = (
    ("report_entry", REPORT, ("entry_id", "year"), ENTRY),
    ("report_period", REPORT, ("period_id", "year"), PERIOD),
    ("light_report", LIGHT, ("report_id", "year"), REPORT),
    ("event_report", EVENT, ("report_id", "year"), REPORT),
    ("photo_report", PHOTO, ("report_id", "year"), REPORT),
    ("obstacle_report", OBSTACLE, ("report_id", "report_year"), REPORT),
)
TARGETS = {ENTRY: "plan_entry_with_year", PERIOD: "period_with_year"}
"""Where the years come from: a unique constraint, for the foreign keys to refer to."""


def partition(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        _drop_foreign_keys(cursor)
        for table, name in TARGETS.items():
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE (id, year)")
        cursor.execute(f"SELECT DISTINCT year FROM {PERIOD} ORDER BY year")
        years = [year for (year,) in cursor]
        for table in YEAR_FROM:
            _rewrite(cursor, table, years)
        for name, table, columns, target in FOREIGN_KEYS:
            _refer(cursor, f"{name}_of_year", table, ", ".join(columns), target, "id, year")
        cursor.execute(f"ANALYZE {', '.join(YEAR_FROM)}")


def unite(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        _drop_foreign_keys(cursor)
        for table, name in TARGETS.items():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for table in YEAR_FROM:
            _rewrite(cursor, table, None)
        for name, table, columns, target in FOREIGN_KEYS:
            _refer(cursor, name, table, columns[0], target, "id")
        cursor.execute(f"ALTER TABLE {LIGHT} ADD CONSTRAINT light_of_report UNIQUE (report_id)")


def _refer(cursor, name, table, columns, target, target_columns):
    cursor.execute(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns})"
        f" REFERENCES {target} ({target_columns}) DEFERRABLE INITIALLY DEFERRED"
    )


def _drop_foreign_keys(cursor):
    """Those that are of two columns in a partitioned table, and of one in others."""
    for _name, table, columns, target in FOREIGN_KEYS:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conparentid = 0"
            " AND conrelid = %s::regclass AND confrelid = %s::regclass AND conkey[1] ="
            " (SELECT attnum FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s)",
            [table, target, table, columns[0]],
        )
        for (found,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{found}"')


def _rewrite(cursor, table, years):
    """Write a table anew: partitioned by these years and by all others, or (None) as one."""
    last, is_used = _sequence(cursor, table)
    columns, indexes = _columns(cursor, table), _indexes(cursor, table)
    uniques, foreign_keys = _uniques(cursor, table), _foreign_keys(cursor, table)
    before, sequence = f"{table}_before", f"{table}_id_seq"
    cursor.execute(f"ALTER TABLE {table} RENAME TO {before}")
    create = f"CREATE TABLE {table} (LIKE {before} INCLUDING CONSTRAINTS)"
    if years is None:
        cursor.execute(create)
    else:
        cursor.execute(f"{create} PARTITION BY LIST (year)")
        cursor.execute(f"CREATE TABLE {table}_other PARTITION OF {table} DEFAULT")
        for year in years:
            cursor.execute(
                f"CREATE TABLE {table}_{year} PARTITION OF {table} FOR VALUES IN ({year})"
            )
    source, owner = YEAR_FROM[table]
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)})"
        f" SELECT {', '.join('source.year' if name == 'year' else f'old.{name}' for name in columns)}"
        f" FROM {before} AS old JOIN {source} AS source ON source.id = old.{owner}"
    )
    cursor.execute(f"DROP TABLE {before}")  # with its sequence and its indexes
    if years is None:
        cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (id)")
        cursor.execute(f"ALTER TABLE {table} ALTER id ADD GENERATED BY DEFAULT AS IDENTITY")
    else:
        cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (id, year)")
        cursor.execute(f"CREATE SEQUENCE {sequence} OWNED BY {table}.id")
        cursor.execute(f"ALTER TABLE {table} ALTER id SET DEFAULT nextval('{sequence}')")
        uniques = _with_year(uniques)
    cursor.execute("SELECT setval(%s, %s, %s)", [sequence, last, is_used])
    for name, key in uniques.items():
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" UNIQUE ({", ".join(key)})')
    for index in indexes:
        cursor.execute(index)
    for name, definition in foreign_keys:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _sequence(cursor, table):
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
    (sequence,) = cursor.fetchone()
    cursor.execute(f"SELECT last_value, is_called FROM {sequence}")
    return cursor.fetchone()


def _columns(cursor, table):
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped ORDER BY attnum",
        [table],
    )
    return [name for (name,) in cursor]


def _indexes(cursor, table):
    """The statements that make the indexes which stand behind no constraint."""
    cursor.execute(
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid"
        " AND conrelid = indrelid)",
        [table],
    )
    return [made.replace(" ON ONLY ", " ON ") for (made,) in cursor]


def _uniques(cursor, table):
    """The columns of each unique constraint."""
    cursor.execute(
        "SELECT conname, array_agg(attname ORDER BY place) FROM pg_constraint"
        " CROSS JOIN unnest(conkey) WITH ORDINALITY AS key(number, place)"
        " JOIN pg_attribute ON attrelid = conrelid AND attnum = key.number"
        " WHERE contype = 'u' AND conrelid = %s::regclass GROUP BY conname ORDER BY conname",
        [table],
    )
    return dict(cursor.fetchall())


def _with_year(uniques):
    """Each with the year; one that says nothing new then is left out."""
    kept = {name: key for name, key in uniques.items() if "year" in key}
    for name, key in uniques.items():
        if name not in kept and {*key, "year"} not in map(set, kept.values()):
            kept[name] = [*key, "year"]
    return kept


def _foreign_keys(cursor, table):
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conparentid = 0 AND conrelid = %s::regclass ORDER BY conname",
        [table],
    )
    return cursor.fetchall()


class Migration(migrations.Migration):
    dependencies = [("projects", "0012_years_hold")]

    operations = [migrations.RunPython(partition, unite)]
