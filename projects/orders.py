"""The orders of the lists that hold at any size: each has its index, or begins with a short one.

What changes with every step taken of a project (its status) has no index on the project's row, and
so no order here: such a column sorts lists that are short enough to be counted.
"""

from typing import Any

from django.db.models import Exists, OuterRef

from office.keyset import Key, Order
from projects.models import LatestFigures


def _without(name: str) -> Any:
    """The entries whose latest figures do not have this one, or that have none."""
    known = LatestFigures.objects.filter(**{"entry": OuterRef("pk"), f"{name}__isnull": False})
    return ~Exists(known)


_AS_PRINTED = Order(
    (
        Key(("year",), descending=True),
        Key(("table",)),
        Key(("position", "pk"), nullable=True),
        Key(("pk",)),
    )
)
"""As the report prints the lists, the latest year first."""
PLAN_ORDERS = {
    "": _AS_PRINTED,
    "source": _AS_PRINTED,
    "name": Order((Key(("project__name_sort",)), Key(("project_id", "year")))),
    "code": Order((Key(("project__code",)), Key(("year",)))),
}
LATEST_ORDERS = {
    name: Order(
        (Key((f"latest__{name}", "latest__pk"), nullable=True, absent=_without(name)), Key(("pk",)))
    )
    for name in ("completion_rate", "gap")
}
"""By the latest figures, which stand in a narrow table of their own."""
YEAR_ORDERS = {
    name: Order((Key((name, "pk"), nullable=True), Key(("pk",))))
    for name in ("planned_investment",)
}
"""Of the entries of one year."""

PROJECT_ORDERS = {
    "": Order((Key(("name_sort", "pk")),)),
    "name": Order((Key(("name_sort", "pk")),)),
    "code": Order((Key(("code",)),)),
    "total_investment": Order((Key(("total_investment", "pk"), nullable=True), Key(("pk",)))),
}
