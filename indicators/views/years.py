"""A year's indicators: the table as the report prints it, judged, with the count and a chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indicators import exports, scoreboard, wording
from indicators.evaluation import Verdict
from indicators.filters import IndicatorFilter
from indicators.permissions import may_keep_indicators, visible_indicators
from indicators.rows import Row
from indicators.views.filtering import active_filters
from office.clock import today
from office.file_answers import answer, format_asked

Cell = tuple[Decimal | None, str, str]

# How the names of growth rates end; only these share a scale.
GROWTH = "增速"


@dataclass(frozen=True, slots=True)
class Card:
    """A count that leads to its rows."""

    label: str
    count: int
    url: str
    tone: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class GrowthChart:
    """Growth rates of the table: target and result side by side."""

    title: str
    axis: str
    series: list[tuple[str, str]]
    rows: list[tuple[str, str, list[Cell]]]
    kind: str = "bar"
    unit: str = "%"
    stacked: bool = False
    horizontal: bool = True
    note: str = ""


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The latest year that has targets."""
    years = scoreboard.years()
    if years:
        return redirect("indicators:year", years[0])
    return render(request, "indicators/none.html", {"heading": _("Indicators")})


@require_safe
def year(request: HttpRequest, year: int) -> HttpResponseBase:
    """The year's table, narrowed by verdict, attribute and name."""
    table = scoreboard.rows(year)
    if not table:
        raise Http404
    permitted = visible_indicators(request.user).filter(targets__year=year)  # type: ignore[arg-type]
    filterset = IndicatorFilter(request.GET, permitted, table=table)
    valid = filterset.is_valid()
    codes = set(filterset.qs.values_list("code", flat=True)) if valid else set()
    active = active_filters(filterset) if valid else []
    shown = [row for row in table if row.code in codes]
    kind = format_asked(request.GET)
    if valid and kind is not None:
        label = _("Indicators %(year)s") % {"year": year}
        columns = exports.columns_in_file()
        return answer(kind, columns, exports.rows_in_file(year, shown), label=label, on=today())
    context = {
        "year": year,
        "years": scoreboard.years(),
        "sentence": wording.count_sentence(year, table),
        "cards": _cards(table),
        "filter": filterset,
        "active": active,
        "query": request.GET.urlencode(),
        "rows": shown,
        "counted": sum(row.counts_in_total for row in shown),
        "parts": sum(not row.counts_in_total for row in shown),
        "starred": any(row.starred for row in table),
        "revised": [row for row in table if row.revisions],
        "chart": _growth_chart(year, shown),
        "others": [] if active else scoreboard.other_figures(year),
        "may_keep": may_keep_indicators(request.user),  # type: ignore[arg-type]
    }
    return render(request, "indicators/year.html", context, status=200 if valid else 400)


def _cards(table: Sequence[Row]) -> list[Card]:
    counted = scoreboard.tally_of(table)
    binding = sum(row.binding for row in table if row.counts_in_total)
    missed = len(counted.missed_binding_rows)
    tones = {Verdict.MET: "good", Verdict.BELOW: "bad", Verdict.PENDING: "warn"}
    counts = {
        Verdict.MET: counted.met,
        Verdict.BELOW: counted.below,
        Verdict.PENDING: counted.pending,
        Verdict.UNJUDGED: counted.unjudged,
    }
    cards = [Card(_("Targets"), counted.total, "?")]
    for verdict, count in counts.items():
        if count or verdict is not Verdict.UNJUDGED:
            tone = tones.get(verdict, "warn") if count else ""
            label = str(wording.VERDICTS[verdict])
            cards.append(Card(label, count, f"?verdict={verdict}", tone))
    note = _("%(missed)s missed") % {"missed": missed} if missed else ""
    cards.append(Card(_("Binding targets"), binding, "?binding=yes", "bad" if missed else "", note))
    return cards


def _growth_chart(year: int, table: Sequence[Row]) -> GrowthChart | None:
    rows: list[tuple[str, str, list[Cell]]] = []
    for row in table:
        if row.unit == "%" and row.name.endswith(GROWTH) and row.value and row.actual is not None:
            url = reverse("indicators:detail", args=[year, row.code])
            target: Cell = (row.value, row.target_text, url)
            result: Cell = (row.actual, row.actual_text, url)
            rows.append((row.name, "", [target, result]))
    if not rows:
        return None
    series = [(_("Target"), ""), (_("Result"), "")]
    return GrowthChart(_("Growth rates: target and result"), _("Indicator"), series, rows)
