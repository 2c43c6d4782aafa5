"""How the portfolio and a project stood, as pages show it: then, and where it differs now."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Department
from projects.as_of import Belongings, Month, Row, Standing, Values
from projects.lateness import days_late
from projects.models import (
    Funding,
    Light,
    Milestone,
    ObstacleLevel,
    ObstacleState,
    ReportState,
    Stage,
    Status,
)
from projects.report_page import written

MISSING = "—"
STATUSES, STAGES, LIGHTS, STATES = (
    dict(words.choices) for words in (Status, Stage, Light, ReportState)
)
SOURCES, KINDS = dict(Funding.Source.choices), dict(Milestone.Kind.choices)
OBSTACLE_STATES, LEVELS = dict(ObstacleState.choices), dict(ObstacleLevel.choices)


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: its words then and now, and the badge that each is shown with, if any."""

    label: str
    then: str
    now: str
    then_badge: str = ""
    now_badge: str = ""
    is_number: bool = False

    @property
    def has_changed(self) -> bool:
        """Whether it is another now."""
        return self.then != self.now


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells: what it is about, where that is found, its cells."""

    name: str
    cells: list[Cell]
    code: str = ""
    note: str = ""

    @property
    def has_changed(self) -> bool:
        """Whether any of its cells has."""
        return any(cell.has_changed for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Totals:
    """The rows taken together; money in 万元, None where nobody states any."""

    count: int
    changed: int
    planned: Decimal | None
    invested: Decimal | None
    reported: int
    lights: list[tuple[str, str, int]]


def line(row: Row) -> Line:
    """A plan entry in the list."""
    then, now = row.then, row.now
    project = row.entry.project
    return Line(
        row.entry.cited_name or project.name,
        [
            Cell(_("Department"), then.department or MISSING, now.department or MISSING),
            _badge(_("Status"), "status", STATUSES, then.status, now.status),
            _light(then.light, now.light),
            _figure(_("Planned investment"), then.planned, now.planned),
            _figure(_("Reported to month"), then.reported, now.reported, 0),
            _figure(_("Planned to date"), then.planned_ytd, now.planned_ytd),
            _figure(_("Invested, year to date"), then.invested_ytd, now.invested_ytd),
            _percent(_("Completion rate"), then.completion_rate, now.completion_rate),
            Cell(_("Reports approved"), _approved(then), _approved(now)),
            _badge(_("Latest report"), "report", STATES, then.state, now.state),
            _figure(_("Obstacles not cleared"), then.obstacles, now.obstacles, 0),
        ],
        code=project.code,
    )


def totals(rows: list[Row], lines: list[Line]) -> Totals:
    """The list taken together, as it stood."""
    planned = [row.then.planned for row in rows if row.then.planned is not None]
    invested = [row.then.invested_ytd for row in rows if row.then.invested_ytd is not None]
    counts = Counter(row.then.light for row in rows)
    return Totals(
        count=len(rows),
        changed=sum(each.has_changed for each in lines),
        planned=sum(planned, Decimal(0)) if planned else None,
        invested=sum(invested, Decimal(0)) if invested else None,
        reported=len(invested),
        lights=[
            (light, str(label), counts[light]) for light, label in LIGHTS.items() if counts[light]
        ],
    )


def facts(row: Row, *, is_listed: bool) -> list[Cell]:
    """What is said of a project, and of its year where a year's list names it."""
    then, now = row.then, row.now
    own = [
        _badge(_("Status"), "status", STATUSES, then.status, now.status),
        Cell(_("Started on"), _day(then.started_on), _day(now.started_on)),
        Cell(_("Completed on"), _day(then.completed_on), _day(now.completed_on)),
        Cell(_("Responsible department"), then.department or MISSING, now.department or MISSING),
    ]
    if not is_listed:
        return own
    return [
        *own,
        _badge(_("Goal"), "goal", STAGES, then.goal, now.goal),
        _figure(_("Planned investment"), then.planned, now.planned),
        Cell(_("Plan"), _adopted(then), _adopted(now)),
        _light(then.light, now.light),
        _figure(_("Reported to month"), then.reported, now.reported, 0),
        _figure(_("Planned to date"), then.planned_ytd, now.planned_ytd),
        _figure(_("Invested, year to date"), then.invested_ytd, now.invested_ytd),
        _percent(_("Completion rate"), then.completion_rate, now.completion_rate),
    ]


def months(row: Row) -> list[Line]:
    """A project's year, month by month; a month that had no report then is a dash."""
    known = {month.month: month for month in row.then.months}
    return [_month(known.get(month.month), month) for month in row.now.months]


def money(then: Belongings, now: Belongings) -> list[Line]:
    """Where a project's money came from and what had arrived."""
    return [
        Line(
            str(SOURCES.get(source, source)),
            [
                _figure(
                    words, _of(then.funding.get(source), name), _of(now.funding.get(source), name)
                )
                for name, words in (("amount", _("Amount")), ("arrived", _("Arrived")))
            ],
        )
        for source in sorted({*then.funding, *now.funding})
    ]


def nodes(then: Belongings, now: Belongings, *, day: date, on: date) -> list[Line]:
    """The nodes of a project's schedule, with their lateness on the day and today (`on`)."""
    found = {**now.milestones, **then.milestones}
    return [
        Line(
            values["name"],
            [
                Cell(words, _said(was, name), _said(becomes, name))
                for name, words in (("due_on", _("Due on")), ("done_on", _("Done on")))
            ]
            + [Cell(_("Days late"), _late(was, day), _late(becomes, on), is_number=True)],
            note=str(KINDS.get(values["kind"], "")),
        )
        for pk, values in sorted(found.items(), key=lambda item: item[1]["due_on"] or "9999")
        for was, becomes in [(then.milestones.get(pk), now.milestones.get(pk))]
    ]


def obstacles(then: Belongings, now: Belongings) -> list[Line]:
    """The obstacles that had been raised by then."""
    names = dict(Department.objects.values_list("code", "name"))
    return [
        Line(
            values["text"],
            [
                _choice(_("State"), OBSTACLE_STATES, values, becomes, "state"),
                _choice(_("Level"), LEVELS, values, becomes, "level"),
                _choice(_("To be cleared by"), names, values, becomes, "responsible"),
                Cell(_("To be cleared until"), values["due_on"], becomes["due_on"]),
            ],
        )
        for pk, values in then.obstacles.items()
        for becomes in [now.obstacles[pk]]
    ]


def _month(then: Month | None, now: Month) -> Line:
    was = then or Month(now.month, "", None, None, None, "")
    return Line(
        str(now.month),
        [
            _badge(_("State"), "report", STATES, was.state, now.state),
            _figure(_("Planned to date"), was.planned_ytd, now.planned_ytd),
            _figure(_("Invested, year to date"), was.invested_ytd, now.invested_ytd),
            _percent(_("Completion rate"), was.completion_rate, now.completion_rate),
            _figure(_("Gap (points)"), was.gap, now.gap),
            _light(was.light, now.light),
        ],
    )


def _badge(label: str, kind: str, words: Mapping[Any, Any], then: str, now: str) -> Cell:
    """A coded value; a status that nobody states has a badge of its own."""

    def css(value: str) -> str:
        return f"badge-{kind}-{value or 'unknown'}" if value or kind == "status" else ""

    unknown = _("Not stated") if kind == "status" else MISSING
    was, becomes = (str(words.get(value) or unknown) for value in (then, now))
    return Cell(label, was, becomes, css(then), css(now))


def _light(then: str, now: str) -> Cell:
    return _badge(_("Light"), "light", LIGHTS, then, now)


def _figure(label: str, then: object, now: object, places: int = 2) -> Cell:
    return Cell(
        label, written(then, places) or MISSING, written(now, places) or MISSING, is_number=True
    )


def _percent(label: str, then: Decimal | None, now: Decimal | None) -> Cell:
    was, becomes = (MISSING if value is None else f"{value:.2f}%" for value in (then, now))
    return Cell(label, was, becomes, is_number=True)


def _choice(label: str, words: Mapping[Any, Any], then: Values, now: Values, name: str) -> Cell:
    was, becomes = (str(words.get(values[name], values[name])) for values in (then, now))
    return Cell(label, was, becomes)


def _adopted(standing: Standing) -> str:
    if standing.is_adopted:
        return pgettext("state of a plan", "Adopted")
    return pgettext("state of a plan", "Not adopted yet")


def _approved(standing: Standing) -> str:
    if not standing.asked:
        return MISSING
    return _("%(approved)s of %(asked)s") % {
        "approved": standing.approved,
        "asked": len(standing.asked),
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else MISSING


def _of(values: Values | None, name: str) -> Any:
    return (values or {}).get(name)


def _said(values: Values | None, name: str) -> str:
    return str(_of(values, name) or MISSING)


def _late(values: Values | None, on: date) -> str:
    days = [_of(values, name) for name in ("due_on", "done_on")]
    due, done = (date.fromisoformat(day) if day else None for day in days)
    late = days_late(due, done, on=on)
    return MISSING if late is None else str(late)
