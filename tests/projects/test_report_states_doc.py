"""docs/report-states.md is what the table of steps prints."""

from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import translation

from projects.management.commands import show_report_states
from projects.models import ReportState
from projects.workflow import OWNERS, TRANSITIONS, Actor


def printed() -> str:
    page = StringIO()
    call_command("show_report_states", stdout=page)
    return page.getvalue()


def test_the_page_of_the_docs_is_what_the_table_prints():
    page = Path(settings.BASE_DIR) / "docs" / "report-states.md"
    assert page.read_text(encoding="utf-8") == printed()


def test_every_state_has_an_owner_and_every_actor_has_words():
    assert set(OWNERS) == set(ReportState)
    assert set(show_report_states.WHO) == set(Actor)


def test_the_page_has_every_step_in_the_diagram_and_in_the_table():
    text = printed()
    with translation.override("en"):
        for (state, action), transition in TRANSITIONS.items():
            assert f"    {state} --> {transition.to}: {action}\n" in text
            row = next(
                line
                for line in text.splitlines()
                if line.startswith(f"| {state.label} | {action.label} | {transition.to.label} |")
            )
            assert ("required" in row) == transition.needs_note


def test_the_page_is_printed_in_english_whatever_the_reader_s_language():
    with translation.override("zh-hans"):
        assert "| Draft | Submit | Submitted |" in printed()
