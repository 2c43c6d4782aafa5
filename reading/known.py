"""What the site knows already, as values: what a reading is matched with and held against."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.urls import reverse

from indicators.models import Area, Commitment, Indicator, Measure, Observation, Target
from projects.models import AnnualPlan, PlanStatement, Project, ProjectMention, StatedAmount
from reading.choices import Kind
from reading.proposals import Part


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """A project's place in a year's list."""

    pk: int
    year: int
    cited_name: str
    goal: str
    result: str
    category: str
    sector: str
    level: str
    planned_investment: Decimal | None
    table: str
    heading: str
    is_adopted: bool


@dataclass(frozen=True, slots=True)
class KnownProject:
    """A project with its entries by year; `mentioned` are the years in which a text speaks of it."""

    pk: int
    code: str
    name: str
    category: str
    sector: str
    status: str
    total_investment: Decimal | None
    entries: Mapping[int, KnownEntry] = field(default_factory=dict)
    mentioned: frozenset[int] = frozenset()

    @property
    def url(self) -> str:
        return reverse("projects:project-detail", args=[self.code])

    @property
    def years(self) -> frozenset[int]:
        """The years in which anything is recorded of it."""
        return frozenset(self.entries) | self.mentioned


@dataclass(frozen=True, slots=True)
class KnownTarget:
    """A year's target in its own words."""

    pk: int
    text: str
    binding: bool
    seq: int | None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class KnownResult:
    """What was measured of a whole year, in the district."""

    pk: int
    text: str
    value: Decimal | None
    growth: Decimal | None
    growth_unit: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class KnownIndicator:
    """An indicator with its targets and results by year."""

    pk: int
    code: str
    name: str
    unit: str
    parent: str
    direction: str
    targets: Mapping[int, KnownTarget] = field(default_factory=dict)
    results: Mapping[int, KnownResult] = field(default_factory=dict)

    def url(self, year: int) -> str:
        return reverse("indicators:detail", args=[year, self.code])

    @property
    def years(self) -> frozenset[int]:
        return frozenset(self.targets) | frozenset(self.results)


@dataclass(frozen=True, slots=True)
class KnownCount:
    """A number of projects that a report stated."""

    pk: int
    code: str
    year: int
    subject: str
    words: tuple[str, ...]
    goal: str
    category: str
    level: str
    comparator: str
    count: int

    @property
    def url(self) -> str:
        return f"{reverse('projects:statement-list')}?year={self.year}"


@dataclass(frozen=True, slots=True)
class KnownAmount:
    """Money that a report stated."""

    pk: int
    code: str
    year: int
    kind: str
    subject: str
    words: tuple[str, ...]
    comparator: str
    value: Decimal | None
    unit: str
    growth: Decimal | None
    growth_unit: str

    @property
    def url(self) -> str:
        return f"{reverse('projects:statement-list')}?year={self.year}&kind={self.kind}"


@dataclass(frozen=True, slots=True)
class KnownMeasure:
    """A quantity of a commitment: what is promised, what was reached."""

    pk: int
    subject: str
    words: tuple[str, ...]
    target: Decimal | None
    actual: Decimal | None
    unit: str
    comparator: str

    def value(self, part: Part) -> Decimal | None:
        """What a plan's, or a result's, number is held against."""
        return self.actual if part is Part.RESULT else self.target


@dataclass(frozen=True, slots=True)
class KnownCommitment:
    """A commitment with its quantities."""

    pk: int
    code: str
    year: int
    kind: str
    title: str
    text: str
    result: str
    measures: tuple[KnownMeasure, ...] = ()

    @property
    def url(self) -> str:
        return f"{reverse('indicators:commitment-list', args=[self.year])}?kind={self.kind}"


@dataclass(frozen=True, slots=True)
class Known:
    """Everything of one moment, by the records' keys."""

    projects: Mapping[int, KnownProject] = field(default_factory=dict)
    indicators: Mapping[int, KnownIndicator] = field(default_factory=dict)
    counts: Mapping[int, KnownCount] = field(default_factory=dict)
    amounts: Mapping[int, KnownAmount] = field(default_factory=dict)
    commitments: Mapping[int, KnownCommitment] = field(default_factory=dict)


def read(years: Iterable[int] | None = None) -> Known:
    """What is known; of counts, amounts and commitments those of these years alone, if any are given.

    A fixed number of queries, whatever the amount of data.
    """
    of_years = Q() if years is None else Q(year__in=set(years))
    return Known(
        projects=_projects(Project.objects.all()),
        indicators=_indicators(Indicator.objects.all()),
        counts=_counts(PlanStatement.objects.filter(of_years)),
        amounts=_amounts(StatedAmount.objects.filter(of_years)),
        commitments=_commitments(Commitment.objects.filter(of_years)),
    )


def of_keys(keys: Mapping[Kind, Collection[int]]) -> Known:
    """These records alone."""

    def of(kind: Kind) -> Q:
        return Q(pk__in=keys.get(kind, ()))

    return Known(
        projects=_projects(Project.objects.filter(of(Kind.PROJECT))),
        indicators=_indicators(Indicator.objects.filter(of(Kind.INDICATOR))),
        counts=_counts(PlanStatement.objects.filter(of(Kind.COUNT))),
        amounts=_amounts(StatedAmount.objects.filter(of(Kind.AMOUNT))),
        commitments=_commitments(Commitment.objects.filter(of(Kind.COMMITMENT))),
    )


def of_list(year: int) -> Known:
    """The projects of a year's list, and the indicators that had a target in it."""
    return Known(
        projects=_projects(Project.objects.filter(entries__year=year)),
        indicators=_indicators(Indicator.objects.filter(targets__year=year)),
    )


def _counts(rows: QuerySet[PlanStatement]) -> dict[int, KnownCount]:
    return {
        row.pk: KnownCount(
            pk=row.pk,
            code=row.code,
            year=row.year,
            subject=row.subject,
            words=(row.quote, row.text),
            goal=row.goal,
            category=row.category,
            level=row.level,
            comparator=row.comparator,
            count=row.count,
        )
        for row in rows
    }


def _amounts(rows: QuerySet[StatedAmount]) -> dict[int, KnownAmount]:
    return {
        row.pk: KnownAmount(
            pk=row.pk,
            code=row.code,
            year=row.year,
            kind=row.kind,
            subject=row.subject,
            words=(row.quote, row.text),
            comparator=row.comparator,
            value=row.value,
            unit=row.unit,
            growth=row.growth,
            growth_unit=row.growth_unit,
        )
        for row in rows
    }


def _commitments(rows: QuerySet[Commitment]) -> dict[int, KnownCommitment]:
    return {
        row.pk: KnownCommitment(
            pk=row.pk,
            code=row.code,
            year=row.year,
            kind=row.kind,
            title=row.title,
            text=row.text,
            result=row.result,
            measures=tuple(map(known_measure, row.measures.all())),
        )
        for row in rows.prefetch_related("measures")
    }


def known_measure(row: Measure) -> KnownMeasure:
    """A quantity as a value."""
    return KnownMeasure(
        pk=row.pk,
        subject=row.subject,
        words=(row.quote, row.text, row.actual_text),
        target=row.value,
        actual=row.actual,
        unit=row.unit,
        comparator=row.comparator,
    )


def _projects(rows: QuerySet[Project]) -> dict[int, KnownProject]:
    of_rows = Q(project__in=rows.order_by().values("pk"))
    entries: dict[int, dict[int, KnownEntry]] = defaultdict(dict)
    for row in AnnualPlan.objects.filter(of_rows).order_by("pk"):
        entries[row.project_id][row.year] = KnownEntry(
            row.pk,
            row.year,
            row.cited_name,
            row.goal,
            row.result,
            row.category,
            row.sector,
            row.level,
            row.planned_investment,
            row.table,
            row.heading,
            row.version > 0,
        )
    mentioned: dict[int, set[int]] = defaultdict(set)
    for project, year in ProjectMention.objects.filter(of_rows).values_list("project_id", "year"):
        mentioned[project].add(year)
    return {
        row.pk: KnownProject(
            row.pk,
            row.code,
            row.name,
            row.category,
            row.sector,
            row.status,
            row.total_investment,
            entries.get(row.pk, {}),
            frozenset(mentioned.get(row.pk, ())),
        )
        for row in rows.order_by("pk").distinct()
    }


def _indicators(rows: QuerySet[Indicator]) -> dict[int, KnownIndicator]:
    of_rows = Q(indicator__in=rows.order_by().values("pk"))
    targets: dict[int, dict[int, KnownTarget]] = defaultdict(dict)
    for target in Target.objects.filter(of_rows).order_by("pk"):
        targets[target.indicator_id][target.year] = KnownTarget(
            target.pk, target.text, target.binding, target.seq, target.quote
        )
    results: dict[int, dict[int, KnownResult]] = defaultdict(dict)
    of_district = Q(month__isnull=True, area=Area.DISTRICT)
    for row in Observation.objects.filter(of_rows & of_district).order_by("pk"):
        results[row.indicator_id][row.year] = KnownResult(
            row.pk, row.text, row.value, row.growth, row.growth_unit, row.quote
        )
    return {
        row.pk: KnownIndicator(
            row.pk,
            row.code,
            row.name,
            row.unit,
            row.parent.name if row.parent else "",
            row.direction,
            targets.get(row.pk, {}),
            results.get(row.pk, {}),
        )
        for row in rows.select_related("parent").order_by("pk").distinct()
    }
