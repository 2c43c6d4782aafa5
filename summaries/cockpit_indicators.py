"""The cockpit's third page: targets and where they fell short, commitments, the report's figures as charts."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators import scoreboard
from indicators.evaluation import Verdict
from indicators.rows import Row
from indicators.wording import count_sentence, gap
from office.charts import Chart
from summaries import charts, presentation, rollup, series
from summaries.cockpit_list import Card
from summaries.figures import CommitmentKind


@dataclass(frozen=True, slots=True)
class Shortfall:
    """An indicator that fell short: by how much, and the reason that the report gives."""

    name: str
    url: str
    binding: bool
    target: str
    actual: str
    gap: str
    note: str


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """The page of a year; `judged_year` is the latest year by then of which results are known."""

    year: int
    judged_year: int | None
    count_sentence: str
    cards: list[Card]
    verdicts: Chart | None
    shortfalls: list[Shortfall]
    commitments: list[tuple[str, str, CommitmentKind]]
    curves: list[Chart]
    """District against city, month by month."""
    figures: list[Chart]
    """The report's other figures."""


def read(year: int) -> IndicatorPage:
    """Everything on the page."""
    judged_year, table = _judged(year)
    judged = rollup.indicators(table)
    found = series.figures(year)
    return IndicatorPage(
        year=year,
        judged_year=judged_year,
        count_sentence=count_sentence(judged_year, table) if judged_year else "",
        cards=_cards(judged_year, judged["met"], judged["below"], judged["pending"])
        if judged_year
        else [],
        verdicts=charts.verdicts(judged_year, judged) if judged_year else None,
        shortfalls=[_shortfall(judged_year, row) for row in table if _fell_short(row)]
        if judged_year
        else [],
        commitments=presentation.commitments_of(
            year, rollup.commitments(scoreboard.commitments(year))
        ),
        curves=[charts.of_figure(figure) for figure in found if figure.by_month],
        figures=[charts.of_figure(figure) for figure in found if not figure.by_month],
    )


def _judged(year: int) -> tuple[int | None, list[Row]]:
    """The year itself where a result is known, else the latest year before it."""
    table = list(scoreboard.rows(year))
    if any(row.verdict is not Verdict.PENDING for row in table):
        return year, table
    earlier = scoreboard.latest_reported_year()
    if earlier is None or earlier > year:
        return None, []
    return earlier, list(scoreboard.rows(earlier))


def _cards(year: int, met: int, below: int, pending: int) -> list[Card]:
    url, note = reverse("indicators:year", args=[year]), str(year)
    return [
        Card(_("Targets met"), met, url, note, "good"),
        Card(_("Targets missed"), below, url, note, "bad" if below else "good"),
        Card(_("Not fed back yet"), pending, url, note),
    ]


def _fell_short(row: Row) -> bool:
    return row.counts_in_total and row.verdict is Verdict.BELOW


def _shortfall(year: int, row: Row) -> Shortfall:
    return Shortfall(
        name=row.printed_name.removesuffix("*"),
        url=reverse("indicators:detail", args=[year, row.code]),
        binding=row.binding,
        target=row.target_in_force,
        actual=row.actual_text,
        gap=gap(row.judgement),
        note=row.note,
    )
