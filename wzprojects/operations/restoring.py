"""Restore: into an empty database and an empty media folder, all of it or nothing; then held against the manifest."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from wzprojects.operations import backup, postgresql, table_digests
from wzprojects.operations.backup import DATABASE, MEDIA, Manifest, NotDone
from wzprojects.operations.table_digests import Table

ANYTHING = """
    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^(pg_|information_schema$)' AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""


@dataclass(frozen=True)
class Restored:
    """What was restored: how many tables, rows and files."""

    tables: int
    rows: int
    files: int


def restore(database: BaseDatabaseWrapper, folder: Path, *, media: Path) -> Restored:
    """Restore a back-up; NotDone, with database and media as empty as before, where it cannot be.

    The histories are not looked at here: whoever calls this checks them (`verify_audit`) on the
    restored rows.
    """
    manifest = _sound(folder)
    _fits(manifest, database)
    _empty(database, media)
    try:
        backup.copy_files(folder / MEDIA, media)
        if database.vendor == "postgresql":
            tables = _restore_postgresql(database, folder / DATABASE)
        else:
            tables = _restore_sqlite(database, folder / DATABASE)
    except BaseException:
        for path in media.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    differing = different(manifest.tables, tables)
    if differing:
        raise NotDone(
            f"These tables are not what was backed up: {', '.join(differing)}. The database was"
            " filled all the same: drop it, do not use it."
        )
    rows = sum(table.rows for table in tables.values())
    return Restored(len(tables), rows, len(manifest.files) - 1)


def different(one: dict[str, Table], other: dict[str, Table]) -> list[str]:
    """The tables that are not the same in both."""
    return sorted(name for name in {*one, *other} if one.get(name) != other.get(name))


def _sound(folder: Path) -> Manifest:
    """The manifest of a back-up whose every byte is as it was written."""
    manifest = Manifest.read(folder)
    present = backup.digests_of(folder)
    changed = sorted(
        name
        for name in {*present, *manifest.files}
        if present.get(name) != manifest.files.get(name)
    )
    if changed:
        raise NotDone(f"The back-up was changed, or is not whole: {', '.join(changed)}.")
    return manifest


def _fits(manifest: Manifest, database: BaseDatabaseWrapper) -> None:
    """The back-up is for this kind of database and for this release."""
    if manifest.vendor != database.vendor:
        raise NotDone(f"The back-up is of {manifest.vendor}, the database is {database.vendor}.")
    ours = {f"{app}.{name}" for app, name in MigrationLoader(None).graph.nodes}
    if foreign := ours.symmetric_difference(manifest.migrations):
        raise NotDone(
            f"The back-up was made by another release ({manifest.release}): restore it with that one"
            f" and migrate then. The migrations differ: {', '.join(sorted(foreign))}."
        )


def _empty(database: BaseDatabaseWrapper, media: Path) -> None:
    media.mkdir(parents=True, exist_ok=True)
    if any(media.iterdir()):
        raise NotDone(f"{media} is not empty.")
    if database.vendor == "postgresql":
        with postgresql.connect(database) as connection:
            (count,) = connection.execute(ANYTHING).fetchone() or (0,)
    else:
        with closing(sqlite3.connect(database.settings_dict["NAME"])) as file:
            (count,) = file.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if count:
        raise NotDone("The database is not empty: restore into a new one.")


def _restore_postgresql(database: BaseDatabaseWrapper, dump: Path) -> dict[str, Table]:
    """One transaction: what fails or is killed leaves nothing."""
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    backup.run_postgresql(database, "pg_restore", *options, "--no-comments", str(dump))
    with postgresql.connect(database) as connection:
        connection.execute("ANALYZE")
        return table_digests.of_postgresql(connection)


def _restore_sqlite(database: BaseDatabaseWrapper, dump: Path) -> dict[str, Table]:
    """SQLite's own copy: one transaction too."""
    database.close()
    with (
        closing(sqlite3.connect(f"file:{dump}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(database.settings_dict["NAME"])) as target,
    ):
        source.backup(target)
        return table_digests.of_sqlite(target)
