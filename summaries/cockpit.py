"""What the home page of managers and leaders shows of a year, read in a fixed number of queries."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from indicators import scoreboard
from indicators.evaluation import Verdict
from indicators.rows import Row
from indicators.wording import count_sentence, gap
from office.charts import Chart, address
from projects.models import DataQuestion
from projects.permissions import visible_projects, visible_questions
from projects.questions import kind_label
from summaries import charts, presentation, rollup, series, wording
from summaries.carryover import Outcome
from summaries.figures import CommitmentKind, Figures


@dataclass(frozen=True, slots=True)
class Card:
    """One figure with the address of what it counts."""

    label: str
    value: int
    url: str
    note: str = ""
    tone: str = ""


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
class Cockpit:
    """The page of a year; `judged_year` is the latest year by then of which results are known."""

    year: int
    headline: str
    cards: list[Card]
    stages: Chart
    statuses: Chart
    judged_year: int | None
    count_sentence: str
    verdicts: Chart | None
    shortfalls: list[Shortfall]
    questions: list[tuple[str, int, str]]
    open_questions: int
    carry_overs: list[Card]
    from_year: int
    commitments: list[tuple[str, str, CommitmentKind]]
    report_figures: list[list[series.Figure]]


def read(year: int, user: User) -> Cockpit:
    """Everything on the page."""
    data = rollup.read(year)
    figures = rollup.figures(data)
    judged_year, table = _judged(year, list(data.rows))
    judged = rollup.indicators(table)
    questions = _questions(user)
    return Cockpit(
        year=year,
        headline=wording.headline(figures),
        cards=_cards(figures, judged_year, judged["met"], judged["below"], questions),
        stages=charts.entries_by_stage(year, figures["projects"]),
        statuses=charts.projects_by_status(_statuses(user)),
        judged_year=judged_year,
        count_sentence=count_sentence(judged_year, table) if judged_year else "",
        verdicts=charts.verdicts(judged_year, judged) if judged_year else None,
        shortfalls=[_shortfall(judged_year, row) for row in table if _fell_short(row)]
        if judged_year
        else [],
        questions=questions,
        open_questions=sum(count for _label, count, _url in questions),
        carry_overs=_carry_overs(figures),
        from_year=figures["carry_overs"]["from_year"],
        commitments=presentation.commitments(figures),
        report_figures=_in_rows(series.figures(year)),
    )


def _judged(year: int, table: list[Row]) -> tuple[int | None, list[Row]]:
    """The year itself where a result is known, else the latest year before it."""
    if any(row.verdict is not Verdict.PENDING for row in table):
        return year, table
    earlier = scoreboard.latest_reported_year()
    if earlier is None or earlier > year:
        return None, []
    return earlier, scoreboard.rows(earlier)


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


def _statuses(user: User) -> Counter[tuple[str, str]]:
    counts = (
        visible_projects(user)
        .order_by()
        .values_list("category", "status")
        .annotate(count=Count("pk"))
    )
    return Counter({(category, status): count for category, status, count in counts})


def _questions(user: User) -> list[tuple[str, int, str]]:
    """Open questions by kind, the most frequent first."""
    counts = (
        visible_questions(user)
        .filter(state=DataQuestion.State.OPEN)
        .order_by()
        .values_list("kind")
        .annotate(count=Count("pk"))
    )
    found = sorted(counts, key=lambda pair: (-pair[1], pair[0]))
    return [
        (kind_label(kind), count, address("projects:question-list", kind=kind))
        for kind, count in found
    ]


def _cards(
    figures: Figures,
    judged_year: int | None,
    met: int,
    below: int,
    questions: list[tuple[str, int, str]],
) -> list[Card]:
    year = figures["year"]
    cards = [
        Card(
            _("Named key projects"),
            figures["projects"]["total"],
            address("projects:plan-list", year=year),
        )
    ]
    for kind, stage, count, url in presentation.stage_totals(figures):
        note = _("goal of the year") if kind == "goal" else _("result of the year")
        cards.append(Card(stage.label or _("Not stated"), count, url, note))
    if judged_year:
        url = reverse("indicators:year", args=[judged_year])
        note = str(judged_year)
        cards.append(Card(_("Targets met"), met, url, note, "good"))
        cards.append(Card(_("Targets missed"), below, url, note, "bad" if below else "good"))
    cards.append(
        Card(
            _("Open data questions"),
            sum(count for _label, count, _url in questions),
            reverse("projects:question-list"),
            tone="warn" if questions else "good",
        )
    )
    return cards


def _carry_overs(figures: Figures) -> list[Card]:
    """What became of the year before; a link where a list shows exactly these entries."""
    found, year = figures["carry_overs"], figures["year"]
    if not found["total"]:
        return []
    outcomes, before = found["outcomes"], found["from_year"]
    plans = "projects:plan-list"
    both = outcomes[Outcome.CONTINUED] + outcomes[Outcome.RELISTED]
    back = address("projects:question-list", kind="status_goes_back")
    absent = address("projects:question-list", kind="absent_next_year")
    return [
        Card(
            _("Listed in %(year)s") % {"year": before}, found["total"], address(plans, year=before)
        ),
        Card(_("Listed in both years"), both, address(plans, year=year, carried="yes")),
        Card(str(wording.OUTCOMES[Outcome.FINISHED]), outcomes[Outcome.FINISHED], ""),
        Card(str(wording.OUTCOMES[Outcome.ABSENT]), outcomes[Outcome.ABSENT], absent, tone="warn"),
        Card(_("Goal behind last year's result"), found["going_back"], back, tone="warn"),
        Card(_("Newly listed"), found["new"], address(plans, year=year, carried="no")),
    ]


def _in_rows(found: list[series.Figure]) -> list[list[series.Figure]]:
    """The narrow figures side by side, each of the wide ones, twelve months, in a row of its own."""
    narrow = [figure for figure in found if not figure.by_month]
    return [narrow, *([figure] for figure in found if figure.by_month)]
