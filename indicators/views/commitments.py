"""A year's commitments: tables 2, 7 and 8 and the tasks, in the report's words, judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indicators import exports, scoreboard
from indicators.filters import CommitmentFilter
from indicators.models import Commitment
from indicators.permissions import visible_commitments
from indicators.rows import CommitmentRow
from indicators.views.filtering import active_filters
from office.clock import today
from office.file_answers import answer, format_asked


@dataclass(frozen=True, slots=True)
class Part:
    """The commitments of one kind under their headings, with the measures counted."""

    kind: str
    label: str
    total: int
    tally: scoreboard.MeasureTally
    headings: list[tuple[str, list[CommitmentRow]]]


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The latest year that has commitments."""
    years = scoreboard.commitment_years()
    if years:
        return redirect("indicators:commitment-list", years[0])
    return render(request, "indicators/none.html", {"heading": _("Commitments")})


@require_safe
def commitment_list(request: HttpRequest, year: int) -> HttpResponseBase:
    """The year's commitments by kind, narrowed by kind, heading, verdict and words."""
    listed = scoreboard.commitments(year)
    if not listed:
        raise Http404
    permitted = visible_commitments(request.user).filter(year=year)  # type: ignore[arg-type]
    filterset = CommitmentFilter(request.GET, permitted, listed=listed)
    valid = filterset.is_valid()
    codes = set(filterset.qs.values_list("code", flat=True)) if valid else set()
    shown = [row for row in listed if row.code in codes]
    kind = format_asked(request.GET)
    if valid and kind is not None:
        label = _("Commitments %(year)s") % {"year": year}
        columns = exports.commitment_columns_in_file()
        rows = exports.commitment_rows_in_file(shown)
        return answer(kind, columns, rows, label=label, on=today())
    context = {
        "year": year,
        "years": scoreboard.commitment_years(),
        "filter": filterset,
        "active": active_filters(filterset) if valid else [],
        "query": request.GET.urlencode(),
        "cards": [(part.label, part.total, f"?kind={part.kind}") for part in _parts(listed)],
        "parts": _parts(shown),
        "tally": scoreboard.measure_tally(shown),
        "total": len(shown),
    }
    return render(request, "indicators/commitment_list.html", context, status=200 if valid else 400)


def _parts(listed: Sequence[CommitmentRow]) -> list[Part]:
    parts = []
    for kind, members in groupby(listed, key=lambda row: row.kind):
        rows = list(members)
        headings = [(name, list(under)) for name, under in groupby(rows, lambda row: row.heading)]
        label = str(Commitment.Kind(kind).label)
        parts.append(Part(kind, label, len(rows), scoreboard.measure_tally(rows), headings))
    return parts
