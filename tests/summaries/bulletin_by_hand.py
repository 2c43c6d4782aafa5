"""The bulletin's figures by another road: plain Python over the rows of the monthly reports."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from projects.models import AnnualPlan, ProgressReport

Keep = Callable[[AnnualPlan], bool]


@dataclass
class Hand:
    """What some entries add up to at the end of a month; money as exact fractions of 万元."""

    entries: int = 0
    figures: int = 0
    due: int = 0
    reported: int = 0
    total: Fraction | None = None
    planned: Fraction = Fraction(0)
    invested: Fraction = Fraction(0)
    base: Fraction = Fraction(0)
    """The year's plan of the entries with a figure."""
    scheduled: Fraction = Fraction(0)
    in_month: Fraction = Fraction(0)
    lights: dict[str, int] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    unreported: list[str] = field(default_factory=list)

    @property
    def completion(self) -> Fraction | None:
        return 100 * self.invested / self.base if self.base else None

    @property
    def schedule(self) -> Fraction | None:
        return 100 * self.invested / self.scheduled if self.scheduled else None

    @property
    def gap(self) -> Fraction | None:
        if not self.base:
            return None
        return 100 * self.invested / self.base - 100 * self.scheduled / self.base


def of_month(year: int, month: int, keep: Keep = lambda entry: True) -> Hand:
    """Add up, one row after another."""
    hand = Hand()
    for entry in AnnualPlan.objects.filter(year=year).select_related("project__department"):
        if not keep(entry):
            continue
        hand.entries += 1
        rows = {
            row.period.month: row
            for row in ProgressReport.objects.filter(entry=entry).select_related("period", "light")
        }
        _add(hand, entry, rows, month)
    return hand


def _add(hand: Hand, entry: AnnualPlan, rows: dict[int, ProgressReport], month: int) -> None:
    row = rows[month]
    hand.planned += Fraction(row.planned_year)
    if entry.project.total_investment is not None:
        hand.total = (hand.total or Fraction(0)) + Fraction(entry.project.total_investment)
    if row.state != "not_due":
        hand.due += 1
        if row.first_submitted_on is None:
            hand.unreported.append(entry.cited_name)
        else:
            hand.reported += 1
            if row.first_submitted_on > row.period.due_on:
                hand.late.append(entry.cited_name)
    light = row.light.shown if hasattr(row, "light") else ""
    hand.lights[light] = hand.lights.get(light, 0) + 1
    if row.approved_invested_ytd is None:
        return
    invested = Fraction(row.approved_invested_ytd)
    hand.figures += 1
    hand.invested += invested
    hand.base += Fraction(row.planned_year)
    hand.scheduled += Fraction(row.planned_ytd)
    earlier = [
        Fraction(rows[number].approved_invested_ytd)
        for number in range(1, month)
        if rows[number].approved_invested_ytd is not None
    ]
    hand.in_month += invested - (earlier[-1] if earlier else 0)


def half_up(value: Fraction, places: int) -> str:
    """Rounded by whole numbers alone, halves away from zero."""
    scaled = abs(value) * 10**places
    whole = int(scaled) + (scaled - int(scaled) >= Fraction(1, 2))
    digits = f"{whole:0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if value < 0 and whole else text


def close(found: Any, expected: Fraction | None) -> bool:
    """Whether a number of a workbook is the exact one; a dash where there is none."""
    if expected is None:
        return bool(found == "—")
    return abs(Fraction(found) - expected) < Fraction(1, 10**8)
