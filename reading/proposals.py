"""What a report was found to say: proposals, each with its words and how sure the reader is of it.

Nothing here is a record yet: an officer accepts, corrects or drops every one of them.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Part(StrEnum):
    """Which half of a report states something: the year gone by, or the plan of the next."""

    RESULT = "result"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a proposal comes from; lines of the report's plain text are counted from 1."""

    line: int
    sentence: str
    """The whole sentence, or the cells of the table's row parted by tabs, as they stand there."""
    quote: str
    """The words in it that say so."""
    section: str = ""
    """The headings above it, outermost first, parted by " / "."""
    table: str = ""
    """The table's own label and title, 表5 2024年产业发展重点项目; "" in running text."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What every kind of proposal has."""

    evidence: Evidence
    confidence: Decimal
    """0 to 1: how sure the reader is; 1 is never given."""
    doubts: tuple[str, ...]
    """Why it is not surer, as codes that `reading.wording` words."""
    year: int


@dataclass(frozen=True, slots=True)
class IndicatorFound(Proposal):
    """A year's row of an indicator table, or an indicator's figure in the running text."""

    name: str
    unit: str
    target: str
    """The target's own words; "" where none is stated."""
    actual: str
    """The result's own words; "" where none is stated."""
    binding: bool | None
    """None where the report does not say which kind it is."""
    parent: str = ""
    """The indicator that this one is a sub-row of."""
    seq: str = ""
    """The number that the report gives it."""


@dataclass(frozen=True, slots=True)
class ProjectFound(Proposal):
    """A project named in a list, a table or the running text."""

    name: str
    part: Part
    verb: str
    """The report's own verb: 竣工, 完工, 投用, 续建, 新开工, 储备 …"""
    stage: str
    """What the verb means in our terms: a value of projects.models.Stage; "" where it has none."""
    category: str = ""
    """A value of projects.models.Category; "" where the report does not say."""
    sector: str = ""
    heading: str = ""
    level: str = ""
    """A value of projects.models.Level; "" where the report does not say."""
    position: int = 0
    total_investment: Decimal | None = None
    """万元."""
    planned_investment: Decimal | None = None
    """万元, of the year."""
    owner_unit: str = ""
    department: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class CountFound(Proposal):
    """A number of projects that the report states."""

    subject: str
    part: Part
    verb: str
    stage: str
    comparator: str
    """A value of projects.models.Comparator."""
    count: int
    category: str = ""
    heading: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class AmountFound(Proposal):
    """Money that the report states: investment, funds, contracts."""

    subject: str
    part: Part
    kind: str
    """A value of projects.models.StatedAmount.Kind."""
    comparator: str
    value: Decimal | None
    unit: str
    growth: Decimal | None = None
    growth_unit: str = ""


@dataclass(frozen=True, slots=True)
class MeasureFound:
    """A quantity that a commitment states."""

    subject: str
    quote: str
    comparator: str
    value: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True)
class CommitmentFound(Proposal):
    """A livelihood item, an event, a measure or a task of the year, with its quantities."""

    kind: str
    """A value of indicators.models.Commitment.Kind."""
    title: str
    text: str
    part: Part
    heading: str = ""
    position: int = 0
    department: str = ""
    measures: tuple[MeasureFound, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """What looks like a record and could not be read."""

    evidence: Evidence
    why: str
    """A code that `reading.wording` words."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found in one report, in its order."""

    title: str
    issuer: str
    region: str
    """The name of the place that the report is of; "" where it does not say."""
    year: int
    """The year that the report plans."""
    lines: tuple[str, ...]
    """The report's plain text; a table's row is one line, its cells parted by tabs."""
    indicators: tuple[IndicatorFound, ...] = ()
    projects: tuple[ProjectFound, ...] = ()
    counts: tuple[CountFound, ...] = ()
    amounts: tuple[AmountFound, ...] = ()
    commitments: tuple[CommitmentFound, ...] = ()
    unread: tuple[Unread, ...] = ()
