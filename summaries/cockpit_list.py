"""The cockpit's second page, the year's list: goals and results, where projects are, what became of last year's."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from office.charts import Chart, address
from projects.models import DataQuestion
from projects.permissions import visible_projects, visible_questions
from projects.questions import kind_label
from summaries import charts, presentation, rollup, wording
from summaries.carryover import Outcome
from summaries.figures import Figures


@dataclass(frozen=True, slots=True)
class Card:
    """One figure with the address of what it counts."""

    label: str
    value: int
    url: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class YearList:
    """The page of a year."""

    year: int
    headline: str
    cards: list[Card]
    stages: Chart
    statuses: Chart
    questions: list[tuple[str, int, str]]
    carry_overs: list[Card]
    from_year: int


def read(year: int, user: User) -> YearList:
    """Everything on the page."""
    figures = rollup.figures(rollup.read(year, user.region))
    questions = _questions(user)
    return YearList(
        year=year,
        headline=wording.headline(figures),
        cards=_cards(figures, questions),
        stages=charts.entries_by_stage(year, figures["projects"]),
        statuses=charts.projects_by_status(_statuses(user)),
        questions=questions,
        carry_overs=_carry_overs(figures),
        from_year=figures["carry_overs"]["from_year"],
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


def _cards(figures: Figures, questions: list[tuple[str, int, str]]) -> list[Card]:
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
