"""The shape of a summary's figures: plain values only, so that they are stored as JSON as they are.

Codes stand for vocabulary (category, stage, verdict), codes of projects and facts for rows; numbers
with decimals are strings, so that nothing is rounded on the way. Every list has a fixed order.
"""

from typing import TypedDict

SCHEMA = 1


class NamedProject(TypedDict):
    """A project as the year's table names it."""

    code: str
    name: str


class ProjectGroup(TypedDict):
    """The projects of one category, sector, goal and result, in the order of the printed table."""

    category: str
    sector: str
    goal: str
    result: str
    projects: list[NamedProject]


class Projects(TypedDict):
    """The year's plan entries; `goals` and `results` count them by stage, "" where none is stated."""

    total: int
    goals: dict[str, int]
    results: dict[str, int]
    groups: list[ProjectGroup]


class StatedCount(TypedDict):
    """A count that the report states; `named` is how many its list names, null where it has none."""

    code: str
    text: str
    subject: str
    category: str
    sector: str
    table: str
    stage: str
    comparator: str
    stated: int
    named: int | None


class CarryOver(TypedDict):
    """An entry of the year before and what became of it (`outcome`, see carryover.Outcome)."""

    code: str
    name: str
    name_now: str
    category: str
    category_now: str
    goal: str
    result: str
    goal_now: str
    result_now: str
    outcome: str
    goes_back: bool
    later_phases: list[NamedProject]


class CarryOvers(TypedDict):
    """What became of the year before: every entry of it, and how many of this year are new."""

    from_year: int
    total: int
    outcomes: dict[str, int]
    going_back: int
    new: int
    rows: list[CarryOver]


class IndicatorRow(TypedDict):
    """One row of the year's indicator table with its verdict.

    `gap` is actual minus target. `corrected` results were entered by people after the report.
    """

    code: str
    seq: int | None
    name: str
    unit: str
    is_part: bool
    counted: bool
    binding: bool
    target: str
    actual: str
    verdict: str
    reason: str
    gap: str
    gap_unit: str
    note: str
    corrected: bool


class Indicators(TypedDict):
    """The year's targets; only rows that count in the total are counted."""

    total: int
    binding: int
    met: int
    below: int
    pending: int
    unjudged: int
    rows: list[IndicatorRow]


class MeasureCounts(TypedDict):
    """How many numbers a commitment holds, and what became of those that were promised.

    `unstated` were not promised as a number: the report only says what was reached.
    """

    measures: int
    met: int
    below: int
    pending: int
    unjudged: int
    unstated: int


class CommitmentRow(MeasureCounts):
    """One commitment."""

    code: str
    title: str


class CommitmentKind(MeasureCounts):
    """All commitments of a kind."""

    kind: str
    total: int
    rows: list[CommitmentRow]


class Amount(TypedDict):
    """An investment, funding or contract amount that the report states."""

    code: str
    kind: str
    subject: str
    scope: str
    comparator: str
    value: str
    unit: str
    growth: str
    growth_unit: str
    count: int | None
    completion_rate: str
    text: str


class Figures(TypedDict):
    """All figures of a year."""

    schema: int
    year: int
    projects: Projects
    stated_counts: list[StatedCount]
    carry_overs: CarryOvers
    indicators: Indicators
    commitments: list[CommitmentKind]
    amounts: list[Amount]
