"""Entering a year's result."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indicators import recording
from indicators.forms import ObservationForm
from indicators.models import Area, Observation
from indicators.permissions import may_keep_indicators, visible_indicators


@require_http_methods(["GET", "HEAD", "POST"])
def observation_edit(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """Enter or correct the district's result of an indicator that has a target in the year."""
    visible = visible_indicators(request.user).filter(targets__year=year)  # type: ignore[arg-type]
    indicator = get_object_or_404(visible, code=code)
    if not may_keep_indicators(request.user):  # type: ignore[arg-type]
        raise PermissionDenied
    annual = Observation.objects.filter(year=year, month=None, area=Area.DISTRICT)
    found = annual.filter(indicator=indicator).first()
    instance = found or Observation(indicator=indicator, year=year)
    form = ObservationForm(request.POST or None, instance=instance)
    if form.is_valid():
        recording.record(indicator, year, form.cleaned_data, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The result was saved."))
        return redirect("indicators:detail", year, code)
    target = indicator.targets.get(year=year)
    crumbs = [
        (_("Indicators"), reverse("indicators:latest")),
        (year, reverse("indicators:year", args=[year])),
        (indicator.name, reverse("indicators:detail", args=[year, code])),
    ]
    context = {"indicator": indicator, "year": year, "target": target, "form": form}
    return render(request, "indicators/observation_edit.html", {**context, "crumbs": crumbs})
