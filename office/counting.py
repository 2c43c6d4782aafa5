"""How many rows a list has, without reading a long list to its end."""

import hashlib
import json
from functools import partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

from office.key_pages import Total
from office.memory import remembered

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
    try:
        statement, values = first.query.sql_with_params()
    except EmptyResultSet:  # a condition that no row can meet
        return Total(0)
    # Whether to count is asked of the planner once a minute; the count itself is always the present one.
    known = hashlib.sha256(f"{statement}{values}".encode()).hexdigest()
    expected, is_dear = remembered(f"expected:{rows.db}:{known}", partial(_expected, first))
    if expected <= 2 * up_to and not is_dear:
        number = first.count()
        if number <= up_to:
            return Total(number)
        expected = max(expected, number)
    return Total(_rounded(expected), is_exact=False)


def _expected(first: QuerySet[Any]) -> tuple[int, bool]:
    """How many rows the planner expects of which these are the first, and whether to count them is dear."""
    plan = json.loads(first.explain(format="json"))[0]["Plan"]
    expected = int(plan.get("Plans", [plan])[0]["Plan Rows"])
    return expected, plan["Total Cost"] > DEAR and expected > FEW


def _rounded(number: int) -> int:
    """To two significant digits: an estimate does not know more."""
    return int(round(number, 2 - len(str(number))))
