"""How many rows a list has, without reading a long list to its end."""

import json
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from office.key_pages import Total

DEAR = 2_000
"""What a count may cost, as PostgreSQL's planner reckons: some milliseconds."""
FEW = 50
"""So few rows are counted whatever it costs: to show them they have to be found anyway."""


def counted(rows: QuerySet[Any], *, up_to: int) -> Total:
    """The number of rows, counted where there are no more than `up_to`; else about so many.

    Where PostgreSQL expects far more, or that counting the first ones would take long (they lie
    scattered among others), its expectation is believed.
    """
    keys = rows.order_by().values("pk")
    if connections[rows.db].vendor != "postgresql":
        return Total(keys.count())
    first = keys[: up_to + 1]
    text = first.explain(format="json")
    if not text:  # a condition that no row can meet
        return Total(0)
    plan = json.loads(text)[0]["Plan"]
    expected = int(plan.get("Plans", [plan])[0]["Plan Rows"])
    is_dear = plan["Total Cost"] > DEAR and expected > FEW
    if expected <= 2 * up_to and not is_dear:
        number = first.count()
        if number <= up_to:
            return Total(number)
        expected = max(expected, number)
    return Total(_rounded(expected), is_exact=False)


def _rounded(number: int) -> int:
    """To two significant digits: an estimate does not know more."""
    return int(round(number, 2 - len(str(number))))
