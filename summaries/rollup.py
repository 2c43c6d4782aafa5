"""The figures of a year: one reading of the data, then pure functions over what was read.

`read` takes everything in a fixed number of queries under one snapshot of the database, so that no
change made meanwhile is half in. What follows knows no database.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import groupby

from django.db import connections, transaction

from accounts.models import Department, Region
from indicators import scoreboard
from indicators.models import Commitment
from indicators.rows import CommitmentRow as CommitmentReading
from indicators.rows import Row as IndicatorReading
from office import replica
from office.clock import now
from projects.models import AnnualPlan, Category, PlanStatement, Stage, StatedAmount
from summaries.carryover import Entry, Outcome, fates
from summaries.figures import (
    SCHEMA,
    Amount,
    CarryOver,
    CarryOvers,
    CommitmentKind,
    CommitmentRow,
    Figures,
    IndicatorRow,
    Indicators,
    MeasureCounts,
    NamedProject,
    ProjectGroup,
    Projects,
    StatedCount,
)

# Part of every digest. Raise it when the same data are to give other figures or other words.
RULE_VERSION = "2026.1"

# The order in which the report speaks of the stages.
STAGES = (Stage.COMPLETED, Stage.STARTED, Stage.ACCELERATED, Stage.PREPARATION)
_STAGE_PLACE = {stage.value: place for place, stage in enumerate(STAGES)}
_CATEGORY_PLACE = {category.value: place for place, category in enumerate(Category)}
_LAST = 10**9


@dataclass(frozen=True, slots=True)
class YearData:
    """Everything that a year's figures are computed from, as it was at the cut-off."""

    year: int
    cut_off: datetime
    contains_sample: bool
    entries: Sequence[Entry]
    before: Sequence[Entry]
    statements: Sequence[PlanStatement]
    rows: Sequence[IndicatorReading]
    commitments: Sequence[CommitmentReading]
    amounts: Sequence[StatedAmount]

    @property
    def is_empty(self) -> bool:
        return not (self.entries or self.rows or self.commitments or self.statements)


def years() -> list[int]:
    """The years that anything is recorded of, the latest first."""
    listed = AnnualPlan.objects.order_by().values_list("year", flat=True).distinct()
    promised = scoreboard.commitment_years()
    return sorted({*listed, *scoreboard.years(), *promised}, reverse=True)


def read(year: int, region: Region | None = None) -> YearData:
    """Read the data of a year and of the list before it, all of one moment.

    With a region its lists alone: what the report states, targets and commitments name no region
    and are the whole installation's.
    """
    is_everything = region is None
    with snapshot():
        listed = list(_entries(year - 1, year, region=region))
        return YearData(
            year=year,
            cut_off=now(),
            contains_sample=Department.objects.filter(is_sample=True).exists(),
            entries=[entry for entry in listed if entry.year == year],
            before=[entry for entry in listed if entry.year == year - 1],
            statements=list(PlanStatement.objects.filter(year=year).order_by("code"))
            if is_everything
            else [],
            rows=scoreboard.rows(year) if is_everything else [],
            commitments=scoreboard.commitments(year) if is_everything else [],
            amounts=list(StatedAmount.objects.filter(year=year).order_by("code"))
            if is_everything
            else [],
        )


@contextmanager
def snapshot() -> Iterator[None]:
    """One transaction in which every query sees the same moment, at the replica where there is one.

    SQLite gives this by itself; PostgreSQL has to be asked, before the transaction's first query.
    """
    with replica.reading():
        connection = connections[replica.alias()]
        outermost = not connection.in_atomic_block
        with transaction.atomic(using=connection.alias):
            if outermost and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def listed(year: int) -> list[Entry]:
    """The entries of a year's list; one query."""
    return list(_entries(year))


def _entries(*years: int, region: Region | None = None) -> Iterator[Entry]:
    entries = AnnualPlan.objects.filter(year__in=years)
    if region is not None:
        entries = entries.filter(project__region__path__startswith=region.path)
    rows = entries.values_list(
        "project__code",
        "cited_name",
        "project__name",
        "year",
        "category",
        "sector",
        "goal",
        "result",
        "table",
        "position",
        "project__predecessor__code",
    )
    for code, cited, name, year, category, sector, goal, result, table, position, earlier in rows:
        yield Entry(
            code=code,
            name=cited or name,
            year=year,
            category=category,
            sector=sector,
            goal=goal,
            result=result,
            table=table,
            order=(_number_of(table), _LAST if position is None else position, code),
            predecessor=earlier or "",
        )


@cache
def _number_of(table: str) -> int:
    """表5 → 5; entries of no table come last."""
    digits = re.search(r"\d+", table)
    return int(digits.group()) if digits else _LAST


PARTS = (
    "projects",
    "stated_counts",
    "carry_overs",
    "indicators",
    "commitments",
    "amounts",
)
OnPart = Callable[[str, int], None]


def figures(data: YearData, on_part: OnPart = lambda part, count: None) -> Figures:
    """All figures of the year; `on_part` is told each part (of PARTS) and how much it found."""
    of_projects = projects(data.entries)
    on_part("projects", of_projects["total"])
    counts = stated_counts(data.statements, data.entries)
    on_part("stated_counts", len(counts))
    carried = carry_overs(data.year - 1, data.before, data.entries)
    on_part("carry_overs", carried["total"])
    judged = indicators(data.rows)
    on_part("indicators", len(judged["rows"]))
    promised = commitments(data.commitments)
    on_part("commitments", sum(kind["total"] for kind in promised))
    stated = amounts(data.amounts)
    on_part("amounts", len(stated))
    return Figures(
        schema=SCHEMA,
        year=data.year,
        projects=of_projects,
        stated_counts=counts,
        carry_overs=carried,
        indicators=judged,
        commitments=promised,
        amounts=stated,
    )


def projects(entries: Iterable[Entry]) -> Projects:
    """Entries by category, sector and stage, their names in the order of the printed tables."""
    printed = sorted(entries, key=lambda entry: entry.order)
    first_seen: dict[tuple[str, str], int] = {}
    for place, entry in enumerate(printed):
        first_seen.setdefault((entry.category, entry.sector), place)

    def group_place(entry: Entry) -> tuple[int, int, int, int]:
        return (
            _CATEGORY_PLACE[entry.category],
            first_seen[entry.category, entry.sector],
            _STAGE_PLACE.get(entry.goal, len(STAGES)),
            _STAGE_PLACE.get(entry.result, len(STAGES)),
        )

    groups: list[ProjectGroup] = []
    for _place, members in groupby(sorted(printed, key=group_place), key=group_place):
        named = list(members)
        groups.append(
            ProjectGroup(
                category=named[0].category,
                sector=named[0].sector,
                goal=named[0].goal,
                result=named[0].result,
                projects=[NamedProject(code=entry.code, name=entry.name) for entry in named],
            )
        )
    return Projects(
        total=len(printed),
        goals=_by_stage(entry.goal for entry in printed),
        results=_by_stage(entry.result for entry in printed),
        groups=groups,
    )


def _by_stage(stages: Iterable[str]) -> dict[str, int]:
    """How many of each stage, in the report's order; empty where no stage is stated at all."""
    counted = Counter(stages)
    stated = {stage.value: counted[stage] for stage in STAGES if counted[stage]}
    if stated and counted[""]:
        stated[""] = counted[""]
    return stated


def stated_counts(
    statements: Iterable[PlanStatement], entries: Iterable[Entry]
) -> list[StatedCount]:
    """Each count that the report states beside the number of projects that its list names.

    Only a count that stands in a table has a list: 表3's 53 names are not "the 53 municipal key
    projects" of the text.
    """
    named = Counter((entry.table, entry.sector, entry.goal or entry.result) for entry in entries)
    return [
        StatedCount(
            code=statement.code,
            text=statement.text,
            subject=statement.subject,
            category=statement.category,
            sector=statement.sector,
            table=statement.table,
            stage=statement.goal,
            comparator=statement.comparator,
            stated=statement.count,
            named=named[statement.table, statement.sector, statement.goal]
            if statement.table
            else None,
        )
        for statement in statements
    ]


def carry_overs(from_year: int, before: Sequence[Entry], entries: Sequence[Entry]) -> CarryOvers:
    """What became of each entry of the year before; `new` is 0 where there is no such list."""
    found = fates(before, entries)
    rows = [
        CarryOver(
            code=fate.then.code,
            name=fate.then.name,
            name_now=fate.now.name if fate.now else "",
            category=fate.then.category,
            category_now=fate.now.category if fate.now else "",
            goal=fate.then.goal,
            result=fate.then.result,
            goal_now=fate.now.goal if fate.now else "",
            result_now=fate.now.result if fate.now else "",
            outcome=fate.outcome.value,
            goes_back=fate.goes_back,
            later_phases=[
                NamedProject(code=phase.code, name=phase.name) for phase in fate.later_phases
            ],
        )
        for fate in found
    ]
    outcomes = Counter(fate.outcome for fate in found)
    still_listed = sum(fate.now is not None for fate in found)
    return CarryOvers(
        from_year=from_year,
        total=len(rows),
        outcomes={outcome.value: outcomes[outcome] for outcome in Outcome},
        going_back=sum(fate.goes_back for fate in found),
        new=len(entries) - still_listed if before else 0,
        rows=rows,
    )


def indicators(table: Sequence[IndicatorReading]) -> Indicators:
    """The year's targets with verdict and gap, as the report prints them; # rows are not counted."""
    tally = scoreboard.tally_of(table)
    return Indicators(
        total=tally.total,
        binding=sum(row.binding and row.counts_in_total for row in table),
        met=tally.met,
        below=tally.below,
        pending=tally.pending,
        unjudged=tally.unjudged,
        rows=[
            IndicatorRow(
                code=row.code,
                seq=row.seq,
                name=row.name,
                unit=row.unit,
                is_part=row.is_part,
                counted=row.counts_in_total,
                binding=row.binding,
                target=row.target_in_force,
                actual=row.actual_text,
                verdict=row.verdict.value,
                reason=row.judgement.reason.value,
                gap=plain(row.gap),
                gap_unit=row.gap_unit,
                note=row.note,
                corrected=row.corrected,
            )
            for row in table
        ],
    )


def commitments(listed: Sequence[CommitmentReading]) -> list[CommitmentKind]:
    """The year's commitments by kind, each with the verdicts on the numbers in it."""
    kinds = []
    for kind in Commitment.Kind.values:
        members = [row for row in listed if row.kind == kind]
        if members:
            rows = [
                CommitmentRow(code=row.code, title=row.title, **_measures([row])) for row in members
            ]
            kinds.append(
                CommitmentKind(kind=kind, total=len(rows), rows=rows, **_measures(members))
            )
    return kinds


def _measures(listed: Sequence[CommitmentReading]) -> MeasureCounts:
    tally = scoreboard.measure_tally(listed)
    return MeasureCounts(
        measures=tally.total,
        met=tally.met,
        below=tally.below,
        pending=tally.pending,
        unjudged=tally.unjudged,
        unstated=tally.unstated,
    )


def amounts(stated: Iterable[StatedAmount]) -> list[Amount]:
    """The amounts that the report states, in its order."""
    return [
        Amount(
            code=amount.code,
            kind=amount.kind,
            subject=amount.subject,
            scope=amount.scope,
            comparator=amount.comparator,
            value=plain(amount.value),
            unit=amount.unit,
            growth=plain(amount.growth),
            growth_unit=amount.growth_unit,
            count=amount.count,
            completion_rate=plain(amount.completion_rate),
            text=amount.text,
        )
        for amount in stated
    ]


def plain(value: Decimal | None) -> str:
    """A number without trailing zeros, the same from every database; "" for none."""
    if value is None:
        return ""
    return f"{value.normalize() + 0:f}"
