"""Fixture files on disk and the command that loads them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from projects.imports import FixtureError, read_file
from projects.models import Project
from tests.projects.test_imports import PROJECT, projects_file


def test_a_missing_file_is_told(tmp_path):
    with translation.override("en"), pytest.raises(FixtureError) as caught:
        read_file(tmp_path / "gone.json")
    assert str(caught.value).startswith("gone.json: cannot be read: ")


def test_a_file_that_is_not_utf_8_is_told(tmp_path):
    path = tmp_path / "gbk.json"
    path.write_bytes("万州".encode("gbk"))
    with translation.override("en"), pytest.raises(FixtureError) as caught:
        read_file(path)
    assert str(caught.value).startswith("gbk.json: cannot be read: ")


def test_the_command_loads_the_files_named(db, tmp_path):
    path = tmp_path / "projects.json"
    path.write_text("\ufeff" + projects_file(PROJECT).text, encoding="utf-8")
    out = StringIO()
    call_command("load_fixtures", path, stdout=out)
    assert out.getvalue() == "projects.project: 1 added, 0 changed, 0 left\n"
    assert Project.objects.exists()


def test_the_command_shows_a_dry_run_row_by_row(db, tmp_path):
    path = tmp_path / "projects.json"
    path.write_text(projects_file(PROJECT).text, encoding="utf-8")
    out = StringIO()
    call_command("load_fixtures", path, dry_run=True, stdout=out)
    assert out.getvalue().splitlines() == [
        "projects.project: 1 added, 0 changed, 0 left",
        "  + 500101-0001",
        "Dry run: nothing was written.",
    ]
    assert not Project.objects.exists()


def test_the_command_tells_every_problem_and_fails(db, tmp_path):
    path = tmp_path / "projects.json"
    path.write_text(projects_file(PROJECT, {**PROJECT, "code": 3}).text, encoding="utf-8")
    with translation.override("en"), pytest.raises(CommandError) as caught:
        call_command("load_fixtures", path)
    assert str(caught.value) == (
        "Nothing was loaded.\nprojects.json · row 2 · code: must be text: 3"
    )
    assert not Project.objects.exists()


def test_the_command_tells_a_missing_file(db, tmp_path):
    with pytest.raises(CommandError, match=r"gone\.json"):
        call_command("load_fixtures", tmp_path / "gone.json")
