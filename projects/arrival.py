"""资金到位: what has arrived of a project's money, and how that stands against what was promised.

Money is in 万元. An amount that nobody states is None and never zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Totals:
    """The sources of a project taken together.

    `arrived` is summed over the `stated` sources of which somebody says what has arrived, and
    `promised` over the amounts of the same ones: they are the two parts of the arrival rate.
    """

    amount: Decimal
    sources: int
    arrived: Decimal | None
    promised: Decimal | None
    stated: int

    @property
    def rate(self) -> Decimal | None:
        """到位率 in percent, to one decimal place; None where nothing can be divided."""
        if self.arrived is None or not self.promised:
            return None
        return (100 * self.arrived / self.promised).quantize(TENTH, ROUND_HALF_UP)

    @property
    def is_partial(self) -> bool:
        """Whether of some sources nobody says what has arrived."""
        return self.stated < self.sources

    def beyond(self, total_investment: Decimal | None) -> Decimal | None:
        """By how much the sources exceed the total investment, negative where they fall short of it;
        None where the total is not known.
        """
        return None if total_investment is None else self.amount - total_investment


def totals(rows: Iterable[tuple[Decimal, Decimal | None]]) -> Totals | None:
    """Sum up sources, each (amount, arrived); None where there are none."""
    found = list(rows)
    if not found:
        return None
    stated = [(amount, arrived) for amount, arrived in found if arrived is not None]
    return Totals(
        amount=sum((amount for amount, _arrived in found), Decimal(0)),
        sources=len(found),
        arrived=sum((arrived for _amount, arrived in stated), Decimal(0)) if stated else None,
        promised=sum((amount for amount, _arrived in stated), Decimal(0)) if stated else None,
        stated=len(stated),
    )


def exceeds(amount: Decimal | None, arrived: Decimal | None) -> bool:
    """Whether more has arrived than was promised: somebody has to confirm that."""
    return amount is not None and arrived is not None and arrived > amount
