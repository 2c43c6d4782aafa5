"""The cockpit's first page, the month: what was planned, what was done, who lags, what is in the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.core.paginator import Page
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Region, User
from accounts.permissions import in_bounds
from office.charts import Chart, address
from projects.list_month import Reporting
from projects.models import Light
from projects.obstacle_clock import overdue
from projects.permissions import visible_obstacles
from projects.projection import Outcome
from summaries import amounts, keeping, month_charts, month_reading
from summaries.cells import Progress
from summaries.month_charts import month_list
from summaries.month_reading import Choice, Reading
from summaries.outlook import Outlook, look_ahead
from summaries.ranking import RankBy, Ranked
from summaries.standings import Order, Rankings

FIRST = Order()


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the address of what it counts; `count` is how many rows stand there."""

    label: str
    value: str
    url: str
    unit: str = ""
    note: str = ""
    tone: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A department or region of a ranking with the figures of its cells."""

    place: int | None
    depth: int
    name: str
    cells: list[Figure]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """The page of a month; `waiting` changes have not been counted yet."""

    choice: Choice
    reading: Reading
    name: str
    headline: str
    cards: list[Figure]
    outlook: str
    ranked_by: RankBy
    ranking: list[Line]
    """A page of the departments in their order."""
    ranking_page: Page[int]
    own: list[Line]
    """The reader's own department, where it stands on another page."""
    progress: list[Chart]
    """The S-curve, completion against the schedule, month by month, lights by category."""
    departments: list[Chart]
    """Lights and completion of the leading departments that are shown."""
    place: Region | None
    """The region that was chosen; None for all that the reader sees."""
    places: list[Region]
    """The regions above the one chosen, the highest first, below the reader's own."""
    regions: list[Line]
    """A page of the regions next below, ranked; none where nothing lies below."""
    regions_page: Page[int]
    regional: list[Chart]
    """Lights of the regions that are shown."""
    refreshed_at: datetime | None
    waiting: int

    @property
    def month_query(self) -> str:
        """The address of the month, wherever it is of."""
        return urlencode({"year": self.choice.year, "month": self.choice.month})

    @property
    def region_query(self) -> str:
        """What is added to an address so that it stays with the region."""
        return "&" + urlencode({"region": self.place.code}) if self.place else ""

    @property
    def place_query(self) -> str:
        """The address of the month of this region."""
        return self.month_query + self.region_query

    @property
    def ranked_query(self) -> str:
        """The address of the month of this region in the order that it is shown in."""
        return f"{self.place_query}&{urlencode({'rank': self.ranked_by})}"


def read(
    choice: Choice,
    user: User,
    *,
    on: date,
    order: Order = FIRST,
    place: Region | None = None,
) -> Month:
    """Everything on the page, in a fixed number of queries and as much for any office; of a place
    within the reader's bounds, or of all that the reader sees.
    """
    year, month = choice.year, choice.month
    reading = month_reading.read(year, month, place or user.region)
    rankings = Rankings(choice, place or user.region, at=reading.refreshed_at, on=on)
    reading = replace(reading, region=place.code if place else "")
    obstacles = visible_obstacles(user).filter(overdue(on))
    if place is not None:
        obstacles = obstacles.filter(project__region__path__startswith=place.path)
    regions = rankings.regions(order.by, order.regions)
    departments, own = rankings.departments(
        order.by, order.departments, user.department.code if user.department else ""
    )
    ahead = None
    if reading.total.now.known:
        now = reading.total.now
        ahead = look_ahead(year, month, planned=now.planned, invested=now.known_ytd)
    return Month(
        choice=choice,
        reading=reading,
        name=month_name(year, month),
        headline=headline(reading.total),
        cards=_cards(choice, reading, obstacles.count(), on),
        outlook=outlook_words(ahead),
        ranked_by=order.by,
        ranking=department_lines(departments.lines, reading),
        ranking_page=departments.page,
        own=department_lines(own, reading),
        progress=[
            month_charts.s_curve(reading, ahead),
            month_charts.completion(reading),
            month_charts.by_month(reading),
            month_charts.lights_by_category(reading),
        ],
        departments=[
            month_charts.lights_by_department(reading, departments.lines),
            month_charts.ranking(reading, departments.lines),
        ],
        place=place,
        places=_above(place, user),
        regions=[
            _line(each, year, month, {"region": each.code} if each.code else None)
            for each in regions.lines
        ],
        regions_page=regions.page,
        regional=[month_charts.lights_by_region(reading, regions.lines)] if regions.count else [],
        refreshed_at=reading.refreshed_at,
        waiting=keeping.waiting(),
    )


def department_lines(ranked: Iterable[Ranked], reading: Reading) -> list[Line]:
    """Departments with figures that lead to the list of the reading's month and place."""
    return [
        _line(each, reading.year, reading.month, {**reading.asked, "department": each.code})
        for each in ranked
    ]


def month_name(year: int, month: int) -> str:
    """2024年9月, September 2024."""
    return date_format(date(year, month, 1), "YEAR_MONTH_FORMAT")


def headline(progress: Progress) -> str:
    """The month in one breath, to date; "" where the list of the month is empty."""
    now = progress.now
    if not now.entries:
        return ""
    values = {
        "month": month_name(progress.year, progress.month),
        "count": now.entries,
        "planned": amounts.yi_with_unit(now.planned if now.with_plan else None),
        "completed": amounts.yi_with_unit(now.invested_ytd if now.figures else None),
        "rate": amounts.percent(now.completion.percent),
        "schedule": amounts.percent(now.schedule.percent),
        "gap": gap_words(now.schedule_gap),
        "missing": now.missing,
        "due": now.due,
    }
    if not now.figures:
        return (
            _(
                "At the end of %(month)s the list holds %(count)s key projects with %(planned)s"
                " planned for the year; no figure of the month is in force yet."
            )
            % values
        )
    words = _(
        "At the end of %(month)s the list holds %(count)s key projects with %(planned)s planned for"
        " the year; %(completed)s are completed, a completion rate of %(rate)s; the on-schedule rate"
        " is %(schedule)s, %(gap)s."
    )
    if now.missing:
        words = _(
            "At the end of %(month)s the list holds %(count)s key projects with %(planned)s planned"
            " for the year; %(completed)s are completed, a completion rate of %(rate)s; the"
            " on-schedule rate is %(schedule)s, %(gap)s. %(missing)s of the %(due)s projects asked"
            " have no figure in force; the rates are those of the others."
        )
    return words % values


def gap_words(gap: Decimal | None) -> str:
    """By how much the schedule is missed or passed, in words."""
    shown = amounts.rounded(gap)
    if shown is None:
        return _("without a schedule to compare with")
    if not shown:
        return _("just on schedule")
    values = {"points": abs(shown)}
    if shown < 0:
        return _("%(points)s percentage points behind schedule") % values
    return _("%(points)s percentage points ahead of schedule") % values


def outlook_words(ahead: Outlook | None) -> str:
    """Where the pace leads by December and when it reaches the plan; "" where there is no pace."""
    if ahead is None:
        return ""
    values = {
        "december": amounts.yi_with_unit(ahead.december),
        "share": amounts.percent(ahead.december * 100 / ahead.planned),
        "finish": ahead.projection.finish.isoformat() if ahead.projection.finish else "",
        "days": abs(ahead.days_late or 0),
        "needed": amounts.yi_with_unit(ahead.pace.needed),
        "months": ahead.pace.months,
        "so_far": amounts.yi_with_unit(ahead.pace.so_far),
    }
    if ahead.projection.outcome is Outcome.PASSED:
        return _("The year's plan has been reached.")
    if ahead.projection.outcome is not Outcome.PROJECTED:
        return _("At this pace the year's plan is not reached.")
    if not ahead.days_late or ahead.days_late < 0:
        return _("At the pace so far the year's plan is reached on %(finish)s.") % values
    sentence = _(
        "At the pace so far %(december)s will be completed by the end of December, %(share)s of the"
        " plan; the plan would be reached on %(finish)s, %(days)s days late."
    )
    if ahead.pace.months:
        sentence = _(
            "At the pace so far %(december)s will be completed by the end of December, %(share)s of"
            " the plan; the plan would be reached on %(finish)s, %(days)s days late. To reach it in"
            " time takes %(needed)s in each of the %(months)s months left; so far it was %(so_far)s."
        )
    return sentence % values


def _above(place: Region | None, user: User) -> list[Region]:
    """The regions above a place and below the reader's own, which is all that they see, the highest first."""
    if place is None:
        return []
    above = Region.objects.at_or_above(place).filter(in_bounds(user, "pk")).order_by("path")
    return list(above.exclude(pk__in=(place.pk, user.region_id)))


def _cards(choice: Choice, reading: Reading, obstacles: int, on: date) -> list[Figure]:
    progress, asked = reading.total, reading.asked
    now, year, month = progress.now, choice.year, choice.month
    everything = month_list(year, month, **asked)
    figures = month_list(year, month, **asked, reporting=Reporting.FIGURES)
    unit = pgettext("short unit", "100m yuan")
    change = progress.completion_change
    late = now.overdue(due_on=choice.period.due_on, on=on)
    return [
        Figure(_("Projects"), str(now.entries), everything, count=now.entries),
        Figure(
            _("Planned of the year"),
            amounts.yi(now.planned if now.with_plan else None),
            everything,
            unit=unit,
            note=_of(now.with_plan, now.entries),
            count=now.entries,
        ),
        Figure(
            _("Completed to date"),
            amounts.yi(now.invested_ytd if now.figures else None),
            figures,
            unit=unit,
            note=_of(now.figures, now.due),
            count=now.figures,
        ),
        Figure(
            _("Completion rate"),
            amounts.percent(now.completion.percent),
            figures,
            note=_fraction(now.invested_ytd, now.figures_planned) + _versus(change),
            count=now.figures,
        ),
        Figure(
            _("On-schedule rate"),
            amounts.percent(now.schedule.percent),
            figures,
            note=_fraction(now.invested_ytd, now.figures_planned_ytd),
            tone="bad" if (now.schedule_gap or 0) < 0 else "good",
            count=now.figures,
        ),
        *(
            Figure(
                month_charts.light_label(light),
                str(now.lights[light]),
                month_list(year, month, **asked, light=light),
                unit=pgettext("unit of a chart", "projects"),
                tone=f"light-{light}",
                count=now.lights[light],
            )
            for light in (Light.RED, Light.YELLOW, Light.GREEN)
        ),
        Figure(
            _("Reports submitted"),
            f"{now.reported} / {now.due}",
            month_list(year, month, **asked, reporting=Reporting.REPORTED),
            note=_("%(approved)s approved") % {"approved": now.approved},
            count=now.reported,
        ),
        Figure(
            _("Reports late"),
            str(late),
            month_list(year, month, **asked, reporting=Reporting.OVERDUE),
            note=_("%(count)s not submitted") % {"count": now.unreported},
            tone="warn" if late else "good",
            count=late,
        ),
        Figure(
            _("Obstacles overdue"),
            str(obstacles),
            address("projects:obstacle-list", overdue="yes", **asked),
            note=_("as of today"),
            tone="bad" if obstacles else "good",
            count=obstacles,
        ),
    ]


def _line(each: Ranked, year: int, month: int, asked: Mapping[str, str] | None) -> Line:
    """A line whose figures lead to the list that `asked` narrows; None where no list shows them."""
    now = each.progress.now

    def cell(label: str, value: object, count: int, tone: str = "", **query: object) -> Figure:
        url = "" if asked is None else month_list(year, month, **asked, **query)
        return Figure(label, str(value), url, tone=tone, count=count)

    figures = {"reporting": Reporting.FIGURES}
    return Line(
        each.place,
        each.depth,
        each.name,
        [
            cell(_("Projects"), now.entries, now.entries),
            cell(_("Planned"), amounts.yi(now.planned if now.with_plan else None), now.entries),
            cell(
                _("Invested"),
                amounts.yi(now.invested_ytd if now.figures else None),
                now.figures,
                **figures,
            ),
            cell(
                _("Completion rate"),
                amounts.percent(now.completion.percent),
                now.figures,
                **figures,
            ),
            cell(
                _("Gap (points)"),
                amounts.points(now.schedule_gap),
                now.figures,
                "bad" if (now.schedule_gap or 0) < 0 else "",
                **figures,
            ),
            cell(_("Red"), now.light_red, now.light_red, light=Light.RED),
            cell(_("Yellow"), now.light_yellow, now.light_yellow, light=Light.YELLOW),
            cell(_("Reported"), now.reported, now.reported, reporting=Reporting.REPORTED),
            cell(_("Late"), each.late, each.late, reporting=Reporting.OVERDUE),
        ],
        each.code,
    )


def _of(some: int, all_: int) -> str:
    """How many contributed, where not all did."""
    if some == all_:
        return ""
    return _("%(some)s of %(all)s projects") % {"some": some, "all": all_}


def _fraction(numerator: Decimal, denominator: Decimal) -> str:
    if not denominator:
        return ""
    return (
        f"{amounts.yi(numerator, amounts.HUNDREDTH)} / {amounts.yi(denominator, amounts.HUNDREDTH)}"
    )


def _versus(change: Decimal | None) -> str:
    if change is None:
        return ""
    return " · " + _("%(points)s points on last year") % {"points": amounts.points(change)}
