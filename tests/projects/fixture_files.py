"""Small fixture files for the tests of the loader, and what they ask of it."""

import json

import pytest
from django.apps import apps
from django.utils import translation

from projects.imports import FixtureError, FixtureFile, load

TEXT = "一、总述\n全年完成投资75亿元。完成投资目标。竣工项目45个以上。\n"
SECTIONS = [{"label": "一", "first_line": 1, "last_line": 2}]
DOCUMENT = {
    "code": "small",
    "title": "报告",
    "issuer": "发改委",
    "year": 2024,
    "file": "source/small.txt",
    "sections": SECTIONS,
}
PROJECT = {"code": "500101-0001", "name": "青龙水库", "category": "infrastructure"}
ENTRY = {"project": "500101-0001", "year": 2024, "category": "infrastructure"}
COUNT = {
    "code": "count-1",
    "year": 2024,
    "count": 45,
    "text": "竣工项目45个以上",
    "section": "一",
    "quote": "竣工项目45个以上",
}


def file_of(model, *rows, name="test.json", **head) -> FixtureFile:
    return FixtureFile(name, json.dumps({"model": model, "rows": rows, **head}))


def projects_file(*rows, **head) -> FixtureFile:
    return file_of("projects.project", *rows, **head)


def everything() -> dict[str, list[tuple[object, ...]]]:
    """The content of every table."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
    }


def refused(*files: FixtureFile) -> list[str]:
    """What the loader says of files that it refuses; nothing of them may be loaded."""
    before = everything()
    with translation.override("en"), pytest.raises(FixtureError) as caught:
        load(files)
    assert everything() == before
    with translation.override("en"):
        return [str(problem) for problem in caught.value.problems]


def counts(report) -> dict[str, tuple[int, int, int]]:
    return {m.label: (len(m.added), len(m.changed), m.left) for m in report.models}


@pytest.fixture
def small_document(db, settings, tmp_path):
    """A document of three sentences, whose text the test may change."""
    settings.FIXTURES_DIR = tmp_path
    (tmp_path / "source").mkdir()
    text = tmp_path / "source" / "small.txt"
    text.write_text(TEXT, encoding="utf-8")
    load([file_of("projects.sourcedocument", DOCUMENT)])
    return text
