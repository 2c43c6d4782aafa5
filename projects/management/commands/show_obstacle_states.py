"""Print docs/obstacle-states.md from the table of steps: `manage.py show_obstacle_states`."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation

from projects.clearing import TRANSITIONS, Actor
from projects.models import ObstacleLevel
from projects.obstacle_clock import CLOCK

WHO = {
    Actor.SYSTEM: "the clock",
    Actor.RAISER: "the project's department",
    Actor.RESPONSIBLE: "the department that has to clear it",
    Actor.OFFICE: "the scheduling office",
}


def lines() -> Iterator[str]:
    """The page, line by line, in English."""
    yield "# The life of an obstacle"
    yield ""
    yield "Printed by `manage.py show_obstacle_states` from `projects/clearing.py`; a test compares."
    yield "The scheduling office may take every department's steps as well."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for (state, action), transition in TRANSITIONS.items():
        yield f"    {state or '[*]'} --> {transition.to}: {action}"
    yield "```"
    yield ""
    yield "| from | step | to | taken by | note |"
    yield "|---|---|---|---|---|"
    for (state, action), transition in TRANSITIONS.items():
        who = ", ".join(WHO[actor] for actor in transition.actors)
        note = "required" if transition.needs_note else ""
        start = state.label if state else "—"
        yield f"| {start} | {action.label} | {transition.to.label} | {who} | {note} |"
    yield ""
    yield "| level | days before it climbs |"
    yield "|---|---|"
    for level in ObstacleLevel:
        yield f"| {level.label} | {CLOCK.get(level, '—')} |"
    yield ""
    yield "The clock of a level starts when the obstacle comes to it, when it is moved to another"
    yield "department and when it is opened again. A reply does not stop it; clearing does. The clock"
    yield "gives no note, climbs one level at a time and skips none, however late the job runs."


class Command(BaseCommand):
    help = "Print the page docs/obstacle-states.md from the table of steps."

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            for line in lines():
                self.stdout.write(line)
