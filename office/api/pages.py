"""Pages of a list that cost the same however deep they lie: each begins after a row, not after n rows."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request

from office.keyset import Order, signed, unsigned

PAGE_SIZE, MOST_ROWS = 100, 500
# Without a time in it: the same page has the same cursor, and so the same validator.
_SIGNER = signing.Signer(salt="api.cursor")


@dataclass(frozen=True, slots=True)
class NamedOrder:
    """An order by the name that `ordering` gives it."""

    name: str
    order: Order


class KeysetPages(BasePagination):
    """The parameters `ordering`, `page_size` and `cursor`, and the shape of a page."""

    def order(self, request: Request, view: Any) -> NamedOrder:
        """The order that is asked for, else the view's first."""
        asked = request.query_params.get("ordering") or next(iter(view.orders))
        name = asked.removeprefix("-")
        if name not in view.orders:
            known = "、".join(view.orders)
            raise ValidationError({"ordering": _("Known orders: %(names)s.") % {"names": known}})
        order: Order = view.orders[name]
        return NamedOrder(asked, order.turned() if asked.startswith("-") else order)

    def size(self, request: Request) -> int:
        """How many rows are asked for."""
        asked = request.query_params.get("page_size", str(PAGE_SIZE))
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 5):
            raise ValidationError({"page_size": _("A page has between 1 and 500 rows.")})
        if not 1 <= int(asked) <= MOST_ROWS:
            raise ValidationError({"page_size": _("A page has between 1 and 500 rows.")})
        return int(asked)

    def position(self, request: Request, order: NamedOrder) -> list[Any] | None:
        """The key of the row that the page comes after; None for the first page."""
        cursor = request.query_params.get("cursor")
        if not cursor:
            return None
        try:
            name, *values = unsigned(_SIGNER, cursor)
        except ValueError as error:
            raise ValidationError({"cursor": _("This is no place in the list.")}) from error
        if name != order.name:
            raise ValidationError({"cursor": _("The cursor belongs to another order.")})
        return values

    def next_address(self, request: Request, order: NamedOrder, values: Any) -> str:
        """Where the page after the row with these values of the keys is."""
        query = request.query_params.copy()
        query["cursor"] = signed(_SIGNER, order.name, *values)
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
