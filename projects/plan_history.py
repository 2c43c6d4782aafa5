"""What bodies decided of an entry's plan, told in words: its adoption, and each revision old to new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from projects.models import AnnualPlan, PlanAction, PlanRevision, Stage
from projects.plan_rows import curve_words


@dataclass(frozen=True, slots=True)
class Change:
    """A field that a decision changed, in words; an amount is a Decimal in 万元."""

    label: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class MonthChange:
    """A month's cumulated plan in 万元 before (None: there was none) and after."""

    month: int
    old: Decimal | None
    new: Decimal

    @property
    def is_changed(self) -> bool:
        """Whether the decision changed the month."""
        return self.old != self.new


@dataclass(frozen=True, slots=True)
class Told:
    """A decision as the pages tell it."""

    revision: PlanRevision
    is_adoption: bool
    curve: str
    changes: Sequence[Change]
    months: Sequence[MonthChange]


@dataclass(frozen=True, slots=True)
class AdoptedPlan:
    """A year's plan as it stands, and the decisions that made it."""

    entry: AnnualPlan
    decisions: Sequence[Told]

    @property
    def months(self) -> Sequence[MonthChange]:
        """The twelve months of the present plan."""
        return self.decisions[-1].months


def adopted(entries: Iterable[AnnualPlan]) -> list[AdoptedPlan]:
    """The adopted ones of some entries, whose revisions (with who entered them) are at hand."""
    return [
        AdoptedPlan(entry, told(entry.revisions.all()))
        for entry in entries
        if entry.adopted_on is not None
    ]


def told(revisions: Iterable[PlanRevision]) -> list[Told]:
    """Tell decisions, the oldest first."""
    return [
        Told(
            revision,
            is_adoption=revision.action == PlanAction.ADOPT,
            curve=curve_words(revision.after.get("curve", ""), revision.after.get("season_of", ""))
            if revision.after.get("curve")
            else "",
            changes=changes(revision.before, revision.after),
            months=months(revision.before, revision.after),
        )
        for revision in revisions
    ]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The amount and the goal where they differ; values as a revision keeps them."""
    found = []
    old, new = _money(before["planned_investment"]), _money(after["planned_investment"])
    if old != new:
        found.append(Change(_("Planned investment"), old, new))
    if before["goal"] != after["goal"]:
        found.append(Change(_("Goal"), _stage(before["goal"]), _stage(after["goal"])))
    return found


def months(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[MonthChange]:
    """The twelve months, old beside new."""
    old: list[Any] = list(before["months"]) or [None] * len(after["months"])
    return [
        MonthChange(month, _money(was), Decimal(now))
        for month, (was, now) in enumerate(zip(old, after["months"], strict=True), start=1)
    ]


def _money(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _stage(value: str) -> str:
    return str(Stage(value).label) if value else "—"
