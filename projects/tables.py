"""Columns of the lists of plan entries and of projects."""

from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from office.tables import (
    Address,
    Cell,
    ChoiceColumn,
    DayColumn,
    LeanColumn,
    LeanTable,
    NumberColumn,
    RatioColumn,
    Row,
    link,
)
from projects.models import (
    AnnualPlan,
    Category,
    Level,
    Light,
    Project,
    ReportState,
    Stage,
    Status,
)
from projects.models.source import sentence_address


class NameColumn(LeanColumn):
    """A project's name, leading to its page."""

    css = "wrap"

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code = code

    def cell(self) -> Cell:
        page = Address("projects:project-detail")
        return lambda value, row: link(page.of(row[self.code]), value)


class StageColumn(ChoiceColumn):
    """A stage or status; sorts in the order of a project's life, not of its spelling."""

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        accessor = str(self.accessor)
        place = Case(
            *[
                When(**{accessor: status}, then=Value(number))
                for number, status in enumerate(Status)
            ],
            default=Value(-1),
            output_field=IntegerField(),
        )
        return queryset.order_by(place.desc() if is_descending else place.asc(), "pk"), True


class CitationColumn(LeanColumn):
    """The table that names the entry, leading to its sentence in the report."""

    css = "nowrap"

    def cell(self) -> Cell:
        plain, page = super().cell(), Address("projects:source-detail")

        def citation(value: str, row: Row) -> Any:
            number = row["sentence__number"]
            if number is None:
                return plain(value, row)
            document = page.of(row["sentence__document__code"])
            return link(sentence_address(document, number, row["quote"]), value, "cite")

        return citation


class QuestionColumn(NumberColumn):
    """How many open data questions a project has; nothing where there are none."""

    def cell(self) -> Cell:
        page = reverse("projects:question-list")
        return lambda value, row: link(f"{page}?project={row['code']}", value) if value else ""


class PlanTable(LeanTable):
    """Entries of the years' lists."""

    name = NameColumn(
        accessor="cited_name",
        code="project__code",
        order_by=("project__name_sort", "year"),
        width=36,
        verbose_name=_("Project"),
    )
    code = LeanColumn(
        accessor="project__code", imported_as=_("Project code"), verbose_name=_("Code")
    )
    year = LeanColumn(imported_as=_("Year"), width=8, verbose_name=_("Year"))
    level = ChoiceColumn(
        choices=Level.choices, badge="level", imported_as=_("Level"), verbose_name=_("Level")
    )
    category = ChoiceColumn(
        choices=Category.choices, imported_as=_("Category"), verbose_name=_("Category")
    )
    sector = LeanColumn(imported_as=_("Sector"), verbose_name=_("Sector"))
    heading = LeanColumn(verbose_name=_("Heading in the table"))
    goal = StageColumn(
        accessor="goal",
        choices=Stage.choices,
        badge="goal",
        imported_as=_("Goal of the year"),
        verbose_name=_("Goal"),
    )
    result = StageColumn(
        accessor="result",
        choices=Stage.choices,
        badge="result",
        verbose_name=pgettext_lazy("of a project", "Result"),
    )
    status = StageColumn(
        accessor="project__status",
        choices=Status.choices,
        badge="status",
        verbose_name=_("Status"),
    )
    department = LeanColumn(
        accessor="project__department__name",
        order_by=("project__department__path",),
        width=24,
        verbose_name=_("Department"),
    )
    planned_investment = NumberColumn(
        places=0,
        imported_as=_("Planned investment (10,000 yuan)"),
        verbose_name=_("Planned investment (10,000 yuan)"),
    )
    invested_before = NumberColumn(
        places=0,
        imported_as=_("Invested to the end of last year (10,000 yuan)"),
        verbose_name=_("Invested before (10,000 yuan)"),
    )
    total_investment = NumberColumn(
        accessor="project__total_investment",
        places=0,
        verbose_name=_("Total investment (10,000 yuan)"),
    )
    light = ChoiceColumn(
        accessor="latest__light", choices=Light.choices, badge="light", verbose_name=_("Light")
    )
    streak = NumberColumn(
        accessor="latest__streak", is_count=True, verbose_name=_("Months in this light")
    )
    reported_month = NumberColumn(
        accessor="latest__month", is_count=True, verbose_name=_("Reported to month")
    )
    invested = NumberColumn(
        accessor="latest__invested_ytd", verbose_name=_("Invested, year to date (10,000 yuan)")
    )
    completion_rate = RatioColumn(
        accessor="latest__completion_rate",
        places=1,
        parts=("latest__invested_ytd", "planned_year_then"),
        verbose_name=_("Completion rate (%)"),
    )
    on_schedule_rate = RatioColumn(
        accessor="latest__on_schedule_rate",
        places=1,
        parts=("latest__invested_ytd", "latest__planned_ytd"),
        verbose_name=_("On-schedule rate (%)"),
    )
    gap = NumberColumn(
        accessor="latest__gap", places=1, verbose_name=_("Schedule gap (percentage points)")
    )
    source = CitationColumn(
        accessor="table", order_by=("year", "table", "position"), verbose_name=_("Source")
    )

    DEFAULT: tuple[str, ...] = (
        "name",
        "year",
        "category",
        "goal",
        "result",
        "status",
        "department",
        "planned_investment",
        "completion_rate",
        "light",
        "source",
    )
    AMOUNTS = ("planned_investment", "latest__invested_ytd")
    """What the list sums: the year's plan, and what has been invested of it."""

    class Meta:
        model = AnnualPlan
        fields = ()
        keys = ("code", "year")
        row_fields = (
            "project__code",
            "quote",
            "sentence__number",
            "sentence__document__code",
        )


class MonthPlanTable(PlanTable):
    """Entries of a year's list with what a month's reports say of them (list_month.py)."""

    planned_investment = NumberColumn(
        accessor="month_planned",
        places=0,
        imported_as=_("Planned investment (10,000 yuan)"),
        verbose_name=_("Planned investment (10,000 yuan)"),
    )
    planned_to_date = NumberColumn(
        accessor="in_month__planned_ytd",
        verbose_name=_("Planned, year to date (10,000 yuan)"),
    )
    invested = NumberColumn(
        accessor="month_invested", verbose_name=_("Invested, year to date (10,000 yuan)")
    )
    completion_rate = RatioColumn(
        accessor="month_completion",
        places=1,
        parts=("month_invested", "in_month__planned_year"),
        verbose_name=_("Completion rate (%)"),
    )
    on_schedule_rate = RatioColumn(
        accessor="in_month__light__rate",
        places=1,
        parts=("in_month__approved_invested_ytd", "in_month__planned_ytd"),
        verbose_name=_("On-schedule rate (%)"),
    )
    gap = NumberColumn(
        accessor="in_month__light__gap",
        places=1,
        verbose_name=_("Schedule gap (percentage points)"),
    )
    light = ChoiceColumn(
        accessor="in_month__light__shown",
        choices=Light.choices,
        badge="light",
        verbose_name=_("Light"),
    )
    report = ChoiceColumn(
        accessor="in_month__state",
        choices=ReportState.choices,
        badge="report",
        verbose_name=_("Report of the month"),
    )
    submitted = DayColumn(
        accessor="in_month__first_submitted_on", verbose_name=_("First submitted on")
    )
    # Of the latest month only, not of any.
    streak: Any = None
    reported_month: Any = None

    DEFAULT = (
        "name",
        "category",
        "goal",
        "department",
        "planned_investment",
        "planned_to_date",
        "invested",
        "completion_rate",
        "gap",
        "light",
        "report",
    )
    AMOUNTS = ("month_planned", "month_invested")

    class Meta(PlanTable.Meta):
        pass


class ProjectTable(LeanTable):
    """Projects, whatever year they were listed in."""

    name = NameColumn(
        accessor="name",
        code="code",
        order_by=("name_sort",),
        imported_as=_("Project"),
        width=36,
        verbose_name=_("Project"),
    )
    code = LeanColumn(imported_as=_("Project code"), verbose_name=_("Code"))
    category = ChoiceColumn(
        choices=Category.choices, imported_as=_("Category"), verbose_name=_("Category")
    )
    sector = LeanColumn(imported_as=_("Sector"), verbose_name=_("Sector"))
    status = StageColumn(
        accessor="status", choices=Status.choices, badge="status", verbose_name=_("Status")
    )
    years = LeanColumn(orderable=False, verbose_name=_("In the plans of"))
    department = LeanColumn(
        accessor="department__name",
        order_by=("department__path",),
        imported_as=_("Responsible department"),
        width=24,
        verbose_name=_("Department"),
    )
    region = LeanColumn(
        accessor="region__name",
        order_by=("region__path",),
        imported_as=_("Region"),
        verbose_name=_("Region"),
    )
    owner_unit = LeanColumn(imported_as=_("Owner unit"), width=24, verbose_name=_("Owner unit"))
    leader = LeanColumn(imported_as=_("Responsible leader"), verbose_name=_("Responsible leader"))
    total_investment = NumberColumn(
        places=0,
        imported_as=_("Total investment (10,000 yuan)"),
        verbose_name=_("Total investment (10,000 yuan)"),
    )
    started_on = DayColumn(verbose_name=_("Started on"))
    completed_on = DayColumn(verbose_name=_("Completed on"))
    light = ChoiceColumn(
        accessor="light", choices=Light.choices, badge="light", verbose_name=_("Light")
    )
    questions = QuestionColumn(
        accessor="open_questions", is_count=True, verbose_name=_("Questions")
    )

    DEFAULT = (
        "name",
        "code",
        "category",
        "sector",
        "status",
        "years",
        "department",
        "light",
        "questions",
    )

    class Meta:
        model = Project
        fields = ()
        keys = ("code",)
        row_fields = ("code",)
        virtual_fields = ("years",)
