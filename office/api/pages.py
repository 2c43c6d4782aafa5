"""Pages of a list that cost the same however deep they lie: each begins after a row, not after n rows."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request

PAGE_SIZE, MOST_ROWS = 100, 500
# Without a time in it: the same page has the same cursor, and so the same validator.
_SIGNER = signing.Signer(salt="api.cursor")


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list: lookups that are never empty, of which the last is unique."""

    name: str
    keys: tuple[str, ...]
    descending: bool = False

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows in this order."""
        sign = "-" if self.descending else ""
        return rows.order_by(*[f"{sign}{key}" for key in self.keys])

    def after(self, rows: QuerySet[Any], values: list[Any]) -> QuerySet[Any]:
        """The rows that stand behind the one with these values of the keys."""
        beyond = "lt" if self.descending else "gt"
        condition = Q()
        for key, value in reversed(list(zip(self.keys, values, strict=True))):
            further = Q(**{f"{key}__{beyond}": value})
            condition = further | Q(**{key: value}) & condition if condition else further
        if len(self.keys) > 1:  # the first key by itself lets an index find the place
            condition &= Q(**{f"{self.keys[0]}__{beyond}e": values[0]})
        return rows.filter(condition)


class KeysetPages(BasePagination):
    """The parameters `ordering`, `page_size` and `cursor`, and the shape of a page."""

    def order(self, request: Request, view: Any) -> Order:
        """The order that is asked for, else the view's first."""
        asked = request.query_params.get("ordering") or next(iter(view.orders))
        name = asked.removeprefix("-")
        if name not in view.orders:
            known = "、".join(view.orders)
            raise ValidationError({"ordering": _("Known orders: %(names)s.") % {"names": known}})
        return Order(asked, view.orders[name], asked.startswith("-"))

    def size(self, request: Request) -> int:
        """How many rows are asked for."""
        asked = request.query_params.get("page_size", str(PAGE_SIZE))
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 5):
            raise ValidationError({"page_size": _("A page has between 1 and 500 rows.")})
        if not 1 <= int(asked) <= MOST_ROWS:
            raise ValidationError({"page_size": _("A page has between 1 and 500 rows.")})
        return int(asked)

    def position(self, request: Request, order: Order) -> list[Any] | None:
        """The key of the row that the page comes after; None for the first page."""
        cursor = request.query_params.get("cursor")
        if not cursor:
            return None
        try:
            name, *values = _SIGNER.unsign_object(cursor)
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise ValidationError({"cursor": _("This is no place in the list.")}) from error
        if name != order.name:
            raise ValidationError({"cursor": _("The cursor belongs to another order.")})
        return list(values)

    def next_address(self, request: Request, order: Order, values: Any) -> str:
        """Where the page after the row with these values of the keys is."""
        query = request.query_params.copy()
        query["cursor"] = _SIGNER.sign_object([order.name, *values])
        return str(request.build_absolute_uri(f"{request.path}?{query.urlencode()}"))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A page as OpenAPI says it."""
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {
                    "type": "string",
                    "format": "uri",
                    "nullable": True,
                    "description": str(_NEXT),
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters as OpenAPI says them."""
        names = [sign + name for name in view.orders for sign in ("", "-")]
        size = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": PAGE_SIZE}
        return [
            _parameter("ordering", {"type": "string", "enum": names}, str(_ORDERING)),
            _parameter("page_size", size, str(_SIZE)),
            _parameter("cursor", {"type": "string"}, str(_CURSOR)),
        ]


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description} | {
        "schema": schema
    }


_NEXT = gettext_lazy("The address of the next page; null on the last.")
_ORDERING = gettext_lazy("The order; a minus turns it round.")
_SIZE = gettext_lazy("Rows of a page.")
_CURSOR = gettext_lazy("From the address of the next page; the other parameters stay the same.")
