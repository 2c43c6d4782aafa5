"""The list of a year's plan entries."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import QueryDict

from accounts.models import User
from projects.filters import PlanFilter, plan_years
from projects.models import AnnualPlan, SavedView, Stage
from projects.permissions import visible_entries
from projects.tables import PlanTable
from projects.views.listing import ListPage


class PlanList(ListPage):
    """年度计划: without a query the latest year's entries in the order of the report."""

    filterset_class = PlanFilter
    table_class = PlanTable
    template_name = "projects/plan_list.html"
    page_name = SavedView.Page.PLANS

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

    def get_totals(self, queryset: QuerySet[AnnualPlan]) -> dict[str, Any]:
        stages = {
            f"{field}_{stage}": Count("pk", filter=Q(**{field: stage}))
            for field in ("goal", "result")
            for stage in Stage.values
        }
        found = queryset.aggregate(
            count=Count("pk"),
            planned=Sum("planned_investment"),
            planned_of=Count("planned_investment"),
            **stages,
        )
        found["stages"] = [
            (field, stage, label, found[f"{field}_{stage}"])
            for field in ("goal", "result")
            for stage, label in Stage.choices
            if found[f"{field}_{stage}"]
        ]
        return found
