"""The repository's own rules, as far as no tool of `make check` watches over them."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.apps import apps

from scripts.messages import lacking

pytestmark = pytest.mark.any_database

ROOT = Path(__file__).resolve().parent.parent
OUR_APPS = ("accounts", "projects", "indicators", "exchange", "summaries", "reading")
LOCKED = ("requirements", "requirements-dev", "requirements-postgres", "requirements-uv")
# What tools leave behind is not the repository.
GENERATED = {".git", ".venv", "var", "staticfiles", "__pycache__", ".pytest_cache"}
GENERATED |= {".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis"}


def files(folder: Path) -> Iterator[str]:
    """Every file of the repository, as a path from its root."""
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and entry.name not in GENERATED:
            yield from files(entry)
        elif entry.is_file():
            yield entry.relative_to(ROOT).as_posix()


FILES = list(files(ROOT))
MODULES = [name for name in FILES if name.endswith(".py") and "/migrations/" not in name]
TEMPLATES = [name for name in FILES if name.startswith("templates/") and name.endswith(".html")]
DRAWERS = {"utils", "helpers", "services", "common", "misc", "util", "helper"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LOCKED)
def test_every_requirement_is_locked_with_hashes_and_without_an_address(name):
    lock = text(f"{name}.txt")
    pinned = [line for line in lock.splitlines() if line and not line.startswith((" ", "#"))]

    assert pinned
    assert all(re.match(r"[a-z0-9._-]+(\[[a-z,_-]+\])?==\S+ .*\\$", line) for line in pinned)
    assert lock.count("--hash=sha256:") >= len(pinned)
    assert "://" not in lock
    assert "--index" not in lock


@pytest.mark.parametrize("name", LOCKED)
def test_every_requirement_has_its_reason_and_is_in_the_lock(name):
    wanted = [line for line in text(f"{name}.in").splitlines() if line and line[0] not in "#-"]
    lock = text(f"{name}.txt").lower()

    for line in wanted:
        assert re.search(r"\S\s+# \w", line), f"{name}.in: no reason beside {line!r}"
        package = re.split(r"[\[~=<> ]", line)[0].lower()
        assert re.search(rf"^{re.escape(package)}(\[.*\])?==", lock, re.MULTILINE), package


def test_no_file_names_a_folder_of_somebodys_machine():
    folder = re.compile(
        "/(" + "|".join(["ro" + "ot", "ho" + "me", "Us" + "ers", "wo" + "rk"]) + ")/\\w"
    )
    named = []
    for name in FILES:
        path = ROOT / name
        start = path.read_bytes()[:1000]
        if "/vendor/" in name or start.startswith(b"%PDF") or b"\0" in start:
            continue
        named += [f"{name}: {found}" for found in folder.findall(text(name))]

    assert named == []


def test_no_module_is_a_drawer_of_odds_and_ends():
    assert [name for name in MODULES if DRAWERS & set(Path(name).with_suffix("").parts)] == []


def test_no_module_is_longer_than_one_can_read_at_a_sitting():
    longest = {
        name: len([line for line in text(name).splitlines() if line.strip()]) for name in MODULES
    }

    assert {name: length for name, length in longest.items() if length > 400} == {}


def test_every_model_says_what_it_is():
    models = [model for app in OUR_APPS for model in apps.get_app_config(app).get_models()]
    silent = [
        model.__name__ for model in models if (model.__doc__ or "").startswith(f"{model.__name__}(")
    ]

    assert models
    assert silent == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_holds_script_or_style(name):
    source = text(name)

    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", source)
    for attributes in re.findall(r"<script\b([^>]*)>", source):
        assert "src=" in attributes or 'type="application/json"' in attributes, attributes


def test_the_build_machine_runs_what_people_run():
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert "make test" in text(".ci/run")
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    named = {line.split()[0] for line in listed.splitlines()}
    assert {"run", "worker", "test", "check", "fix", "lock", "messages", "screenshots"} <= named


def test_a_missing_a_doubtful_and_a_broken_translation_are_all_found(tmp_path):
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "zh_Hans"}
    catalogue.append(polib.POEntry(msgid="Project", msgstr="重点项目"))
    catalogue.append(polib.POEntry(msgid="Region", msgstr=""))
    catalogue.append(polib.POEntry(msgid="Sector", msgstr="行业", flags=["fuzzy"]))
    broken = polib.POEntry(msgid="%(count)d rows", msgstr="%(cuont)d 行", flags=["python-format"])
    catalogue.append(broken)
    path = tmp_path / "django.po"
    catalogue.save(str(path))

    found = "\n".join(lacking(path))

    assert "not translated: 'Region'" in found
    assert "doubtful (fuzzy): 'Sector'" in found
    assert "argument 'count' doesn't exist" in found
    assert "Project" not in found
