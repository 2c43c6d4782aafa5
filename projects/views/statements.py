"""The amounts and the counts that the report states."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from projects.models import PlanStatement, StatedAmount


@require_safe
def statement_list(request: HttpRequest) -> HttpResponse:
    """Investment, funding and contracts of a year, and the stated numbers of projects."""
    years = sorted(
        set(StatedAmount.objects.values_list("year", flat=True).distinct())
        | set(PlanStatement.objects.values_list("year", flat=True).distinct()),
        reverse=True,
    )
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else (years[0] if years else 0)
    kind = request.GET.get("kind", "")
    amounts = StatedAmount.objects.filter(year=year).select_related("sentence__document")
    if kind in StatedAmount.Kind.values:
        amounts = amounts.filter(kind=kind)
    context = {
        "years": years,
        "year": year,
        "kind": kind,
        "kinds": StatedAmount.Kind.choices,
        "amounts": amounts,
        "counts": PlanStatement.objects.filter(year=year).select_related("sentence__document"),
    }
    return render(request, "projects/statement_list.html", context)
