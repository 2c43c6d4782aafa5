"""What the lists of plan entries and of projects can be narrowed by."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Region
from projects.models import (
    AnnualPlan,
    Category,
    DataQuestion,
    Level,
    Project,
    ProjectList,
    Stage,
    Status,
)
from projects.search import matching

NOT_STATED = "none"


def _or_not_stated(choices: Any) -> list[tuple[str, Any]]:
    """The choices and one more for the rows where the field is blank."""
    return [*choices, (NOT_STATED, _("Not stated"))]


class StatedChoiceFilter(filters.ChoiceFilter):
    """A choice that can also ask for the rows where nothing is stated."""

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=_or_not_stated(choices), empty_label=_("All"), **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == NOT_STATED:
            return qs.filter(**{self.field_name: ""})
        return super().filter(qs, value)


class BranchFilter(filters.ModelChoiceFilter):
    """A node of a tree; finds what belongs to it or to anything below it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_label=_("All"), **kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value is None:
            return qs
        return qs.filter(**{f"{self.field_name}__path__startswith": value.path})


class TreeChoiceField(forms.ModelChoiceField):
    """Shows how deep a node lies."""

    def label_from_instance(self, obj: Any) -> str:
        return "　" * (obj.path.count("/") - 2) + obj.name


BranchFilter.field_class = TreeChoiceField


class ProjectFilter(filters.FilterSet):
    """Filters of the project list."""

    q = filters.CharFilter(method="search", label=_("Name, code or pinyin"))
    category = StatedChoiceFilter(choices=Category.choices, label=_("Category"))
    sector = filters.ChoiceFilter(label=_("Sector"), empty_label=_("All"))
    status = StatedChoiceFilter(
        choices=[choice for choice in Status.choices if choice[0]], label=_("Status")
    )
    department = BranchFilter(
        queryset=Department.objects.all(), to_field_name="code", label=_("Department")
    )
    region = BranchFilter(queryset=Region.objects.all(), to_field_name="code", label=_("Region"))
    in_list = filters.ModelChoiceFilter(
        field_name="lists",
        queryset=ProjectList.objects.all(),
        to_field_name="code",
        empty_label=_("All"),
        label=_("List"),
    )
    year = filters.NumberFilter(
        field_name="entries__year", label=_("In the plan of"), min_value=1990, max_value=2100
    )
    investment_min = filters.NumberFilter(
        field_name="total_investment",
        lookup_expr="gte",
        label=_("Total investment from (10,000 yuan)"),
    )
    investment_max = filters.NumberFilter(
        field_name="total_investment",
        lookup_expr="lte",
        label=_("Total investment to (10,000 yuan)"),
    )
    questioned = filters.ChoiceFilter(
        choices=[("yes", _("With open questions"))],
        method="with_questions",
        label=_("Data questions"),
        empty_label=_("All"),
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["sector"].extra["choices"] = [(s, s) for s in sectors(Project)]

    def search(self, queryset: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return queryset.filter(matching(value))

    def with_questions(
        self, queryset: QuerySet[Project], name: str, value: str
    ) -> QuerySet[Project]:
        return queryset.filter(
            Exists(
                DataQuestion.objects.filter(project=OuterRef("pk"), state=DataQuestion.State.OPEN)
            )
        )


class PlanFilter(filters.FilterSet):
    """Filters of the list of plan entries."""

    q = filters.CharFilter(method="search", label=_("Name, code or pinyin"))
    year = filters.ChoiceFilter(label=_("Year"), empty_label=_("All"))
    level = StatedChoiceFilter(choices=Level.choices, label=_("Level"))
    category = filters.ChoiceFilter(
        choices=Category.choices, label=_("Category"), empty_label=_("All")
    )
    sector = filters.ChoiceFilter(label=_("Sector"), empty_label=_("All"))
    goal = StatedChoiceFilter(choices=Stage.choices, label=_("Goal"))
    result = StatedChoiceFilter(choices=Stage.choices, label=_("Result"))
    status = StatedChoiceFilter(
        field_name="project__status",
        choices=[choice for choice in Status.choices if choice[0]],
        label=_("Status"),
    )
    department = BranchFilter(
        field_name="project__department",
        queryset=Department.objects.all(),
        to_field_name="code",
        label=_("Department"),
    )
    region = BranchFilter(
        field_name="project__region",
        queryset=Region.objects.all(),
        to_field_name="code",
        label=_("Region"),
    )
    carried = filters.ChoiceFilter(
        choices=[("yes", _("Carried over")), ("no", _("New in the list"))],
        method="carried_over",
        label=_("From last year"),
        empty_label=_("All"),
    )
    investment_min = filters.NumberFilter(
        field_name="planned_investment",
        lookup_expr="gte",
        label=_("Planned investment from (10,000 yuan)"),
    )
    investment_max = filters.NumberFilter(
        field_name="planned_investment",
        lookup_expr="lte",
        label=_("Planned investment to (10,000 yuan)"),
    )

    class Meta:
        model = AnnualPlan
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["sector"].extra["choices"] = [(s, s) for s in sectors(AnnualPlan)]
        self.filters["year"].extra["choices"] = [(str(y), str(y)) for y in plan_years()]

    def search(self, queryset: QuerySet[AnnualPlan], name: str, value: str) -> QuerySet[AnnualPlan]:
        return queryset.filter(matching(value, "project__"))

    def carried_over(
        self, queryset: QuerySet[AnnualPlan], name: str, value: str
    ) -> QuerySet[AnnualPlan]:
        before = Exists(
            AnnualPlan.objects.filter(project=OuterRef("project"), year=OuterRef("year") - 1)
        )
        return queryset.filter(before if value == "yes" else ~Q(before))


def sectors(model: type[Project] | type[AnnualPlan]) -> list[str]:
    """The sectors in use, for the filter's select."""
    found = model._default_manager.exclude(sector="").order_by("sector")
    return list(found.values_list("sector", flat=True).distinct())


def plan_years() -> list[int]:
    """The years that have plan entries, the latest first."""
    found = AnnualPlan.objects.order_by("-year").values_list("year", flat=True)
    return list(found.distinct())
