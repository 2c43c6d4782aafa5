"""A monthly report in words: its figures beside last month's, its checks, its history."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import lights
from projects.figures import Known, Problem, check, month_figure
from projects.models import Light, ProgressReport, ReportEvent, ReportLight, Status
from projects.reporting import entered
from projects.reviewing import Piece, differences

LABELS = {
    "invested_ytd": gettext_lazy("Invested, year to date"),
    "physical_progress": gettext_lazy("Physical progress (%)"),
    "status": gettext_lazy("Status"),
    "started_on": gettext_lazy("Started on"),
    "completed_on": gettext_lazy("Completed on"),
    "narrative": gettext_lazy("Progress in words"),
    "problems": gettext_lazy("Problems"),
    "next_step": gettext_lazy("Next step"),
    "correction": gettext_lazy("Reason for a correction"),
    "confirmed": gettext_lazy("Confirmed"),
    "approved_invested_ytd": gettext_lazy("In force: invested, year to date"),
    "approved_physical_progress": gettext_lazy("In force: physical progress (%)"),
    "approved_status": gettext_lazy("In force: status"),
    "judged": gettext_lazy("Light judged"),
    "judged_reason": gettext_lazy("Reason of the judgement"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One value: what it was last month, what is reported, what is in force; "" where unknown."""

    label: str
    before: str
    now: str
    in_force: str = ""

    @property
    def differs(self) -> bool:
        """Whether it is not what it was."""
        return bool(self.before) and self.before != self.now


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the history: who, when, what, and the values it changed."""

    number: int
    action: str
    by: str
    at: datetime
    note: str
    changes: list[tuple[str, str, str]]


def figures(report: ProgressReport, beside: Known) -> list[Line]:
    """The report's figures beside the last approved month and what is in force."""
    last = beside.last
    same_year = last is not None and last.year == report.period.year
    project, in_correction = report.entry.project, report.state == "reopened"
    invested_before = last.invested_ytd if last is not None and same_year else None
    progress_before = last.physical_progress if last is not None else None
    return [
        Line(_("Planned for the year"), "", written(report.planned_year)),
        Line(_("Planned, year to date"), "", written(report.planned_ytd)),
        Line(
            str(LABELS["invested_ytd"]),
            written(invested_before),
            written(report.invested_ytd),
            written(report.approved_invested_ytd) if in_correction else "",
        ),
        Line(
            _("This month"),
            "",
            written(month_figure(report.period.year, report.invested_ytd, last)),
        ),
        Line(
            str(LABELS["physical_progress"]),
            written(progress_before),
            written(report.physical_progress),
            written(report.approved_physical_progress) if in_correction else "",
        ),
        Line(
            str(LABELS["status"]),
            project.get_status_display() if project.status else "",
            report.get_status_display() if report.status else "",
        ),
        Line(str(LABELS["started_on"]), written(project.started_on), written(report.started_on)),
        Line(
            str(LABELS["completed_on"]),
            written(project.completed_on),
            written(report.completed_on),
        ),
    ]


def words(report: ProgressReport, beside: Known) -> list[tuple[str, list[Piece]]]:
    """What the report says in words; the narrative with its differences to last month."""
    said = [(str(LABELS["narrative"]), list(differences(beside, report.narrative)))]
    for name in ("problems", "next_step", "correction"):
        if text := getattr(report, name):
            said.append((str(LABELS[name]), [Piece(text)]))
    return [line for line in said if line[1]]


def problems(report: ProgressReport, beside: Known) -> list[Problem]:
    """What the checks find; nothing of a report that nobody has touched."""
    return check(entered(report), beside) if report.version else []


def light_words(light: ReportLight) -> str:
    """Why a month's computed light is what it is."""
    return lights.explain(
        lights.Verdict(
            lights.Light(light.computed),
            lights.Reason(light.reason),
            light.gap,
            light.rate,
            light.start_late,
        )
    )


def events(report: ProgressReport) -> list[Step]:
    """The report's history, the latest step first."""
    return steps(report.events.select_related("by").order_by("-number"))


def steps(found: Iterable[ReportEvent]) -> list[Step]:
    """Steps with what they changed, in words."""
    return [
        Step(
            number=event.number,
            action=event.get_action_display(),
            by=str(event.by or _("The system")),
            at=event.at,
            note=event.note,
            changes=list(_changes(event.before, event.after)),
        )
        for event in found
    ]


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, value in after.items():
        if name in LABELS:
            yield str(LABELS[name]), _said(name, before.get(name)), _said(name, value)


def _said(name: str, value: Any) -> str:
    """A stored value as the history shows it."""
    if name in ("status", "approved_status"):
        return str(dict(Status.choices).get(value, "")) if value else ""
    if name == "judged":
        return str(dict(Light.choices).get(value, "")) if value else ""
    if isinstance(value, list):
        return "、".join(map(str, value))
    return "" if value is None else str(value)


def written(value: object) -> str:
    """A figure or a day as a page shows it; "" where there is none."""
    if isinstance(value, Decimal):
        text = f"{value:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else str(value)
