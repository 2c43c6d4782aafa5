"""An indicator's page: its years side by side, what was measured, who entered it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indicators import scoreboard
from indicators.models import Indicator, Observation, ObservationChange
from indicators.permissions import may_keep_indicators, visible_indicators


@require_safe
def indicator_detail(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """The indicator in all its years; the address's year is the one that was asked for."""
    visible = visible_indicators(request.user).select_related(  # type: ignore[arg-type]
        "parent", "department", "renamed_from"
    )
    indicator: Indicator = get_object_or_404(visible, code=code)
    entries = scoreboard.history(indicator)
    if year not in {entry.year for entry in entries if entry.indicator == indicator}:
        raise Http404
    changes = ObservationChange.objects.filter(observation__indicator=indicator)
    named = changes.select_related("observation", "by__department")
    context = {
        "indicator": indicator,
        "year": year,
        "entries": entries,
        "figures": scoreboard.part_figures(indicator),
        "parts": indicator.parts.filter(targets__year=year),
        "parent": visible.filter(parts=indicator, targets__year=year).first(),
        "renamed_to": indicator.renamed_to.all(),
        "has_target": any(e.row and e.year == year and e.indicator == indicator for e in entries),
        "revised": [(e.year, each) for e in entries if e.row for each in e.row.revisions],
        "changes": [(change, _fields(change)) for change in named],
        "yes_no": _("yes,no"),
        "may_keep": may_keep_indicators(request.user),  # type: ignore[arg-type]
        "crumbs": [
            (_("Indicators"), reverse("indicators:latest")),
            (year, reverse("indicators:year", args=[year])),
        ],
    }
    return render(request, "indicators/detail.html", context)


def _fields(change: ObservationChange) -> list[tuple[str, str, str]]:
    """What a change changed: the field's name, its words before and after."""
    statuses = dict(Observation.Status.choices)
    labels = {field.name: str(field.verbose_name) for field in Observation._meta.fields}
    fields = []
    for name, new in change.after.items():
        old = change.before.get(name, "")
        if name == "status":
            old, new = str(statuses.get(old, old)), str(statuses.get(new, new))
        fields.append((labels[name], old, new))
    return fields
