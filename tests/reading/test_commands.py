import io
import json
import os
import re

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from reading.models import ReportReading

pytestmark = pytest.mark.any_database

SEED = settings.FIXTURES_DIR / "source" / "wanzhou-2024.txt"


def run(name, *args, **options) -> str:
    """What the command prints, in English."""
    out = io.StringIO()
    with translation.override("en"):
        call_command(name, *map(os.fspath, args), stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def test_read_report_prints_every_kind_with_its_match(report_loaded):
    out = run("read_report", SEED)
    for words in ("Project (", "Indicator (", "Stated count (", "Commitment (", "Not read ("):
        assert words in out
    assert "Recorded already  地区生产总值增速" in out


def test_read_report_prints_json_that_holds_every_word(report_loaded):
    found = json.loads(run("read_report", SEED, json=True))
    assert found["year"] == 2024
    assert any(each["name"] == "地区生产总值增速" for each in found["indicators"])


def test_read_report_keeps_a_reading_for_review_of_a_named_user(report_loaded, manager):
    run("read_report", SEED, save=True, user="manager")
    reading = ReportReading.objects.get()
    assert (reading.state, reading.asked_by, reading.year) == ("ready", manager, 2024)
    assert reading.rows.filter(kind="indicator", match="known").exists()


@pytest.mark.parametrize("user", [None, "nobody", "leader"])
def test_read_report_keeps_nothing_for_who_may_not(report_loaded, leader, user):
    with pytest.raises(CommandError):
        run("read_report", SEED, save=True, user=user)
    assert not ReportReading.objects.exists()


@pytest.mark.parametrize(
    ("name", "content"), [("a.exe", b"x"), ("a.txt", b""), ("a.txt", b"hello")]
)
def test_what_cannot_be_read_says_why(db, tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    for command in ("read_report", "lint_report"):
        with pytest.raises(CommandError) as refused:
            run(command, path)
        assert name in str(refused.value)
    with pytest.raises(CommandError):
        run("read_report", tmp_path / "missing.txt")


def test_lint_report_ends_well_where_nothing_differs(report_loaded):
    assert "Findings: 0." in run("lint_report", SEED)


def test_lint_report_ends_with_1_and_lists_what_differs(report_loaded, tmp_path):
    draft = tmp_path / "draft.txt"
    words = SEED.read_text(encoding="utf-8")
    draft.write_text(words.replace("同比增长15.6%", "同比增长16.5%", 1), encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("lint_report", str(draft), stdout=out)
    assert ended.value.code == 1
    assert re.search("16.5.* ≠ 15.6", out.getvalue())
    with pytest.raises(SystemExit):
        call_command("lint_report", str(draft), json=True, stdout=(told := io.StringIO()))
    assert json.loads(told.getvalue())[0]["evidence"]["line"]
