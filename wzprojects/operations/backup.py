"""Back-up: the database as of one moment, the media files, and a manifest of what must come out again.

A back-up is a folder. It gets its name only when it is whole: one that was interrupted ends in
`.part` and is nothing. `restoring.py` is the way back.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from wzprojects.operations import postgresql, table_digests
from wzprojects.operations.table_digests import Table

MANIFEST, DATABASE, MEDIA = "manifest.json", "database", "media"
CHUNK = 1024 * 1024


class NotDone(Exception):
    """The back-up or the restore was not done; the message says why, and nothing half is left."""


@dataclass(frozen=True)
class Manifest:
    """What a back-up holds: how the database is kept, of which release, its tables and its files.

    `files` are the digests of every file by its path in the folder, the database's among them.
    """

    vendor: str
    release: str
    made_at: str
    migrations: list[str]
    tables: dict[str, Table]
    files: dict[str, str]

    def digest(self) -> str:
        """Over all of it, and so over everything that the back-up holds."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def write(self, folder: Path) -> None:
        """Into the folder, with its own digest."""
        said = {**asdict(self), "digest": self.digest()}
        text = json.dumps(said, ensure_ascii=False, indent=1)
        (folder / MANIFEST).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Of a folder; NotDone where it is no back-up, or not as it was written."""
        try:
            said: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            digest = said.pop("digest")
            tables = {name: Table(**table) for name, table in said.pop("tables").items()}
            manifest = cls(tables=tables, **said)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise NotDone(
                f"{folder} is not a back-up: no {MANIFEST} that can be read."
            ) from problem
        if manifest.digest() != digest:
            raise NotDone(f"{folder / MANIFEST} was changed.")
        return manifest


def back_up(database: BaseDatabaseWrapper, folder: Path, *, media: Path, at: datetime) -> Path:
    """Write a new back-up into `folder` while the site runs; returns where it is.

    The files are copied after the database: a file is written before the row that names it.
    """
    whole = folder / at.strftime("%Y%m%dT%H%M%S")
    part = whole.with_suffix(".part")
    if whole.exists():
        raise NotDone(f"{whole} exists already.")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    try:
        copy = _copy_postgresql if database.vendor == "postgresql" else _copy_sqlite
        tables = copy(database, part / DATABASE)
        copy_files(media, part / MEDIA)
        manifest = Manifest(
            vendor=database.vendor,
            release=release(),
            made_at=at.isoformat(),
            migrations=migrations(database),
            tables=tables,
            files=digests_of(part),
        )
        manifest.write(part)
        part.rename(whole)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return whole


def release() -> str:
    """The version of the code."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def migrations(database: BaseDatabaseWrapper) -> list[str]:
    """What was applied to a database."""
    applied = MigrationRecorder(database).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def copy_files(source: Path, target: Path) -> None:
    """Copy a tree; a file that goes meanwhile is no longer wanted."""
    target.mkdir(mode=0o700, exist_ok=True)
    for path in _files(source):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copy2(path, place)
        except FileNotFoundError:
            place.unlink(missing_ok=True)


def digests_of(folder: Path) -> dict[str, str]:
    """The digest of every file of a back-up but the manifest, by its path."""
    return {
        path.relative_to(folder).as_posix(): _digest(path)
        for path in _files(folder)
        if path != folder / MANIFEST
    }


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _copy_postgresql(database: BaseDatabaseWrapper, target: Path) -> dict[str, Table]:
    """pg_dump and the digests, both of the same snapshot; nobody waits for either."""
    with postgresql.connect(database) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        run_postgresql(
            database,
            "pg_dump",
            f"--snapshot={snapshot}",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--file={target}",
        )
        return table_digests.of_postgresql(connection)


def run_postgresql(database: BaseDatabaseWrapper, program: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore on a database; NotDone with its own words where it fails."""
    command = [str(postgresql.programs(program) / program), *arguments]
    command.append(f"--dbname={postgresql.address(database)}")
    done = subprocess.run(
        command, env=postgresql.environment(database), capture_output=True, text=True
    )
    if done.returncode:
        raise NotDone(f"{program}: {done.stderr.strip()}")


def _copy_sqlite(database: BaseDatabaseWrapper, target: Path) -> dict[str, Table]:
    """SQLite's own copy of a database in use, made one file, and the digests of what was copied."""
    source = sqlite3.connect(database.settings_dict["NAME"])
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        return table_digests.of_sqlite(copy)
    finally:
        source.close()
        copy.close()
        os.chmod(target, 0o600)
