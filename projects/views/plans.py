"""The list of a year's plan entries."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import django_filters
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.http import QueryDict

from accounts.models import User
from office.keyset import Order
from projects.filters import PlanFilter, plan_years
from projects.models import AnnualPlan, ProgressReport, SavedView, Stage
from projects.orders import LATEST_ORDERS, PLAN_ORDERS, YEAR_ORDERS
from projects.permissions import may_keep_plans, visible_entries
from projects.tables import MonthPlanTable, PlanTable
from projects.views.listing import ListPage


class PlanList(ListPage):
    """年度计划: without a query the latest year's entries in the order of the report."""

    filterset_class = PlanFilter
    table_class: type[PlanTable] = PlanTable
    template_name = "projects/plan_list.html"
    page_name = SavedView.Page.PLANS
    orders = PLAN_ORDERS

    def get_queryset(self, user: User) -> QuerySet[AnnualPlan]:
        return visible_entries(user)

    def get_defaults(self, query: QueryDict) -> QueryDict:
        if query:
            return query
        years = plan_years()
        query = query.copy()
        if years:
            query["year"] = str(years[0])
        return query

    def get_links(self, user: User, query: QueryDict) -> dict[str, Any]:
        years = plan_years()
        if not years or not may_keep_plans(user):
            return {}
        asked = query.get("year", "")
        return {"adopt_year": next((year for year in years if str(year) == asked), years[0])}

    def get_orders(self, filterset: django_filters.FilterSet) -> Mapping[str, Order]:
        if filterset.of_month is not None:  # its figures are those of the month's reports
            return PLAN_ORDERS
        of_year = YEAR_ORDERS if filterset.form.cleaned_data["year"] else {}
        return PLAN_ORDERS | LATEST_ORDERS | of_year

    def get_table_class(self, filterset: django_filters.FilterSet) -> type[PlanTable]:
        return PlanTable if filterset.of_month is None else MonthPlanTable

    def with_parts(
        self, queryset: QuerySet[AnnualPlan], fields: Collection[str]
    ) -> QuerySet[AnnualPlan]:
        if "planned_year_then" not in fields:
            return queryset
        latest = ProgressReport.objects.filter(
            entry=OuterRef("pk"),
            year=OuterRef("year"),
            period__month=OuterRef("latest__month"),
        )
        return queryset.annotate(planned_year_then=Subquery(latest.values("planned_year")[:1]))

    def get_totals(self, queryset: QuerySet[AnnualPlan]) -> dict[str, Any]:
        planned, invested = self.table_class.AMOUNTS
        groups = list(
            queryset.order_by()
            .values_list("goal", "result")
            .annotate(Count("pk"), Sum(planned), Sum(invested), Count(invested))
        )
        counts: Counter[tuple[str, str]] = Counter()
        for goal, result, count, *_sums in groups:
            counts["goal", goal] += count
            counts["result", result] += count
        plans = [group[3] for group in groups if group[3] is not None]
        figures = [group[4] for group in groups if group[4] is not None]
        return {
            "count": sum(group[2] for group in groups),
            # Blank is not zero: where nobody states an amount there is no sum.
            "planned": sum(plans) if plans else None,
            "invested": sum(figures) if figures else None,
            "invested_of": sum(group[5] for group in groups),
            "stages": [
                (field, stage, label, counts[field, stage])
                for field in ("goal", "result")
                for stage, label in Stage.choices
                if counts[field, stage]
            ],
        }
