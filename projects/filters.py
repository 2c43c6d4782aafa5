"""What the lists of plan entries and of projects can be narrowed by."""

import copy
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department, Region, TreeNode, User
from accounts.permissions import in_bounds, nameable_departments, naming_bounds
from office import filtering
from office.clock import today
from office.filtering import ChoiceFilter
from office.keyset import Among
from office.memory import remembered
from projects.colouring import long_red
from projects.list_month import Reporting, condition, in_month, light_shown
from projects.models import (
    AnnualPlan,
    Category,
    DataQuestion,
    LatestFigures,
    Level,
    Light,
    Project,
    ProjectList,
    Stage,
    Status,
)
from projects.search import matching, matching_entries

NOT_STATED = "none"
YES, NO = "yes", "no"


class StatedChoiceFilter(ChoiceFilter):
    """A choice that can also ask for the rows where nothing is stated."""

    def __init__(self, *args: Any, choices: Iterable[tuple[Any, Any]], **kwargs: Any) -> None:
        stated = [(value, label) for value, label in choices if value]
        super().__init__(*args, choices=[*stated, (NOT_STATED, _("Not stated"))], **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == NOT_STATED:
            return qs.filter(**{self.field_name: ""})
        return super().filter(qs, value)


class StoredChoiceFilter(ChoiceFilter):
    """A choice among what the database holds, under the name that `options` is remembered by."""

    def __init__(
        self, *args: Any, options: Callable[[], list[tuple[str, str]]], name: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, choices=partial(remembered, name, options), **kwargs)


class BranchFilter(ChoiceFilter):
    """A node of a tree, by its code; finds what belongs to it or to anything below it.

    With `or_none` it can also ask for what belongs to no node.
    """

    def __init__(
        self, *args: Any, tree: type[TreeNode], or_none: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, choices=self.offered, **kwargs)
        self.tree = tree
        self.or_none = or_none

    def offered(self, reader: User | None = None) -> list[tuple[str, Any]]:
        """The nodes that this reader may name, and none of them where that may be asked for."""
        bounds = None
        if reader is not None:
            bounds = naming_bounds(reader) if self.tree is Department else reader.region
        place = f":{bounds.pk}" if bounds else ""
        name = f"{self.tree._meta.label_lower}{place}"
        nodes = remembered(name, partial(self.nodes, reader if place else None))
        return [*nodes, (NOT_STATED, _("Not stated"))] if self.or_none else nodes

    def nodes(self, reader: User | None) -> list[tuple[str, str]]:
        """Codes and names, indented by how deep they lie."""
        found = self.tree.objects.offered()
        if reader is not None and self.tree is Department:
            found = nameable_departments(reader).offered()
        elif reader is not None:
            found = found.filter(in_bounds(reader, "pk"))
        rows = found.values_list("code", "name", "path")
        return [(code, "　" * (path.count("/") - 2) + name) for code, name, path in rows]

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        if self.or_none and value == NOT_STATED:
            return qs.filter(**{f"{self.field_name}__isnull": True})
        path = self.tree._default_manager.values_list("path", flat=True).get(code=value)
        return qs.filter(**{f"{self.field_name}__path__startswith": path})


class FilterSet(filtering.FilterSet):
    """A set of filters whose trees end where the reader's work does."""

    @property
    def form(self) -> forms.Form:
        """The form; to whoever works for a region its trees offer that region, and departments of
        it and of those above; to a reporting officer such departments of their department's region.
        """
        is_made = hasattr(self, "_form")
        form: forms.Form = super().form
        reader = getattr(self.request, "user", None)
        bounds = None if is_made or reader is None else naming_bounds(reader)
        if reader is None or bounds is None:
            return form
        # What is written for one region's people is not for another's to read.
        place = f"{bounds.pk}:{reader.region_id or ''}"
        form.shared_name = f"{form.shared_name}:{place}"  # type: ignore[attr-defined]
        for name, declared in self.filters.items():
            if isinstance(declared, BranchFilter):
                own = form.fields[name] = copy.deepcopy(form.fields[name])
                own.choices = declared.offered(reader)  # type: ignore[attr-defined]
        return form


class MoneyFilter(filters.NumberFilter):
    """A bound of an amount in 万元, no longer than such an amount can be."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_digits=16, decimal_places=2, **kwargs)


def sectors(model: type[Project] | type[AnnualPlan]) -> list[tuple[str, str]]:
    """The sectors in use, for the filter's select."""
    found = model._default_manager.exclude(sector="").order_by("sector")
    return [(sector, sector) for sector in found.values_list("sector", flat=True).distinct()]


def project_sectors() -> list[tuple[str, str]]:
    """The sectors that projects are in."""
    return sectors(Project)


def plan_sectors() -> list[tuple[str, str]]:
    """The sectors that plan entries are in."""
    return sectors(AnnualPlan)


def plan_years() -> list[int]:
    """The years that have plan entries, the latest first."""
    found = AnnualPlan.objects.order_by("-year").values_list("year", flat=True).distinct()
    return remembered("plan-years", lambda: list(found))


def year_options() -> list[tuple[str, str]]:
    """The years that have plan entries, for the filter's select."""
    return [(str(year), str(year)) for year in plan_years()]


def list_options() -> list[tuple[str, str]]:
    """The lists that projects are entered in besides the year's plan."""
    return list(ProjectList.objects.values_list("code", "name"))


def listed(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Projects as lists show them: with how many questions are open, and the light of the latest plan."""
    open_questions = (
        DataQuestion.objects.filter(project=OuterRef("pk"), state=DataQuestion.State.OPEN)
        .order_by()
        .values("project")
        .annotate(count=Count("pk"))
        .values("count")
    )
    latest = LatestFigures.objects.filter(entry__project=OuterRef("pk"))
    return projects.annotate(
        open_questions=Coalesce(Subquery(open_questions), 0),
        light=Subquery(latest.order_by("-entry__year").values("light")[:1]),
    )


class ProjectFilter(FilterSet):
    """Filters of the project list, whose rows are `listed`."""

    q = filters.CharFilter(method="search", label=_("Name, code or pinyin"))
    category = StatedChoiceFilter(choices=Category.choices, label=_("Category"))
    sector = StoredChoiceFilter(options=project_sectors, name="project-sectors", label=_("Sector"))
    status = StatedChoiceFilter(choices=Status.choices, label=_("Status"))
    department = BranchFilter(tree=Department, label=_("Department"))
    region = BranchFilter(tree=Region, label=_("Region"))
    in_list = StoredChoiceFilter(
        field_name="lists__code", options=list_options, name="lists", label=_("List")
    )
    year = StoredChoiceFilter(
        field_name="entries__year", options=year_options, name="years", label=_("In the plan of")
    )
    investment_min = MoneyFilter(
        field_name="total_investment",
        lookup_expr="gte",
        label=_("Total investment from (10,000 yuan)"),
    )
    investment_max = MoneyFilter(
        field_name="total_investment",
        lookup_expr="lte",
        label=_("Total investment to (10,000 yuan)"),
    )
    light = ChoiceFilter(choices=Light.choices, label=_("Light of the latest plan"))
    questioned = ChoiceFilter(
        choices=[(YES, _("With open questions"))],
        method="with_questions",
        label=_("Data questions"),
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def search(self, queryset: QuerySet[Project], name: str, value: str) -> QuerySet[Project]:
        return queryset.filter(matching(value))

    def with_questions(
        self, queryset: QuerySet[Project], name: str, value: str
    ) -> QuerySet[Project]:
        questions = DataQuestion.objects.filter(
            project=OuterRef("pk"), state=DataQuestion.State.OPEN
        )
        return queryset.filter(Exists(questions))


class PlanFilterForm(forms.Form):
    """What is asked of a month needs the month, and a month needs its year."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reporting") and not data.get("month"):
            raise ValidationError(_("Choose the month whose reports are meant."))
        if data.get("light") == NOT_STATED and not data.get("month"):
            raise ValidationError(_("Choose the month that has no light."))
        if data.get("month") and not data.get("year"):
            raise ValidationError(_("Choose the year of the month."))
        return data


class PlanFilter(FilterSet):
    """Filters of the list of plan entries.

    With a month the list is that of the month: the entries that had entered the plan by then, with
    that month's light and report (list_month.py).
    """

    q = filters.CharFilter(method="search", label=_("Name, code or pinyin"))
    year = StoredChoiceFilter(options=year_options, name="years", label=_("Year"))
    month = ChoiceFilter(
        choices=[(str(month), str(month)) for month in range(1, 13)],
        method="as_it_is",
        label=_("As of month"),
    )
    reporting = ChoiceFilter(
        choices=Reporting.choices, method="as_reported", label=_("Report of the month")
    )
    level = StatedChoiceFilter(choices=Level.choices, label=_("Level"))
    category = ChoiceFilter(choices=Category.choices, label=_("Category"))
    sector = StoredChoiceFilter(options=plan_sectors, name="plan-sectors", label=_("Sector"))
    goal = StatedChoiceFilter(choices=Stage.choices, label=_("Goal"))
    result = StatedChoiceFilter(
        choices=Stage.choices, label=pgettext_lazy("of a project", "Result")
    )
    status = StatedChoiceFilter(
        field_name="project__status", choices=Status.choices, label=_("Status")
    )
    department = BranchFilter(
        field_name="project__department", tree=Department, or_none=True, label=_("Department")
    )
    region = BranchFilter(field_name="project__region", tree=Region, label=_("Region"))
    light = ChoiceFilter(
        choices=[*Light.choices, (NOT_STATED, _("Not judged yet"))],
        method="in_light",
        label=_("Light"),
    )
    long_red = ChoiceFilter(
        choices=[(YES, _("Red for too long"))], method="red_for_long", label=_("Long red")
    )
    carried = ChoiceFilter(
        choices=[(YES, _("Carried over")), (NO, _("New in the list"))],
        method="carried_over",
        label=_("From last year"),
    )
    investment_min = MoneyFilter(
        field_name="planned_investment",
        lookup_expr="gte",
        label=_("Planned investment from (10,000 yuan)"),
    )
    investment_max = MoneyFilter(
        field_name="planned_investment",
        lookup_expr="lte",
        label=_("Planned investment to (10,000 yuan)"),
    )

    class Meta:
        model = AnnualPlan
        fields: list[str] = []
        form = PlanFilterForm

    among: int | None = None
    """Of how many projects the entries are, where a search has found the projects first."""

    @property
    def of_month(self) -> tuple[int, int] | None:
        """Year and month that the list is of; None for the list as it is now. Of a valid filter."""
        data = self.form.cleaned_data
        return (int(data["year"]), int(data["month"])) if data["month"] else None

    def filter_queryset(self, queryset: QuerySet[AnnualPlan]) -> QuerySet[AnnualPlan]:
        if self.of_month is not None:
            known = self.form.cleaned_data["reporting"] == Reporting.KNOWN
            queryset = in_month(queryset, *self.of_month, known=known)
        return super().filter_queryset(queryset)

    def search(self, queryset: QuerySet[AnnualPlan], name: str, value: str) -> QuerySet[AnnualPlan]:
        condition = matching_entries(value)
        self.among = condition.number if isinstance(condition, Among) else None
        return queryset.filter(condition)

    def as_it_is(
        self, queryset: QuerySet[AnnualPlan], name: str, value: str
    ) -> QuerySet[AnnualPlan]:
        return queryset

    def as_reported(
        self, queryset: QuerySet[AnnualPlan], name: str, value: str
    ) -> QuerySet[AnnualPlan]:
        return queryset.filter(condition(Reporting(value), on=today()))

    def in_light(
        self, queryset: QuerySet[AnnualPlan], name: str, value: str
    ) -> QuerySet[AnnualPlan]:
        if self.of_month is None:
            return queryset.filter(latest__light=value)
        return queryset.filter(light_shown("" if value == NOT_STATED else value))

    def red_for_long(
        self, queryset: QuerySet[AnnualPlan], name: str, value: str
    ) -> QuerySet[AnnualPlan]:
        return queryset.filter(long_red(today()))

    def carried_over(
        self, queryset: QuerySet[AnnualPlan], name: str, value: str
    ) -> QuerySet[AnnualPlan]:
        before = Exists(
            AnnualPlan.objects.filter(project=OuterRef("project"), year=OuterRef("year") - 1)
        )
        return queryset.filter(before if value == YES else ~Q(before))


class ChosenFilter(filters.BaseInFilter, filters.NumberFilter):
    """Rows by their keys, parted by commas."""

    LARGEST = 2**63 - 1
    """Of a key; a larger number is none, and no database takes it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_value=self.LARGEST, widget=forms.HiddenInput, **kwargs)


class AdoptionFilter(FilterSet):
    """Filters of the entries whose plan waits to be adopted."""

    q = filters.CharFilter(method="search", label=_("Name, code or pinyin"))
    department = BranchFilter(
        field_name="project__department", tree=Department, label=_("Department")
    )
    category = ChoiceFilter(choices=Category.choices, label=_("Category"))
    goal = StatedChoiceFilter(choices=Stage.choices, label=_("Goal"))
    entry = ChosenFilter(field_name="pk", lookup_expr="in", label=_("Chosen entries"))

    class Meta:
        model = AnnualPlan
        fields: list[str] = []

    def search(self, queryset: QuerySet[AnnualPlan], name: str, value: str) -> QuerySet[AnnualPlan]:
        return queryset.filter(matching_entries(value))
