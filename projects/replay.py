"""Replays a history: what the present row has to say, and where a step met something else.

Values are in the plain form in which steps keep them (audit.plain).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Past:
    """What a step says of the row: its place, the values that it met and those that it left."""

    number: int
    before: Values
    after: Values


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is not what the history says; `number` is the step that met it, else it is now."""

    name: str
    found: Any
    expected: Any
    number: int | None = None


@dataclass(slots=True)
class Replayed:
    """Where a history leads: the values after its last step, and what did not fit on the way."""

    values: dict[str, Any] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)

    def held_against(self, present: Values) -> list[Difference]:
        """What did not fit on the way, and every value of the present row that is another."""
        return self.differences + [
            Difference(name, present[name], expected)
            for name, expected in self.values.items()
            if name in present and present[name] != expected
        ]


def replay(steps: Iterable[Past], start: Values) -> Replayed:
    """Follow a history from what the row said before its first step, as far as that is known.

    A value that a step met and no step had left was changed behind the history's back between two
    of its steps.
    """
    replayed = Replayed(dict(start))
    for step in steps:
        for name, met in step.before.items():
            if name in replayed.values and replayed.values[name] != met:
                known = replayed.values[name]
                replayed.differences.append(Difference(name, met, known, step.number))
        replayed.values.update(step.after)
    return replayed


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan in force in one month: of the year and cumulated to the month's end, in 万元."""

    year: Decimal
    to_date: Decimal


def planned_months(decisions: Iterable[tuple[int, Values]]) -> dict[int, Planned]:
    """The plan of each month after the decisions: (from its month on, what it left), oldest first."""
    months: dict[int, Planned] = {}
    for from_month, after in decisions:
        year = Decimal(after["planned_investment"])
        for month, to_date in enumerate(after["months"], start=1):
            if month >= from_month:
                months[month] = Planned(year, Decimal(to_date))
    return months
