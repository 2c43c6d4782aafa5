"""The views that the API is made of: a list with filters and pages, one row, a step."""

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework import generics, serializers
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from office.api.etags import respond
from office.api.pages import KeysetPages
from office.api.rows import RowReader
from office.keyset import Order

_readers: dict[type, RowReader] = {}


def reader_of(serializer: type[serializers.Serializer]) -> RowReader:
    """The reader of a serializer's rows, made once."""
    if serializer not in _readers:
        _readers[serializer] = RowReader(serializer)
    return _readers[serializer]


class FilterParameters(BaseFilterBackend):
    """The parameters of a page's FilterSet, which is the API's too."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        """The rows asked for; raises ValidationError naming the parameter that makes no sense."""
        asked = set(request.query_params) - set(OTHER_PARAMETERS)
        filters = view.filterset_class.base_filters if view.filterset_class else {}
        if unknown := sorted(asked - set(filters)):
            words = _("There is no such parameter. Known: %(names)s.")
            names = "、".join([*filters, *OTHER_PARAMETERS])
            raise ValidationError({name: [words % {"names": names}] for name in unknown})
        if not asked:  # a filter's form is dear, and here it would say nothing
            return queryset
        filterset = view.get_filterset(request.query_params, queryset)
        if not filterset.is_valid():
            raise ValidationError(dict(filterset.errors.items()))
        return filterset.qs

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The parameters as OpenAPI says them."""
        filters = view.filterset_class.base_filters if view.filterset_class else {}
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": str(each.label or name),
                "schema": _schema_of(each),
            }
            for name, each in filters.items()
        ]


OTHER_PARAMETERS = ("ordering", "page_size", "cursor")


def _schema_of(each: Any) -> dict[str, Any]:
    if isinstance(each, django_filters.NumberFilter):
        return {"type": "number"}
    choices = each.extra.get("choices", ())
    if callable(choices):  # what the database holds is no part of the schema
        return {"type": "string"}
    choices = [str(value) for value, _label in choices if value]
    return {"type": "string", "enum": choices} if choices else {"type": "string"}


class RowList(generics.ListAPIView):
    """A list: permitted rows, the page's filters, a serializer that says the columns, orders.

    `orders` maps the names that `ordering` takes to orders; the first is the usual one.
    """

    filterset_class: type[django_filters.FilterSet] | None = None
    filter_backends = [FilterParameters]
    pagination_class = KeysetPages
    orders: Mapping[str, Order] = {"id": Order.by("pk")}

    def get_rows(self) -> QuerySet[Any]:
        """The rows that this person may see."""
        raise NotImplementedError

    def get_filterset(self, data: Any, rows: QuerySet[Any]) -> django_filters.FilterSet:
        """The filter with what it needs besides."""
        assert self.filterset_class is not None
        return self.filterset_class(data, queryset=rows, request=self.request)

    def enrich(self, rows: list[dict[str, Any]]) -> None:
        """Add to the page's rows what no column holds."""

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        pages: KeysetPages = self.paginator
        order, size = pages.order(request, self), pages.size(request)
        position = pages.position(request, order)
        reader, keys = reader_of(self.serializer_class), order.order.lookups
        found = self.filter_queryset(self.get_rows()).values_list(*reader.lookups, *keys)
        values = order.order.read(found, size + 1, place=position)
        rows = [reader.row(each) for each in values[:size]]
        self.enrich(rows)
        following = None
        if len(values) > size:
            following = pages.next_address(request, order, values[size - 1][-len(keys) :])
        return respond(request, {"next": following, "results": rows})


class RowDetail(generics.RetrieveAPIView):
    """One row by its key, with whatever hangs on it. `versioned` rows can be written with If-Match."""

    lookup_field = "pk"
    versioned = False

    def get_rows(self) -> QuerySet[Any]:
        """The rows that this person may see."""
        raise NotImplementedError

    @cached_property
    def key(self) -> dict[str, Any]:
        """What the address names; 404 for what no key is."""
        value = self.kwargs[self.lookup_field]
        if "\x00" in str(value):
            raise Http404
        return {self.lookup_field: value}

    def complete(self, row: dict[str, Any]) -> None:
        """Add to the row what no column holds."""

    def read(self) -> dict[str, Any]:
        """The row as it stands now; 404 for who may not see it."""
        reader = reader_of(self.serializer_class)
        values = self.get_rows().filter(**self.key).values_list(*reader.lookups).first()
        if values is None:
            raise Http404
        row = reader.row(values)
        self.complete(row)
        return row

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        return self.answer(request)

    def answer(self, request: Request) -> Any:
        """The row with its validator."""
        row = self.read()
        return respond(request, row, version=row["version"] if self.versioned else None)


class RowSerializer(serializers.ModelSerializer):
    """Columns of a model, to be read; a choice that may be empty says so in the description too."""

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """Without bounds: they are the database's, each has its own, and nothing is written here."""
        kind, kwargs = super().build_standard_field(field_name, model_field)
        bounds = ("max_value", "min_value", "validators")
        return kind, {name: value for name, value in kwargs.items() if name not in bounds}

    def include_extra_kwargs(self, kwargs: Any, extra_kwargs: Any) -> Any:
        may_be_blank = kwargs.get("allow_blank") and "choices" in kwargs
        found = super().include_extra_kwargs(kwargs, extra_kwargs)
        return found | {"allow_blank": True} if may_be_blank else found


class StrictSerializer(serializers.Serializer):
    """What a program sends: a name that is not known is refused, not passed over."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            raise ValidationError({name: [_("There is no such field.")] for name in unknown})
        return super().to_internal_value(data)
