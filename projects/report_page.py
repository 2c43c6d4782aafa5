"""A monthly report in words: its figures beside last month's and those in force, its history."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import lights
from projects.comparing import Piece, compare
from projects.figures import Code, Known, month_figure
from projects.models import Light, ProgressReport, ReportEvent, ReportLight, ReportState, Status

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
"""What a step of the history may change."""

CONFIRMED = {Code.ABOVE_TOTAL: gettext_lazy("The figure above the total investment is right")}
"""What a reporter may confirm."""

STATUSES = dict(Status.choices)
LIGHTS = dict(Light.choices)
IN_WORDS = ("problems", "next_step", "correction")
PLACES = {"approved_physical_progress": 1, "physical_progress": 1}
FIGURES = ("invested_ytd", "physical_progress", "approved_invested_ytd", *PLACES)


@dataclass(frozen=True, slots=True)
class Line:
    """One value: what it was, what is reported, what is in force; "" where nothing is known.

    `before` is None where there is nothing to compare; what is planned differs as it should.
    """

    label: str
    before: str | None
    now: str
    in_force: str = ""
    is_planned: bool = False

    @property
    def differs(self) -> bool:
        """Whether it is not what it was."""
        return bool(self.before) and self.before != self.now and not self.is_planned

    @property
    def is_corrected(self) -> bool:
        """Whether another value is in force while this one is being corrected."""
        return bool(self.in_force) and self.in_force != self.now


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the history: who, when, what, and the values it changed."""

    number: int
    action: str
    by: str
    at: datetime
    note: str
    changes: list[tuple[str, str, str]]


def is_being_corrected(report: ProgressReport) -> bool:
    """Whether figures are in force that the report's own may replace."""
    return report.approved_invested_ytd is not None and report.state != ReportState.APPROVED


def figures(report: ProgressReport, beside: Known) -> list[Line]:
    """The report's figures beside the last approved month and beside what is in force."""
    last, project = beside.last, report.entry.project
    year = last if last is not None and last.year == report.period.year else None
    planned_year, planned = report.planned_year, report.planned_ytd
    invested, known = report.invested_ytd, is_being_corrected(report)
    in_force = report.approved_invested_ytd if known else None
    changes_project = _changes_project(report, beside)
    return [
        Line(_("Planned for the year"), None, written(planned_year, 2), is_planned=True),
        Line(
            _("Planned, year to date"),
            written(year.planned_ytd if year else None, 2),
            written(planned, 2),
            is_planned=True,
        ),
        Line(
            str(LABELS["invested_ytd"]),
            written(year.invested_ytd if year else None, 2),
            written(invested, 2),
            written(in_force, 2),
        ),
        Line(
            _("This month"),
            None,
            written(month_figure(report.period.year, invested, last), 2),
            written(month_figure(report.period.year, in_force, last), 2),
        ),
        Line(
            _("Completion of the year's plan (%)"),
            None,
            written(lights.completion_rate(invested, planned_year), 2),
            written(lights.completion_rate(in_force, planned_year), 2),
        ),
        Line(
            _("Schedule gap (percentage points)"),
            None,
            written(lights.schedule_gap(invested, planned, planned_year), 2),
            written(lights.schedule_gap(in_force, planned, planned_year), 2),
        ),
        Line(
            str(LABELS["physical_progress"]),
            written(last.physical_progress if last else None, 1),
            written(report.physical_progress, 1),
            written(report.approved_physical_progress if known else None, 1),
        ),
        Line(
            str(LABELS["status"]),
            _status_before(report, beside),
            _status(report.status),
            _status(report.approved_status) if known else "",
        ),
        *(
            Line(
                str(LABELS[name]),
                written(getattr(project, name)) if changes_project else None,
                written(getattr(report, name)),
            )
            for name in ("started_on", "completed_on")
        ),
    ]


def words(report: ProgressReport, beside: Known) -> list[tuple[str, list[Piece]]]:
    """What the report says in words; the narrative with its differences to last month."""
    before = beside.last.narrative if beside.last else ""
    said = [(str(LABELS["narrative"]), compare(before, report.narrative))]
    said += [(str(LABELS[name]), [Piece(getattr(report, name))]) for name in IN_WORDS]
    return [(label, pieces) for label, pieces in said if any(piece.text for piece in pieces)]


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


def written(value: object, places: int = 0) -> str:
    """A figure (to so many decimal places) or a day as a page shows it; "" where there is none."""
    if isinstance(value, Decimal):
        return f"{value:,.{places}f}"
    return "" if value is None else str(value)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """In the order of LABELS: PostgreSQL keeps no order of what is stored as JSON."""
    for name, label in LABELS.items():
        if name in after:
            yield str(label), _said(name, before.get(name)), _said(name, after[name])


def _said(name: str, value: Any) -> str:
    """A stored value as the history shows it."""
    if name in ("status", "approved_status"):
        return _status(value)
    if name == "judged":
        return str(LIGHTS.get(value, ""))
    if name == "confirmed":
        return "; ".join(str(CONFIRMED.get(code, code)) for code in value or ())
    if name in FIGURES and value is not None:
        return written(Decimal(value), PLACES.get(name, 2))
    return "" if value is None else str(value)


def _changes_project(report: ProgressReport, beside: Known) -> bool:
    """Whether approval would bring status and dates to the project: not of a month that is settled
    or that a later one has overtaken.
    """
    return report.state != ReportState.APPROVED and beside.following is None


def _status_before(report: ProgressReport, beside: Known) -> str | None:
    if beside.last is not None and beside.last.status:
        return _status(beside.last.status)
    return _status(report.entry.project.status) if _changes_project(report, beside) else None


def _status(value: str | None) -> str:
    return str(STATUSES[value]) if value else ""
