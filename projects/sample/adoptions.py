"""The first step of every generated plan: its adoption, chained like any other."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from office.row_stream import Row
from projects import chains
from projects.models import AnnualPlan, PlanAction, PlanRevision
from projects.sample import words
from projects.schedule_curves import Shape
from projects.season import Basis

BODY = f"{words.MARK}区人民政府"
COLUMNS = (
    "entry_id",
    "number",
    "before",
    "after",
    "by_id",
    "at",
    "digest",
    "action",
    "from_month",
    "approved_by",
    "approved_on",
)


@dataclass(frozen=True, slots=True)
class Adopter:
    """Who adopts the plans of a year, and when."""

    by: User
    on: date
    at: datetime

    def adopt(
        self, entry_id: int, planned: Decimal, months: Sequence[Decimal], goal: str, enters_in: int
    ) -> PlanRevision:
        """The adoption of one plan; its digest is the head of the entry's chain."""
        unplanned: dict[str, Any] = {
            "planned_investment": None,
            "goal": goal,
            "enters_in": enters_in,
            "months": [],
        }
        revision = PlanRevision(
            action=PlanAction.ADOPT,
            approved_by=BODY,
            approved_on=self.on,
            before=unplanned,
            after={
                **unplanned,
                "planned_investment": planned,
                "months": list(months),
                "curve": Shape.SEASON.value,
                "season_of": Basis.CATEGORY.value,
            },
        )
        return chains.link(revision, AnnualPlan(pk=entry_id), by=self.by, at=self.at)


def row(revision: PlanRevision) -> Row:
    """A step as the loader writes it."""
    return (
        revision.entry_id,
        revision.number,
        json.dumps(revision.before, ensure_ascii=False),
        json.dumps(revision.after, ensure_ascii=False),
        revision.by_id,
        f"{revision.at:%Y-%m-%d %H:%M:%S}",
        revision.digest,
        str(revision.action),
        revision.from_month,
        revision.approved_by,
        revision.approved_on,
    )
