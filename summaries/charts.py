"""Charts of a year: every cell has its figure and the address of the rows behind it."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.evaluation import Verdict
from indicators.wording import VERDICTS
from office.charts import Cell, Chart, address
from projects.models import Category, Status
from summaries.figures import Indicators, Projects
from summaries.rollup import STAGES
from summaries.series import OUTLINES, Figure, Measured, Point

NOT_STATED = "none"


def entries_by_stage(year: int, projects: Projects) -> Chart:
    """A year's plan entries by category and result, or by goal while no result is stated."""
    basis = "result" if projects["results"] else "goal"
    counts: Counter[tuple[str, str]] = Counter()
    for group in projects["groups"]:
        stage = group["goal"] if basis == "goal" else group["result"]
        counts[group["category"], stage] += len(group["projects"])
    shown = [*STAGES, ""]
    stages = [stage for stage in shown if any(counts[each, stage] for each in Category)]

    def cell(category: str, stage: str) -> Cell:
        count = counts[category, stage]
        query = {"year": year, "category": category, basis: stage or NOT_STATED}
        return count, str(count), address("projects:plan-list", **query)

    title = _("Plan entries by category and goal, %(year)s")
    if basis == "result":
        title = _("Plan entries by category and result, %(year)s")
    return Chart(
        title=title % {"year": year},
        kind="bar",
        axis=_("Category"),
        series=[_series(stage, basis) for stage in stages],
        rows=[
            (str(label), "", [cell(category, stage) for stage in stages])
            for category, label in Category.choices
        ],
        unit=pgettext("unit of a chart", "projects"),
        stacked=True,
        horizontal=True,
    )


def projects_by_status(counts: Mapping[tuple[str, str], int]) -> Chart:
    """All projects by category and present status."""
    shown = [*(status.value for status in Status), ""]
    statuses = [each for each in shown if any(counts.get((c, each)) for c in Category.values)]

    def cell(category: str, status: str) -> Cell:
        count = counts.get((category, status), 0)
        query = {"category": category, "status": status or NOT_STATED}
        return count, str(count), address("projects:project-list", **query)

    return Chart(
        title=_("Projects by category and status"),
        kind="bar",
        axis=_("Category"),
        series=[_series(status, "status") for status in statuses],
        rows=[
            (str(label), "", [cell(category, status) for status in statuses])
            for category, label in Category.choices
        ],
        unit=pgettext("unit of a chart", "projects"),
        stacked=True,
        horizontal=True,
        note=_("All projects, whatever year listed them."),
    )


def verdicts(year: int, indicators: Indicators) -> Chart:
    """The year's counted targets by verdict."""
    url = reverse("indicators:year", args=[year])
    counts = {
        Verdict.MET: indicators["met"],
        Verdict.BELOW: indicators["below"],
        Verdict.PENDING: indicators["pending"],
        Verdict.UNJUDGED: indicators["unjudged"],
    }
    return Chart(
        title=_("Targets by verdict, %(year)s") % {"year": year},
        kind="pie",
        axis=_("Verdict"),
        series=[(_("Targets"), "")],
        rows=[
            (str(VERDICTS[verdict]), f"verdict-{verdict}", [(count, str(count), url)])
            for verdict, count in counts.items()
            if count
        ],
    )


def of_figure(figure: Figure) -> Chart:
    """A figure of the report: lines by month, or amounts as bars with their growth as a line beside.

    A point that nobody has recorded is a gap.
    """

    def cell(point: Point | None) -> Cell:
        return (None, "—", "") if point is None else (Decimal(point.value), point.text, point.url)

    outline = next(each for each in OUTLINES if each.number == figure.number)
    growth = [place for place, line in enumerate(outline.lines) if line.measured is Measured.GROWTH]
    title = figure.title
    if figure.by_month:
        title = _("%(title)s (%(year)s)") % {"title": figure.title, "year": figure.last_year}
    return Chart(
        title=title,
        kind="line" if figure.by_month else "bar",
        axis=_("From January to month") if figure.by_month else _("Year"),
        series=[
            (label, tone)
            for (label, _points), tone in zip(figure.lines, ("municipal", "4"), strict=True)
        ],
        rows=[
            (str(at), "", [cell(points[place]) for _label, points in figure.lines])
            for place, at in enumerate(figure.axis)
        ],
        on_right=tuple(growth),
        note=_(
            "%(known)s of %(total)s points are recorded; a dash is one that nobody has recorded yet."
        )
        % {"known": figure.known, "total": figure.total},
    )


def _series(value: str, kind: str) -> tuple[str, str]:
    label = str(Status(value).label) if value else _("Not stated")
    return label, f"{kind}-{value or 'unknown'}"
