"""资金来源: keeps where a project's money comes from and what of it has arrived.

Every change is a step in the project's history, under "funding:" and the source.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from projects import audit, lifecycle
from projects.arrival import exceeds
from projects.models import Funding, Project, StatusChange

KEY = "funding:"


@dataclass(frozen=True, slots=True)
class Money:
    """One source as somebody enters it, in 万元; without an amount the source is not used."""

    amount: Decimal | None
    arrived: Decimal | None = None


class FundingError(Exception):
    """What was entered cannot be kept; `errors` maps (source, field) to the message.

    `to_confirm` are the sources of which more has arrived than was promised.
    """

    def __init__(self, errors: Mapping[tuple[str, str], str], to_confirm: Collection[str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)
        self.to_confirm = frozenset(to_confirm)


@transaction.atomic
def keep(
    project: Project,
    entered: Mapping[str, Money],
    *,
    version: int,
    by: User,
    at: datetime,
    confirmed: Collection[str] = (),
) -> StatusChange | None:
    """Keep a project's sources as entered, all or none; sources that are not named stay.

    Returns the step in the history, None where nothing differs. `version` is the project's when
    the form was opened, `confirmed` the sources of which more than was promised has arrived
    indeed. Raises StaleProjectError where somebody changed the project since, FundingError where
    an amount cannot be or has to be confirmed. The caller has asked may_enter_facts, and
    may_keep_plans where an amount changes.
    """
    held = lifecycle.hold(project.pk, version=version)
    stored = {row.source: row for row in held.funding.all()}
    before = {source: values(stored[source]) if source in stored else None for source in entered}
    changed = {
        source: money for source, money in entered.items() if _entry(money) != before[source]
    }
    _refuse(changed, confirmed)
    if not changed:
        return None
    for source, money in changed.items():
        if money.amount is None:
            stored[source].delete()
        else:
            row = stored.get(source) or Funding(project=held, source=source)
            row.amount, row.arrived = money.amount, money.arrived
            row.save()
    return lifecycle.record(
        held,
        {f"{KEY}{source}": before[source] for source in changed},
        {f"{KEY}{source}": _entry(money) for source, money in changed.items()},
        by=by,
        at=at,
    )


def _refuse(changed: Mapping[str, Money], confirmed: Collection[str]) -> None:
    errors: dict[tuple[str, str], str] = {}
    to_confirm = {
        source
        for source, money in changed.items()
        if exceeds(money.amount, money.arrived) and source not in confirmed
    }
    for source, money in changed.items():
        if money.amount is None and money.arrived is not None:
            errors[source, "amount"] = _("Say how much this source gives in all.")
        elif source in to_confirm:
            errors[source, "arrived"] = _(
                "More has arrived than the source gives. Correct it, or confirm that it is so."
            )
    if errors:
        raise FundingError(errors, to_confirm)


def _entry(money: Money) -> dict[str, Any] | None:
    """A source as the history writes it; None where it is not used."""
    if money.amount is None and money.arrived is None:
        return None
    return audit.plain({"amount": money.amount, "arrived": money.arrived})


def values(row: Funding) -> dict[str, Any]:
    """A source as the history writes it."""
    return audit.plain({"amount": row.amount, "arrived": row.arrived})
