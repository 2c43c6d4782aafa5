"""How many rows a list has, without reading a long list to its end."""

import json
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from office.key_pages import Total


def counted(rows: QuerySet[Any], *, up_to: int) -> Total:
    """The number of rows, counted where there are no more than `up_to`; else about so many."""
    keys = rows.order_by().values("pk")
    number = keys[: up_to + 1].count()
    if number <= up_to:
        return Total(number)
    if connections[rows.db].vendor != "postgresql":
        return Total(keys.count())
    [plan] = json.loads(keys.explain(format="json"))
    return Total(_rounded(max(int(plan["Plan"]["Plan Rows"]), number)), is_exact=False)


def _rounded(number: int) -> int:
    """To two significant digits: an estimate does not know more."""
    return int(round(number, 2 - len(str(number))))
