"""What was backed up comes out again, all of it, into an empty database; anything else is refused."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from projects.models import AuditSeal
from tests.projects.verified_life import life
from wzprojects.operations import backup, postgresql, restoring, table_digests
from wzprojects.operations.backup import Manifest, NotDone

__all__ = ["life"]

AT = datetime(2024, 4, 8, 2, 30, tzinfo=UTC)


class Elsewhere:
    """Another, empty database of the kind that the test runs on."""

    def __init__(self, folder: Path) -> None:
        self.database = connection.copy()
        self.media = folder / "media-elsewhere"
        if connection.vendor == "postgresql":
            self.name = f"elsewhere_{os.getpid()}"
            self.server(f"CREATE DATABASE {self.name}")
        else:
            self.name = str(folder / "elsewhere.sqlite3")
        self.database.settings_dict = {**connection.settings_dict, "NAME": self.name}

    def server(self, statement: str) -> None:
        with postgresql.connect(connection) as server:
            server.execute(statement)

    def url(self) -> str:
        if connection.vendor == "postgresql":
            return os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{self.name}"
        return f"sqlite:///{self.name}"

    def do(self, statement: str) -> None:
        if connection.vendor == "postgresql":
            with postgresql.connect(self.database) as opened:
                opened.execute(statement)
            return
        opened = sqlite3.connect(self.name)
        opened.execute(statement)
        opened.commit()
        opened.close()

    def close(self) -> None:
        self.database.close()
        if connection.vendor == "postgresql":
            self.server(f"DROP DATABASE {self.name} WITH (FORCE)")


@pytest.fixture
def elsewhere(tmp_path):
    place = Elsewhere(tmp_path)
    yield place
    place.close()


@pytest.fixture
def media(settings, tmp_path):
    """Media of the site: a photo in a folder."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    photo = tmp_path / "media/photos/2024/现场.jpg"
    photo.parent.mkdir(parents=True)
    photo.write_bytes(b"a picture")
    return tmp_path / "media"


@pytest.fixture
def made(transactional_db, media, tmp_path) -> Path:
    """A back-up of a database with nobody in it."""
    return backup.back_up(connection, tmp_path / "backups", media=media, at=AT)


def present() -> dict[str, table_digests.Table]:
    """What the database of the test holds."""
    if connection.vendor == "postgresql":
        with postgresql.connect(connection) as opened:
            return table_digests.of_postgresql(opened)
    opened = sqlite3.connect(connection.settings_dict["NAME"])
    try:
        return table_digests.of_sqlite(opened)
    finally:
        opened.close()


@pytest.mark.django_db(transaction=True)
def test_an_office_comes_out_as_it_went_in_with_its_histories_verified(
    life, media, elsewhere, tmp_path, capsys
):
    call_command("back_up", str(tmp_path / "backups"))
    said = capsys.readouterr().out
    (made,) = (tmp_path / "backups").iterdir()
    assert str(made) in said
    assert Manifest.read(made).digest() in said
    assert made.stat().st_mode & 0o077 == 0
    before = present()
    assert before["projects_reportevent"].rows > 5

    place = {"DATABASE_URL": elsewhere.url(), "MEDIA_ROOT": str(elsewhere.media)}
    restored = subprocess.run(
        [sys.executable, "manage.py", "restore", str(made)],
        env={**os.environ, **place},
        capture_output=True,
        text=True,
    )

    assert restored.returncode == 0, restored.stderr
    assert "every table is what was backed up" in restored.stdout
    assert AuditSeal.objects.latest("day").digest in restored.stdout
    assert present() == before == Manifest.read(made).tables
    photo = elsewhere.media / "photos/2024/现场.jpg"
    assert photo.read_bytes() == b"a picture"
    # Who writes next gets a number of its own.
    elsewhere.do(
        "INSERT INTO projects_entrymark (year) VALUES (2031)"
        if connection.vendor == "postgresql"
        else "INSERT INTO projects_entrymark (year, month, entry) VALUES (2031, NULL, NULL)"
    )


def test_a_changed_row_a_lost_row_and_a_lost_table_are_told_apart_from_sameness(made):
    tables = Manifest.read(made).tables
    changed = dict(tables)
    changed["django_migrations"] = table_digests.Table(1, "other")
    del changed["projects_project"]
    assert restoring.different(tables, dict(tables)) == []
    assert restoring.different(tables, changed) == ["django_migrations", "projects_project"]


def restore(made: Path, elsewhere: Elsewhere) -> restoring.Restored:
    return restoring.restore(elsewhere.database, made, media=elsewhere.media)


def is_empty(elsewhere: Elsewhere) -> bool:
    restoring._empty(elsewhere.database, elsewhere.media)
    return True


@pytest.mark.parametrize("name", ["database", "media/photos/2024/现场.jpg", "manifest.json"])
def test_a_changed_byte_is_refused(made, elsewhere, name):
    path = made / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(NotDone, match=r"changed|no manifest"):
        restore(made, elsewhere)
    assert is_empty(elsewhere)


def test_a_file_too_many_and_one_too_few_are_refused(made, elsewhere):
    (made / "media/added").write_text("x")
    with pytest.raises(NotDone, match="media/added"):
        restore(made, elsewhere)
    (made / "media/added").unlink()
    shutil.rmtree(made / "media")
    with pytest.raises(NotDone, match="现场"):
        restore(made, elsewhere)


def test_a_database_that_holds_anything_is_refused(made, elsewhere):
    elsewhere.do("CREATE TABLE anything (id integer)")
    with pytest.raises(NotDone, match="not empty"):
        restore(made, elsewhere)


def test_a_media_folder_that_holds_anything_is_refused(made, elsewhere):
    elsewhere.media.mkdir()
    (elsewhere.media / "kept").write_text("somebody's")
    with pytest.raises(NotDone, match="not empty"):
        restore(made, elsewhere)
    assert (elsewhere.media / "kept").exists()


def test_a_restore_that_fails_in_the_middle_leaves_an_empty_place_that_can_be_used(made, elsewhere):
    manifest = json.loads((made / "manifest.json").read_text())
    whole = (made / "database").read_bytes()
    (made / "database").write_bytes(whole[: len(whole) // 2])
    told = Manifest(
        **{
            **{name: manifest[name] for name in manifest if name not in ("digest", "tables")},
            "tables": {k: table_digests.Table(**v) for k, v in manifest["tables"].items()},
            "files": backup.digests_of(made),
        }
    )
    told.write(made)
    with pytest.raises((NotDone, sqlite3.DatabaseError)):
        restore(made, elsewhere)
    assert is_empty(elsewhere)

    (made / "database").write_bytes(whole)
    (made / "manifest.json").write_text(json.dumps(manifest))
    assert restore(made, elsewhere).files == 1


def test_a_backup_of_another_release_is_refused(made, elsewhere):
    manifest = Manifest.read(made)
    manifest.migrations.remove("projects.0001_initial")
    manifest.write(made)
    with pytest.raises(NotDone, match=r"another release.*projects.0001_initial"):
        restore(made, elsewhere)


def test_a_backup_that_is_interrupted_is_none(transactional_db, media, tmp_path):
    def refuse(execute, statement, *others):
        if "django_migrations" in statement:  # asked for once everything is copied
            raise DatabaseError("the server closed the connection")
        return execute(statement, *others)

    with connection.execute_wrapper(refuse), pytest.raises(DatabaseError, match="closed"):
        backup.back_up(connection, tmp_path / "backups", media=media, at=AT)
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_folder_that_is_no_backup_is_refused_by_the_command(tmp_path):
    with pytest.raises(CommandError, match="is not a back-up"):
        call_command("restore", str(tmp_path))
