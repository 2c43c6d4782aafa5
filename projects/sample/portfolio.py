"""A year of any size for trying and measuring: an invented country, its projects, their reports.

Everything is written as it would stand there: plans by the season with their adoption, reports that
come late or not at all, lights by the rule, latest figures, obstacles in all their states. **Reports
and obstacles have no histories**: nobody took these steps, and ten million of them would say nothing.
verify_audit therefore finds every generated month and obstacle without its steps; the plans it finds
in order, and what people do afterwards is chained as always. Rows are streamed in handfuls of
entries, so that memory does not grow.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Department, Region, User
from office.row_stream import Loader, Row, Table, reset_counters
from projects import colouring, schedule
from projects.models import (
    AnnualPlan,
    LatestFigures,
    Level,
    LightRule,
    Obstacle,
    ObstacleLevel,
    ObstacleState,
    PlanRevision,
    ProgressReport,
    Project,
    ReportingPeriod,
    ReportLight,
    Stage,
)
from projects.sample import adoptions, country, courses, project_names, words
from projects.sample.adoptions import Adopter
from projects.sample.courses import Course, Courses
from projects.sample.population import Population

AT_ONCE = 2000
"""So many entries are written in one transaction."""
LEAST, ENTRIES_OF_A_DEPARTMENT, MOST_DEPARTMENTS = 8, 25, 40
GOALS = {Stage.ACCELERATED: 45, Stage.STARTED: 25, Stage.COMPLETED: 22, Stage.PREPARATION: 8}
ONE_IN = 16
"""One project in so many has an obstacle."""


class PortfolioError(Exception):
    """The portfolio cannot be made here; the message says why."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made: the first `months` rounds of the year have opened, the last is open still."""

    entries: int
    months: int
    regions: int

    @property
    def departments(self) -> int:
        """How many departments a county has: more where it has more to do."""
        wanted = self.entries // self.regions // ENTRIES_OF_A_DEPARTMENT
        return min(max(wanted, LEAST), MOST_DEPARTMENTS)


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: how many rows, and a digest of every one of them."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with its project: what is drawn for it before its rows are written."""

    number: int
    serial: int
    county: int
    office: int
    category: str
    sector: str
    goal: str
    level: str
    name: project_names.Name
    millions: int
    """The year's plan in 百万元."""
    total: int
    course: Course


def generate(size: Size, *, year: int, seed: int, at: datetime) -> Made:
    """Make a portfolio in a site that has no region, department or project yet.

    The cells of the year are not counted yet: see the command. The same size, year and seed give
    the same digest on any database. Raises PortfolioError where there are data already or the
    size cannot be.
    """
    _refuse(size)
    return _Writer(size, year, seed, at).write()


def _refuse(size: Size) -> None:
    if not 1 <= size.months <= 12 or size.regions < 1 or size.entries < size.regions:
        raise PortfolioError(_("A portfolio has 1 to 12 months and an entry for every region."))
    if size.regions > country.MOST_REGIONS:
        raise PortfolioError(
            _("There is room for %(most)s regions.") % {"most": country.MOST_REGIONS}
        )
    if any(model.objects.exists() for model in (Region, Department, Project, ReportingPeriod)):
        raise PortfolioError(
            _("There are data here already: a portfolio is made into an empty site.")
        )


class _Writer:
    """One portfolio while it is written."""

    def __init__(self, size: Size, year: int, seed: int, at: datetime) -> None:
        self.size, self.year, self.seed, self.at = size, year, seed, at
        self.loader = Loader()
        self.draw = random.Random(seed)
        self.people = Population(size.regions, size.departments)
        self.places, self.offices = self.people.places, self.people.offices
        self.named: Counter[str] = Counter()
        always = {"year": year}
        self.projects = Table(
            Project, PROJECT, {"description": f"{words.MARK}虚构项目，仅供演示。"}
        )
        self.entries = Table(AnnualPlan, ENTRY, {**always, "adopted_on": date(year, 1, 15)})
        self.adoptions = Table(PlanRevision, adoptions.COLUMNS, always)
        self.reports = Table(ProgressReport, (*REPORT, *courses.REPORT), always)
        self.lights = Table(ReportLight, ("report_id", "rule_id", *courses.LIGHT), always)
        self.latest = Table(LatestFigures, (*LATEST, *courses.LATEST), always)
        self.obstacles = Table(Obstacle, OBSTACLE, always)

    def write(self) -> Made:
        with transaction.atomic():
            reset_counters(NUMBERED)  # so that what the database numbers is the same each time
            rule = colouring.adopted_rules()[0]
            self._rounds()
            self.people.write(self.loader, year=self.year, at=self.at)
        adopted_at = datetime(self.year, 1, 15, 2, tzinfo=UTC)
        self.adopter = Adopter(
            User.objects.get(pk=self.people.checker_key), adopted_at.date(), adopted_at
        )
        self.first_project = self.projects.next_key()
        self.first_entry = self.entries.next_key()
        self.first_report = self.reports.next_key()
        self.courses = Courses(self.periods, self.size.months, rule, self.seed)
        for start in range(0, self.size.entries, AT_ONCE):
            with transaction.atomic():
                self._handful(start, min(start + AT_ONCE, self.size.entries), rule)
        reset_counters(NUMBERED)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        return Made(self.loader.rows, self.loader.digest.hexdigest())

    def _rounds(self) -> None:
        """The year's rounds: the last that has opened is open still, those before it are locked."""
        self.periods = schedule.ensure_periods(self.year)
        for period in self.periods[: self.size.months]:
            period.opened_at = _moment(period.opens_on)
            if period.month < self.size.months:
                period.locked_at = _moment(period.locks_on)
            period.save(update_fields=["opened_at", "locked_at"])

    def _handful(self, start: int, end: int, rule: LightRule) -> None:
        """A part of the entries with all that hangs on them."""
        told = [self._entry(number) for number in range(start, end)]
        load = self.loader.load
        load(self.projects, map(self._project_row, told))
        adopted = [self._adoption(entry) for entry in told]
        load(self.entries, map(self._entry_row, told, adopted))
        load(self.adoptions, map(adoptions.row, adopted))
        load(self.reports, (row for entry in told for row in self._report_rows(entry)))
        load(self.lights, (row for entry in told for row in self._light_rows(entry, rule.pk)))
        load(self.latest, (row for entry in told for row in self._latest_rows(entry)))
        load(self.obstacles, (row for entry in told for row in self._obstacle_rows(entry)))

    def _entry(self, number: int) -> Entry:
        """Draw an entry; those of a county stand together, and so do its numbers."""
        draw, size = self.draw, self.size
        county = number * size.regions // size.entries
        first = -(-county * size.entries // size.regions)
        office = county * size.departments + draw.randrange(size.departments)
        category = self.offices[office].category.value
        subject, sector = draw.choice(project_names.subjects(category))
        goal = draw.choices(list(GOALS), list(GOALS.values()))[0].value
        millions = max(2, int(draw.lognormvariate(4.2, 1.0)))
        serial = self.named[subject]
        self.named[subject] += 1
        return Entry(
            number=number,
            serial=number - first + 1,
            county=self.offices[office].county,
            office=office,
            category=category,
            sector=sector,
            goal=goal,
            level=(Level.MUNICIPAL if draw.random() < 0.25 else Level.DISTRICT).value,
            name=project_names.name_of(serial, subject),
            millions=millions,
            total=millions * draw.randrange(150, 600),
            course=self.courses.course(category, goal, draw.randrange(courses.VARIANTS)),
        )

    def _project_row(self, entry: Entry) -> Row:
        office, name = self.offices[entry.office], entry.name
        return (
            self.first_project + entry.number,
            f"{self.places[entry.county].code}-{entry.serial:04}",
            name.name,
            name.sort,
            name.pinyin,
            name.initials,
            entry.category,
            entry.sector,
            self.people.office_key + entry.office,
            self.people.place_key + entry.county,
            f"{office.name}建设有限公司",
            entry.total,
            *entry.course.project,
        )

    def _adoption(self, entry: Entry) -> PlanRevision:
        planned, course = Decimal(entry.millions * 100), entry.course
        months = [Decimal(entry.millions * month.planned).scaleb(-2) for month in course.months]
        key = self.first_entry + entry.number
        return self.adopter.adopt(key, planned, months, entry.goal, course.enters_in)

    def _entry_row(self, entry: Entry, adoption: PlanRevision) -> Row:
        return (
            self.first_entry + entry.number,
            self.first_project + entry.number,
            entry.name.name,
            entry.level,
            entry.category,
            entry.sector,
            entry.goal,
            entry.millions * 100,
            entry.number + 1,
            f"{words.MARK}表",
            entry.course.enters_in,
            "season",
            adoption.number,
            adoption.digest,
        )

    def _report_rows(self, entry: Entry) -> Iterator[Row]:
        key = self.first_report + entry.number * 12
        planned, amount = entry.millions * 100, entry.millions
        owner, maker = self.first_entry + entry.number, self.people.maker_key + entry.office
        for period, month in zip(self.periods, entry.course.months, strict=True):
            yield (
                key + period.month - 1,
                owner,
                period.pk,
                planned,
                _money(amount, month.planned),
                _money(amount, month.invested),
                _money(amount, month.approved),
                maker if month.is_handed_in else None,
                self.people.checker_key if month.is_looked_at else None,
                *month.report,
            )

    def _light_rows(self, entry: Entry, rule: int) -> Iterator[Row]:
        key = self.first_report + entry.number * 12
        for number, month in enumerate(entry.course.months):
            if month.light is not None:
                yield key + number, rule, *month.light

    def _latest_rows(self, entry: Entry) -> Iterator[Row]:
        course = entry.course
        if course.latest is not None:
            yield (
                self.first_entry + entry.number,
                _money(entry.millions, course.latest_planned),
                _money(entry.millions, course.latest_invested),
                *course.latest,
            )

    def _obstacle_rows(self, entry: Entry) -> Iterator[Row]:
        """One project in sixteen has an obstacle: open, answered or cleared, at one of the levels."""
        if entry.number % ONE_IN:
            return
        case = entry.number // ONE_IN
        kind, text = words.OBSTACLES[case % len(words.OBSTACLES)]
        state = list(ObstacleState)[case % 3]
        last = self.periods[self.size.months - 1].opens_on
        raised = last - timedelta(days=10 + case % 50)
        county = entry.office - entry.office % self.size.departments
        yield (
            self.first_project + entry.number,
            kind,
            words.MARK + text,
            list(ObstacleLevel)[case % 7 % 3].value,
            self.people.office_key + county + case % self.size.departments,
            raised + timedelta(days=20),
            state.value,
            self.people.maker_key + entry.office,
            raised,
            raised + timedelta(days=15),
            raised + timedelta(days=9) if state is ObstacleState.CLEARED else None,
        )


NUMBERED = (
    Region,
    Department,
    User,
    LightRule,
    ReportingPeriod,
    Project,
    AnnualPlan,
    PlanRevision,
    ProgressReport,
    Obstacle,
)
PROJECT = (
    "id",
    "code",
    "name",
    "name_sort",
    "name_pinyin",
    "name_initials",
    "category",
    "sector",
    "department_id",
    "region_id",
    "owner_unit",
    "total_investment",
    *courses.PROJECT,
)
ENTRY = (
    "id",
    "project_id",
    "cited_name",
    "level",
    "category",
    "sector",
    "goal",
    "planned_investment",
    "position",
    "table",
    "enters_in",
    "curve",
    "version",
    "head",
)
REPORT = (
    "id",
    "entry_id",
    "period_id",
    "planned_year",
    "planned_ytd",
    "invested_ytd",
    "approved_invested_ytd",
    "submitted_by_id",
    "reviewed_by_id",
)
LATEST = ("entry_id", "planned_ytd", "invested_ytd")
OBSTACLE = (
    "project_id",
    "kind",
    "text",
    "level",
    "responsible_id",
    "due_on",
    "state",
    "raised_by_id",
    "raised_on",
    "level_due_on",
    "cleared_on",
)


def _money(millions: int, share: int | None) -> str | None:
    """A share of a plan in 万元, exact: a hundredth of a percent of a million is 0.01 万元."""
    if share is None:
        return None
    amount = millions * share
    return f"{amount // 100}.{amount % 100:02d}"


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(0, 5)))
