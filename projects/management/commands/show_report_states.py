"""Print docs/report-states.md from the table of steps: `manage.py show_report_states`."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from projects.models import ReportAction, ReportState
from projects.workflow import OWNERS, TRANSITIONS, Actor

WHO = {
    Actor.SYSTEM: "the clock",
    Actor.MAKER: "who may report for the project's department",
    Actor.CHECKER: "a reviewer who had no hand in the figures",
    Actor.REVIEWER: "a reviewer",
}


def lines() -> Iterator[str]:
    """The page, line by line, in English."""
    yield "# The life of a monthly report"
    yield ""
    yield "Printed by `manage.py show_report_states` from `projects/workflow.py`; a test compares."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for state in ReportState:
        yield f"    {state}: {state.label}"
    yield f"    [*] --> {ReportState.NOT_DUE}"
    for (state, action), transition in TRANSITIONS.items():
        yield f"    {state} --> {transition.to}: {action}"
    yield "```"
    yield ""
    yield "| from | step | to | taken by | note | figures |"
    yield "|---|---|---|---|---|---|"
    for (state, action), transition in TRANSITIONS.items():
        note = "required" if transition.needs_note else "—"
        figures = "change" if transition.edits else "stay"
        yield (
            f"| {state.label} | {action.label} | {transition.to.label}"
            f" | {WHO[transition.actor]} | {note} | {figures} |"
        )
    yield ""
    yield "| state | whose turn it is |"
    yield "|---|---|"
    for state in ReportState:
        yield f"| {state.label} | {WHO[OWNERS[state]]} |"
    yield ""
    yield "A report exists from the day its plan is adopted. The clock asks for it when the round opens,"
    yield "and in the month in which the project enters the plan."
    yield ""
    yield "Maker is never checker: who has saved or submitted a report since it was last approved does not"
    yield "approve it, whatever their role. In a locked round nobody takes a step unless the round was"
    yield "reopened for the project's department. While a reopened report is corrected, the figures that"
    yield "were approved stay in force."
    yield ""
    yield f"“{ReportAction.JUDGE.label}” is no step of this table: it may be taken in any state once the month has a"
    yield "light, and leaves the report's state and figures as they are."


class Command(BaseCommand):
    help = "Print the page docs/report-states.md from the table of steps."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            for line in lines():
                self.stdout.write(line)
