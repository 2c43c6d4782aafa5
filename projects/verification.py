"""Checks every history against its digests, its seals and the present rows (`manage.py verify_audit`).

Rows are read in streams, in the order of their owners, so that memory does not grow with the
histories; the number of queries does not either, but for two more with every CHUNK of projects.
"""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, models, transaction

from projects import accounted, audit, chains
from projects.audit import Fault
from projects.discrepancies import Finding, Kind
from projects.models import (
    AnnualPlan,
    AuditSeal,
    Chained,
    Obstacle,
    ObstacleEvent,
    PlanRevision,
    ProgressReport,
    Project,
    ReportEvent,
    StatusChange,
)
from projects.replay import Difference, planned_months

CHUNK = 2000


@dataclass(slots=True)
class Verification:
    """What was looked at and what was found."""

    findings: list[Finding] = field(default_factory=list)
    chains: int = 0
    steps: int = 0
    seals: int = 0
    unsealed: int = 0
    """Steps that no seal covers yet."""
    last_seal: tuple[date, str] | None = None
    """The day and the digest of the latest seal: what a copy outside is compared with."""


def verify(known_seal: str = "") -> Verification:
    """Walk all chains, their owners and seals, and replay the steps against the present rows.

    `known_seal` is the digest of a seal that was kept outside the database: it has to be there
    still. Everything is read as of one moment, so that work that goes on meanwhile is no finding.
    """
    with _one_moment():
        return _Walk(known_seal).walk()


@contextmanager
def _one_moment() -> Iterator[None]:
    """One state of the database for all queries; inside somebody's transaction it is that one's."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


Heads = dict[str, tuple[int, str]]
"""The last step of each chain: its number and its digest."""

Present = Callable[[Any, Any], list[Difference]]
"""What does not fit between an owner's row and its steps."""


def _kinds() -> Iterator[tuple[type[Chained], models.QuerySet[Any], Present]]:
    """Each kind of chain with its owners and what is held against their rows."""
    yield ReportEvent, ProgressReport.objects.select_related("light"), accounted.of_report
    projects = Project.objects.select_related("department")
    projects = projects.prefetch_related("funding", "milestones")
    yield StatusChange, projects, accounted.of_project
    yield PlanRevision, AnnualPlan.objects.all(), accounted.of_entry
    yield ObstacleEvent, Obstacle.objects.select_related("responsible"), accounted.of_obstacle


class _Walk:
    """One verification under way."""

    def __init__(self, known_seal: str) -> None:
        self.done = Verification()
        self.known_seal = known_seal
        self.broken: set[str] = set()
        self.seal_days: dict[int, date] = {}
        self.changed_seals: set[date] = set()
        self.is_seal_missing = False

    def walk(self) -> Verification:
        self._seals()
        for model, owners, present in _kinds():
            steps = model._default_manager.order_by(f"{model.OWNER}_id", "number")
            for owner, taken in _side_by_side(owners.order_by("pk"), steps, f"{model.OWNER}_id"):
                self._chain(f"{model.OWNER}:{owner.pk}", owner, taken, present)
        self._plans()
        self._sealed()
        return self.done

    def _find(self, chain: str, kind: Kind, **more: Any) -> None:
        self.done.findings.append(Finding(chain, kind, **more))
        self.broken.add(chain)

    def _seals(self) -> None:
        """The seals among themselves."""
        is_known = not self.known_seal

        def seals() -> Iterator[audit.Seal]:
            nonlocal is_known
            for row in AuditSeal.objects.order_by("day").iterator(CHUNK):
                self.done.seals += 1
                self.done.last_seal = (row.day, row.digest)
                self.seal_days[row.pk] = row.day
                is_known = is_known or row.digest == self.known_seal
                yield _seal(row)

        for seal, fault in audit.breaks_of_seals(seals()):
            self._find(f"seal:{seal.on}", _OF_SEALS[fault])
            if fault is Fault.REMOVED:
                self.is_seal_missing = True
            else:
                self.changed_seals.add(seal.on)
        if not is_known:
            self._find("seal", Kind.SEAL_UNKNOWN)

    def _chain(self, name: str, owner: Any, steps: list[Chained], present: Present) -> None:
        """One chain in itself, against its owner, and replayed."""
        self.done.chains += bool(steps)
        self.done.steps += len(steps)
        self.done.unsealed += sum(step.seal_id is None for step in steps)
        links = [
            audit.Link(step.number, step.previous, chains.payload(step), step.digest)
            for step in steps
        ]
        for broken in audit.breaks(links, version=owner.version, head=owner.head):
            self._find(name, Kind(broken.fault), number=broken.number, last=broken.last)
        for step in steps:
            if any(getattr(step, column) != getattr(owner, column) for column in step.OF_OWNER):
                self._find(name, Kind.CHANGED, number=step.number)
        if name in self.broken:
            return
        self._order_of_seals(name, steps)
        for difference in present(owner, steps):
            kind = Kind.VALUE_CHANGED if difference.number is None else Kind.VALUE_MET
            self._find(name, kind, number=difference.number, value=difference)

    def _order_of_seals(self, name: str, steps: list[Chained]) -> None:
        """A step is sealed no later than the one after it."""
        days = [self.seal_days.get(step.seal_id or 0) for step in steps]
        sealed = [index for index, day in enumerate(days) if day is not None]
        moved = set(sealed) - audit.in_order(
            [(index, day) for index, day in enumerate(days) if day]
        )
        if sealed and not self.is_seal_missing:
            moved |= {index for index in range(sealed[-1]) if days[index] is None}
        for index in sorted(moved):
            self._find(name, Kind.SEAL_MOVED, number=steps[index].number)

    def _plans(self) -> None:
        """The plan in the monthly reports against the decisions, and that there are twelve of them."""
        decisions = PlanRevision.objects.order_by("entry_id", "number")
        reports = (
            ProgressReport.objects.order_by("entry_id", "period__month")
            .select_related("period")
            .only(
                "entry_id", "year", "planned_year", "planned_ytd", "period__month", "period__year"
            )
        )
        entries = AnnualPlan.objects.order_by("pk").only("pk", "year")
        decided = _side_by_side(entries, decisions, "entry_id")
        reported = _side_by_side(entries, reports, "entry_id")
        for (entry, steps), (_entry, months) in zip(decided, reported, strict=True):
            if f"entry:{entry.pk}" not in self.broken:
                self._months(entry, steps, months)

    def _months(
        self, entry: AnnualPlan, steps: list[PlanRevision], reports: list[ProgressReport]
    ) -> None:
        name = f"entry:{entry.pk}"
        planned = planned_months(
            (step.from_month, step.after) for step in accounted.since_adoption(steps)
        )
        for report in reports:
            is_of_year = report.period.year == entry.year
            plan = planned.pop(report.period.month, None) if is_of_year else None
            if plan is None:
                self._find(f"report:{report.pk}", Kind.ROW_INSERTED)
                continue
            present = {"planned_year": report.planned_year, "planned_ytd": report.planned_ytd}
            expected = {"planned_year": plan.year, "planned_ytd": plan.to_date}
            for column, value in expected.items():
                if present[column] != value:
                    difference = Difference(column, present[column], value)
                    self._find(f"report:{report.pk}", Kind.VALUE_CHANGED, value=difference)
        for month in sorted(planned):
            self._find(name, Kind.MONTH_REMOVED, number=month)

    def _sealed(self) -> None:
        """What each seal covers, against the steps that stand under it."""
        for seal, heads, count in _with_heads(AuditSeal.objects.order_by("day")):
            if seal.day not in self.changed_seals:
                self._heads(seal, heads, count)

    def _heads(self, seal: AuditSeal, heads: Heads, count: int) -> None:
        is_explained = not self.broken.isdisjoint({*seal.heads, *heads})
        for name in sorted({*seal.heads, *heads} - self.broken):
            sealed, (number, present) = seal.heads.get(name), heads.get(name, (None, None))
            if sealed == present:
                continue
            is_explained = True
            step = _step_of(name, sealed) if sealed else None
            if sealed and step is None:
                kind = Kind.TAIL_GONE if _has_steps(name) else Kind.CHAIN_GONE
                self._find(name, kind, day=seal.day)
            elif not (self.is_seal_missing and (step is None or step.seal_id is None)):
                moved = step if step is not None and step.seal_id != seal.pk else None
                self._find(name, Kind.SEAL_MOVED, number=moved.number if moved else number)
        if count != seal.events and not is_explained:
            self._find(f"seal:{seal.day}", Kind.SEAL_COUNT)


_OF_SEALS = {
    Fault.CHANGED: Kind.SEAL_CHANGED,
    Fault.REMOVED: Kind.SEAL_REMOVED,
    Fault.INSERTED: Kind.SEAL_INSERTED,
}


def _seal(row: AuditSeal) -> audit.Seal:
    try:
        heads_digest = audit.digest_heads(row.heads)
    except (TypeError, ValueError, AttributeError):  # no such thing was ever sealed
        heads_digest = ""
    return audit.Seal(
        on=row.day,
        previous=row.previous,
        heads=len(row.heads),
        events=row.events,
        heads_digest=heads_digest,
        digest=row.digest,
    )


def _side_by_side(
    owners: models.QuerySet[Any], rows: models.QuerySet[Any], owner: str
) -> Iterator[tuple[Any, list[Any]]]:
    """Each owner with its rows; both come in the order of the owners' primary keys."""
    groups = groupby(rows.iterator(CHUNK), key=lambda row: getattr(row, owner))
    pk, group = next(groups, (None, iter(())))
    for one in owners.iterator(CHUNK):
        found: list[Any] = []
        if pk == one.pk:
            found = list(group)
            pk, group = next(groups, (None, iter(())))
        yield one, found


def _with_heads(
    seals: models.QuerySet[AuditSeal],
) -> Iterator[tuple[AuditSeal, Heads, int]]:
    """Each seal, oldest first, with the last step of each chain under it, and how many stand there."""
    by_day: Callable[[tuple[date, str, int, str]], date] = itemgetter(0)
    steps = heapq.merge(*map(_under_seals, chains.CHAINS), key=by_day)
    groups = groupby(steps, key=by_day)
    day, group = next(groups, (None, iter(())))
    for seal in seals.iterator(CHUNK):
        heads: Heads = {}
        count = 0
        if day == seal.day:
            for _day, name, number, digest in group:
                heads[name] = (number, digest)
                count += 1
            day, group = next(groups, (None, iter(())))
        yield seal, heads, count


def _under_seals(model: type[Chained]) -> Iterator[tuple[date, str, int, str]]:
    """The sealed steps of a kind, in the order of their seals: (day, chain, number, digest)."""
    owner = f"{model.OWNER}_id"
    steps = model._default_manager.filter(seal__isnull=False).order_by("seal__day", owner, "number")
    rows = steps.values_list("seal__day", owner, "number", "digest")
    for day, pk, number, digest in rows.iterator(CHUNK):
        yield day, f"{model.OWNER}:{pk}", number, digest


def _chain_of(name: str) -> models.QuerySet[Any]:
    owner, _colon, pk = name.partition(":")
    for model in chains.CHAINS:
        if owner == model.OWNER and pk.isdecimal():
            return model._default_manager.filter(**{f"{owner}_id": int(pk)})
    return ReportEvent.objects.none()


def _step_of(name: str, digest: str) -> Chained | None:
    return _chain_of(name).filter(digest=digest).first()


def _has_steps(name: str) -> bool:
    return _chain_of(name).exists()
