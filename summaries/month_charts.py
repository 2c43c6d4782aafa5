"""Charts of a month: what was planned and invested by month, and the lights; each mark leads to its list."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from office.charts import Cell, Chart
from projects.list_month import Reporting
from projects.models import Category, Light
from projects.projection import MONTHS
from summaries import amounts
from summaries.cells import Rate, Sums
from summaries.charts import NOT_STATED
from summaries.month_reading import Reading
from summaries.outlook import Outlook
from summaries.ranking import Ranked

LIGHTS = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY, "")
"""From what needs looking at to what does not; "" is a month without a light."""


def month_list(year: int, month: int, **query: object) -> str:
    """The address of the list of a month; a page has hundreds of them."""
    more = "".join(f"&{name}={quote(str(value))}" for name, value in query.items())
    return f"{_plan_list()}?year={year}&month={month}{more}"


@cache
def _plan_list() -> str:
    return reverse("projects:plan-list")


def completion(reading: Reading) -> Chart:
    """完成率 by month: the schedule, this year, last year; in percent of each year's plan."""
    year = reading.year

    def rate(year: int, month: int, of: Rate, reporting: Reporting | str) -> Cell:
        shown = amounts.rounded(of.percent)
        query = {"reporting": reporting} if reporting else {}
        url = month_list(year, month, **reading.asked, **query)
        return shown, amounts.percent(of.percent), url

    def row(month: int) -> tuple[str, str, list[Cell]]:
        now, before = reading.of(year, month), reading.of(year - 1, month)
        return (
            str(month),
            "",
            [
                rate(year, month, Rate(now.planned_ytd, now.planned), ""),
                rate(year, month, now.completion, Reporting.FIGURES)
                if now.figures and month <= reading.month
                else _gap(),
                rate(year - 1, month, before.completion, Reporting.FIGURES)
                if before.figures
                else _gap(),
            ][: _columns(reading)],
        )

    return Chart(
        title=_("Completion rate against the schedule, %(year)s") % {"year": year},
        kind="line",
        axis=_("Month"),
        series=[
            (_("Schedule"), "unjudged"),
            (str(year), "municipal"),
            (str(year - 1), "4"),
        ][: _columns(reading)],
        rows=[row(month) for month in range(1, MONTHS + 1)],
        unit="%",
        dashed=(0,),
        note=_(
            "Cumulated from January. The rates of a month are those of the projects with an approved"
            " figure of it; the schedule is that of all."
        ),
    )


def by_month(reading: Reading) -> Chart:
    """What each month added, beside its plan and the same month of last year; 亿元."""
    year = reading.year

    def added(year: int, month: int) -> Cell:
        now, before = reading.of(year, month), _before(reading, year, month)
        if not now.known or (year, month) > (reading.year, reading.month):
            return _gap()
        amount = now.known_ytd - before.known_ytd
        return _amount(reading, amount, year, month, Reporting.KNOWN)

    def planned(month: int) -> Cell:
        now, before = reading.of(year, month), _before(reading, year, month)
        return _amount(reading, now.planned_ytd - before.planned_ytd, year, month)

    return Chart(
        title=_("Investment of each month, %(year)s") % {"year": year},
        kind="bar",
        axis=_("Month"),
        series=[
            (_("Planned"), "6"),
            (_("Invested"), "municipal"),
            (_("Same month of %(year)s") % {"year": year - 1}, "4"),
        ][: _columns(reading)],
        rows=[
            (
                str(month),
                "",
                [planned(month), added(year, month), added(year - 1, month)][: _columns(reading)],
            )
            for month in range(1, MONTHS + 1)
        ],
        unit=_("100 million yuan"),
        note=_(
            "The difference to the month before; a project that has not reported counts with its"
            " last figure."
        ),
    )


def s_curve(reading: Reading, ahead: Outlook | None) -> Chart:
    """The year cumulated: the plan, what has been invested, and where that pace leads; 亿元."""
    year = reading.year

    def row(month: int) -> tuple[str, str, list[Cell]]:
        now = reading.of(year, month)
        projected = ahead.curve.get(month) if ahead else None
        return (
            str(month),
            "",
            [
                _amount(reading, now.planned_ytd, year, month) if now.entries else _gap(),
                _amount(reading, now.known_ytd, year, month, Reporting.KNOWN)
                if now.known and month <= reading.month
                else _gap(),
                _gap()
                if projected is None
                else (amounts.in_yi(projected), amounts.yi(projected, amounts.HUNDREDTH), ""),
            ],
        )

    return Chart(
        title=_("Planned, invested and projected, %(year)s") % {"year": year},
        kind="line",
        axis=_("Month"),
        series=[
            (_("Planned to date"), "unjudged"),
            (_("Invested to date"), "municipal"),
            (_("At the pace so far"), "pending"),
        ],
        rows=[row(month) for month in range(1, MONTHS + 1)],
        unit=_("100 million yuan"),
        dashed=(0, 2),
        note=_(
            "A project that has not reported counts with its last figure; what nobody has reported"
            " yet counts as nothing, and the pace is carried on evenly."
        ),
    )


def lights_by_category(reading: Reading) -> Chart:
    """How many entries by category and the light of the month."""
    rows = [
        (str(label), {"category": category}, reading.categories[category].now)
        for category, label in Category.choices
        if category in reading.categories
    ]
    return _lights(_("Lights by category"), _("Category"), reading, rows)


def lights_by_department(reading: Reading, ranked: Iterable[Ranked]) -> Chart:
    """How many entries by leading department (units below it included) and the light of the month."""
    rows = [
        (each.name, {"department": each.code}, each.progress.now)
        for each in ranked
        if not each.depth
    ]
    return _lights(_("Lights by department"), _("Department"), reading, rows)


def lights_by_region(reading: Reading, ranked: Iterable[Ranked]) -> Chart:
    """How many entries by region next below and the light of the month."""
    rows = [(each.name, {"region": each.code}, each.progress.now) for each in ranked if each.code]
    return _lights(_("Lights by region"), _("Region"), reading, rows)


def ranking(reading: Reading, ranked: Iterable[Ranked]) -> Chart:
    """The completion rate of each leading department, in the order of the ranking."""

    def cell(each: Ranked) -> Cell:
        rate = each.progress.now.completion.percent
        url = month_list(
            reading.year,
            reading.month,
            **reading.asked,
            department=each.code,
            reporting=Reporting.FIGURES,
        )
        return amounts.rounded(rate), amounts.percent(rate), url

    return Chart(
        title=_("Completion rate by department"),
        kind="bar",
        axis=_("Department"),
        series=[(_("Completion rate"), "municipal")],
        rows=[(each.name, "", [cell(each)]) for each in ranked if not each.depth],
        unit="%",
        horizontal=True,
    )


def _lights(
    title: str, axis: str, reading: Reading, rows: list[tuple[str, dict[str, str], Sums]]
) -> Chart:
    shown = [light for light in LIGHTS if any(sums.lights[light] for *_key, sums in rows)]

    def cell(light: str, query: dict[str, str], sums: Sums) -> Cell:
        count = sums.lights[light]
        query = {**reading.asked, **query}
        url = month_list(reading.year, reading.month, **query, light=light or NOT_STATED)
        return count, str(count), url

    return Chart(
        title=title,
        kind="bar",
        axis=axis,
        series=[(light_label(light), f"light-{light or 'unknown'}") for light in shown],
        rows=[
            (label, "", [cell(light, query, sums) for light in shown])
            for label, query, sums in rows
        ],
        unit=pgettext("unit of a chart", "projects"),
        stacked=True,
        horizontal=True,
    )


def light_label(light: str) -> str:
    """The word of a light; "" is a month without one."""
    return str(Light(light).label) if light else _("Not judged yet")


def _columns(reading: Reading) -> int:
    """The plan, this year and last year; without last year where nothing is known of it."""
    known = any(
        sums.known for (year, _month), sums in reading.months.items() if year < reading.year
    )
    return 3 if known else 2


def _before(reading: Reading, year: int, month: int) -> Sums:
    return reading.of(year, month - 1)


def _amount(
    reading: Reading, amount: Decimal, year: int, month: int, reporting: Reporting | str = ""
) -> Cell:
    query = {"reporting": reporting} if reporting else {}
    url = month_list(year, month, **reading.asked, **query)
    return amounts.in_yi(amount), amounts.yi(amount, amounts.HUNDREDTH), url


def _gap() -> Cell:
    return None, amounts.MISSING, ""
