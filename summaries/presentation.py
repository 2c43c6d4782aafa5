"""Stored figures as the pages show them: codes become words in the reader's language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from indicators.evaluation import Reason
from indicators.models import Commitment
from indicators.wording import REASONS, VERDICTS
from office.charts import address
from projects.models import Category, Comparator, Stage, StatedAmount
from summaries import wording
from summaries.carryover import Outcome
from summaries.figures import (
    Amount,
    CarryOver,
    CommitmentKind,
    Figures,
    IndicatorRow,
    NamedProject,
    ProjectGroup,
    StatedCount,
)
from summaries.models import ProgressSummary


@dataclass(frozen=True, slots=True)
class Word:
    """A code with its word, as a badge shows it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Named:
    """A project's name with its address."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The projects of a sector with one goal and result; `url` lists them."""

    sector: str
    goal: Word
    result: Word
    count: int
    url: str
    projects: list[Named]


@dataclass(frozen=True, slots=True)
class CategoryRows:
    """A category with its rows."""

    label: str
    count: int
    url: str
    rows: list[GroupRow]


@dataclass(frozen=True, slots=True)
class CountRow:
    """A stated count beside the named one; `short` where fewer are stated than are named."""

    text: str
    subject: str
    table: str
    stage: Word
    stated: str
    named: int | None
    url: str
    short: bool


@dataclass(frozen=True, slots=True)
class CarryOverRow:
    """An entry of the year before and what became of it."""

    project: Named
    name_now: str
    category: str
    category_now: str
    then: Word
    now: Word
    outcome: str
    goes_back: bool
    later_phases: list[Named]


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """A row of the indicator table with its verdict in words."""

    seq: int | None
    name: str
    url: str
    is_part: bool
    binding: bool
    target: str
    actual: str
    verdict: Word
    gap: str
    fell_short: bool
    note: str
    corrected: bool


@dataclass(frozen=True, slots=True)
class Page:
    """All parts of a summary's page; `columns` of the table of projects."""

    headline: str
    columns: int
    separator: str
    stage_totals: list[tuple[str, Word, int, str]]
    categories: list[CategoryRows]
    stated_counts: list[CountRow]
    outcomes: list[tuple[str, int]]
    carry_overs: list[tuple[str, list[CarryOverRow]]]
    of_indicators: str
    verdicts: list[VerdictRow]
    commitments: list[tuple[str, str, CommitmentKind]]
    amounts: list[tuple[str, str, Amount]]
    paragraphs: list[str]


def of_summary(summary: ProgressSummary) -> Page:
    """A summary's figures in the language that is active, and its words as they were issued."""
    figures: Figures = summary.figures
    projects = figures["projects"]
    return Page(
        headline=wording.headline(figures),
        columns=3 + bool(projects["goals"]) + bool(projects["results"]),
        separator=wording.items(["", ""]),
        stage_totals=stage_totals(figures),
        categories=list(categories(figures)),
        stated_counts=stated_counts(figures),
        outcomes=outcomes(figures),
        carry_overs=carry_overs(figures),
        of_indicators=wording.of_indicators(figures["indicators"]),
        verdicts=verdicts(figures),
        commitments=commitments(figures),
        amounts=amounts(figures),
        paragraphs=summary.text.splitlines(),
    )


def word(value: str, labels: Mapping[str, object]) -> Word:
    """A code and what it is called."""
    return Word(value, str(labels[value]) if value in labels else "")


def categories(figures: Figures) -> Iterator[CategoryRows]:
    """The year's entries, category by category."""
    year = figures["year"]
    for category, groups in wording.by_category(figures["projects"]):
        everything = address("projects:plan-list", year=year, category=category)
        yield CategoryRows(
            label=str(Category(category).label),
            count=sum(len(group["projects"]) for group in groups),
            url=everything,
            rows=[_group(year, group) for group in groups],
        )


def stage_totals(figures: Figures) -> list[tuple[str, Word, int, str]]:
    """How many entries have each goal and each result, with the address that lists them."""
    totals = []
    for field in ("goals", "results"):
        kind = field.removesuffix("s")
        counts: Mapping[str, int] = figures["projects"][field]
        for stage, count in counts.items():
            query = {"year": figures["year"], kind: stage or "none"}
            url = address("projects:plan-list", **query)
            totals.append((kind, word(stage, _STAGES), count, url))
    return totals


def stated_counts(figures: Figures) -> list[CountRow]:
    """The stated counts; those with a list of names come first."""
    rows = sorted(figures["stated_counts"], key=lambda row: row["named"] is None)
    return [_count(figures["year"], row) for row in rows]


def outcomes(figures: Figures) -> list[tuple[str, int]]:
    """How many entries of the year before came to what."""
    found = figures["carry_overs"]["outcomes"]
    return [(str(label), found[outcome]) for outcome, label in wording.OUTCOMES.items()]


def carry_overs(figures: Figures) -> list[tuple[str, list[CarryOverRow]]]:
    """Every entry of the year before, by outcome; what needs an explanation comes first."""
    return [
        (
            str(wording.OUTCOMES[outcome]),
            [
                _carry_over(row)
                for row in figures["carry_overs"]["rows"]
                if row["outcome"] == outcome
            ],
        )
        for outcome in (Outcome.RELISTED, Outcome.ABSENT, Outcome.CONTINUED, Outcome.FINISHED)
        if figures["carry_overs"]["outcomes"][outcome]
    ]


def verdicts(figures: Figures) -> list[VerdictRow]:
    """The indicator table."""
    return [_verdict(figures["year"], row) for row in figures["indicators"]["rows"]]


def commitments(figures: Figures) -> list[tuple[str, str, CommitmentKind]]:
    """The kinds of commitments with their counts and the page that lists them."""
    return commitments_of(figures["year"], figures["commitments"])


def commitments_of(
    year: int, kinds: Iterable[CommitmentKind]
) -> list[tuple[str, str, CommitmentKind]]:
    """The same of kinds that are not part of a year's figures."""
    url = reverse("indicators:commitment-list", args=[year])
    return [
        (str(Commitment.Kind(kind["kind"]).label), f"{url}?kind={kind['kind']}", kind)
        for kind in kinds
    ]


def amounts(figures: Figures) -> list[tuple[str, str, Amount]]:
    """The stated amounts, each with the name of its kind and its bound, if it has one."""
    kinds = dict(StatedAmount.Kind.choices)
    bounds = {value: label for value, label in Comparator.choices if value != Comparator.EXACT}
    return [
        (str(kinds[amount["kind"]]), str(bounds.get(amount["comparator"], "")), amount)
        for amount in figures["amounts"]
    ]


_STAGES: dict[str, object] = {str(value): label for value, label in Stage.choices}


def _group(year: int, group: ProjectGroup) -> GroupRow:
    query = {name: group[name] for name in ("category", "sector", "goal", "result")}
    stated = {name: value for name, value in query.items() if value}
    return GroupRow(
        sector=group["sector"],
        goal=word(group["goal"], _STAGES),
        result=word(group["result"], _STAGES),
        count=len(group["projects"]),
        url=address("projects:plan-list", year=year, **stated),
        projects=_named(group["projects"]),
    )


def _count(year: int, row: StatedCount) -> CountRow:
    query = {"year": year, "category": row["category"], "sector": row["sector"]}
    if row["stage"]:
        query["goal"] = row["stage"]
    named = row["named"]
    return CountRow(
        text=row["text"],
        subject=row["subject"],
        table=row["table"],
        stage=word(row["stage"], _STAGES),
        stated=wording.stated(row["comparator"], row["stated"]),
        named=named,
        url=address("projects:plan-list", **{k: v for k, v in query.items() if v}),
        short=named is not None and row["stated"] < named,
    )


def _carry_over(row: CarryOver) -> CarryOverRow:
    labels = dict(Category.choices)
    then, now = row["result"] or row["goal"], row["goal_now"] or row["result_now"]
    return CarryOverRow(
        project=Named(row["name"], _project_url(row["code"])),
        name_now=row["name_now"] if row["name_now"] != row["name"] else "",
        category=str(labels[row["category"]]),
        category_now=str(labels[row["category_now"]])
        if row["category_now"] not in ("", row["category"])
        else "",
        then=word(then, _STAGES),
        now=word(now, _STAGES),
        outcome=str(wording.OUTCOMES[Outcome(row["outcome"])]),
        goes_back=row["goes_back"],
        later_phases=_named(row["later_phases"]),
    )


def _verdict(year: int, row: IndicatorRow) -> VerdictRow:
    gap = row["gap"]
    if gap.startswith("-"):
        gap = "−" + gap.removeprefix("-")
    elif gap not in ("", "0"):
        gap = "+" + gap
    return VerdictRow(
        seq=row["seq"],
        name=f"{row['name']}（{row['unit']}）" if row["unit"] else row["name"],
        url=reverse("indicators:detail", args=[year, row["code"]]),
        is_part=row["is_part"],
        binding=row["binding"],
        target=row["target"],
        actual=row["actual"],
        verdict=word(row["verdict"], {str(key): label for key, label in VERDICTS.items()}),
        gap=f"{gap}{row['gap_unit']}" if gap else "",
        fell_short=row["verdict"] == "below",
        note=row["note"] or str(REASONS.get(Reason(row["reason"]), "")),
        corrected=row["corrected"],
    )


def _named(projects: Iterable[NamedProject]) -> list[Named]:
    return [Named(each["name"], _project_url(each["code"])) for each in projects]


def _project_url(code: str) -> str:
    return reverse("projects:project-detail", args=[code])
