"""What every filtered list does: filter, total, sort, page, choose columns, save the view."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from operator import itemgetter
from typing import Any

import django_filters
from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views import View

from accounts.models import User
from office import copied_files, replica
from office.clock import today
from office.counting import counted
from office.file_answers import FileFormat, answer, csv_answer, format_asked
from office.kept_statements import KeptStatement
from office.key_pages import Page, Pages, Total, counted_page, without_place
from office.keyset import Order
from office.table_files import CHUNK
from office.tables import LeanTable
from projects.models import SavedView
from projects.permissions import own_views

PAGE_SIZE = 50
TOTALS_SECONDS = 60
"""How long the totals of a long list are remembered, once somebody had it counted."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a reader may show or hide."""

    name: str
    label: str
    shown: bool


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A saved view, as the list of views shows it."""

    pk: int
    name: str
    url: str
    active: bool


class ListPage(View):
    """A list: a few attributes, a permitted queryset, and the totals of what is filtered.

    A list that is longer than LIST_COUNTED rows is not read to its end for a page: it has about so
    many rows until somebody asks for the totals, and sorts by the columns that `orders` knows.
    """

    http_method_names = ["get", "head", "options"]
    filterset_class: type[django_filters.FilterSet]
    table_class: type[LeanTable]
    template_name: str
    page_name: SavedView.Page
    orders: Mapping[str, Order]

    def get_queryset(self, user: User) -> QuerySet[Any]:
        """The rows that this person may see."""
        raise NotImplementedError

    def get_table_class(self, filterset: django_filters.FilterSet) -> type[LeanTable]:
        """The columns that go with what a valid filter asks for."""
        return self.table_class

    def get_orders(self, filterset: django_filters.FilterSet) -> Mapping[str, Order]:
        """The orders that a valid filter's list has at any size; "" is the usual one."""
        return self.orders

    def get_totals(self, queryset: QuerySet[Any]) -> dict[str, Any]:
        """Totals of the filtered rows, `count` among them; one query."""
        raise NotImplementedError

    def get_defaults(self, query: QueryDict) -> QueryDict:
        """The query that an address without any stands for."""
        return query

    def get_links(self, user: User, query: QueryDict) -> dict[str, Any]:
        """What else the page offers this person."""
        return {}

    def enrich(self, rows: list[dict[str, Any]]) -> None:
        """Add to the page's rows what the query did not bring."""

    def with_parts(self, queryset: QuerySet[Any], fields: Collection[str]) -> QuerySet[Any]:
        """The rows with those of the fields that only a file shows: what ratios are computed from."""
        return queryset

    def get(self, request: HttpRequest) -> HttpResponseBase:
        query = self.get_defaults(request.GET)
        rows = self.get_queryset(request.user)  # type: ignore[arg-type]
        filterset = self.filterset_class(query, queryset=rows, request=request)
        valid = filterset.is_valid()
        queryset = filterset.qs if valid else filterset.queryset.none()
        if valid:
            self.table_class = self.get_table_class(filterset)
        orders = self.get_orders(filterset) if valid else self.orders
        kind = format_asked(query)
        if valid and kind is not None:
            rows = self._ordered(queryset, orders, self._sort(query))
            return self._file(kind, self._table(query, with_key=True), rows)
        among = getattr(filterset, "among", None)
        is_asked = query.get("totals") == "exact"
        is_short, totals = self._totals(queryset, is_asked=is_asked, among=among)
        table = self._table(query, None if is_short else orders)
        sort = self._sort(query, None if is_short else orders)
        total = Total(totals["count"], totals["is_exact"])
        # Few among many may lie anywhere in the order: one county's of a province, say.
        are_few = among is not None or is_short
        page = self._page(table, queryset, orders, sort, total, query, are_few=are_few)
        self.enrich(page.object_list)
        query = without_place(query)
        context = {
            "filter": filterset,
            "totals": totals,
            "sorted_by": "" if is_short else "、".join(table.sortable()),
            "page": page,
            "table": table.lean_html(
                page.object_list,
                query=_without(query, "sort").urlencode(),
                sort=sort,
                label=str(self.page_name.label),
            ),
            "columns": self._columns(table),
            "keep": [(n, v) for n, values in _without(query, "columns").lists() for v in values],
            "keep_filter": [(n, v) for n in ("columns", "sort") for v in query.getlist(n)],
            "active": active_filters(filterset, query) if valid else [],
            "query": query.urlencode(),
            "views": self._views(request.user, query.urlencode()),  # type: ignore[arg-type]
            "clear_url": f"{request.path}?all=1",
            "save_url": reverse("projects:view-save"),
            "page_name": self.page_name.value,
            **self.get_links(request.user, query),  # type: ignore[arg-type]
        }
        return render(request, self.template_name, context, status=200 if valid else 400)

    @replica.insisting
    def _file(
        self, kind: FileFormat, table: LeanTable, queryset: QuerySet[Any]
    ) -> HttpResponseBase:
        """What is filtered, in the order and with the columns of the page, as a file of all rows."""
        columns = table.in_file()
        queryset = self.with_parts(queryset, {column.path for column in columns})
        label, on = str(self.page_name.label), today()
        wanted = [column.path for column in columns]
        is_all_stored = set(_virtual(table)).isdisjoint(wanted)
        if kind is FileFormat.CSV and is_all_stored and copied_files.can_copy(queryset):
            return csv_answer(copied_files.csv_pieces(columns, queryset), label=label, on=on)
        return answer(kind, columns, self._file_rows(table, queryset, wanted), label=label, on=on)

    def _file_rows(
        self, table: LeanTable, queryset: QuerySet[Any], wanted: Sequence[str]
    ) -> Iterator[Sequence[Any]]:
        """The rows' values in the order of the wanted fields, a chunk in memory at a time."""
        virtual = set(_virtual(table)) & set(wanted)
        fields = list(dict.fromkeys(["pk", *(name for name in wanted if name not in virtual)]))
        found = queryset.values_list(*fields).iterator(chunk_size=CHUNK)
        if not virtual:
            places = [fields.index(name) for name in wanted]
            yield from map(itemgetter(*places, 0), found)
            return
        while chunk := [dict(zip(fields, row, strict=True)) for row in islice(found, CHUNK)]:
            self.enrich(chunk)
            yield from map(itemgetter(*wanted, "pk"), chunk)

    def _table(
        self,
        query: QueryDict,
        sortable: Iterable[str] | None = None,
        *,
        with_key: bool = False,
    ) -> LeanTable:
        known = list(self.table_class.base_columns)
        wanted = [name for name in query.getlist("columns") if name in known]
        shown = list(wanted or self.table_class.DEFAULT)
        if with_key:  # a file names its rows, so that an import finds them again
            shown += self.table_class.Meta.keys
        columns = (known[0], *(name for name in known[1:] if name in shown))
        return self.table_class.arranged(columns, None if sortable is None else tuple(sortable))

    def _columns(self, table: LeanTable) -> tuple[Column, ...]:
        return _columns(self.table_class, table, get_language())  # type: ignore[arg-type]

    def _totals(
        self, queryset: QuerySet[Any], *, is_asked: bool, among: int | None
    ) -> tuple[bool, dict[str, Any]]:
        """Whether the list is short enough to be counted, and its totals as far as they are known.

        Rows that are looked for `among` few projects are added up without being counted before.
        """
        most = settings.LIST_COUNTED
        if among is not None and among <= most:
            found = self.get_totals(queryset)
            return found["count"] <= most, {**found, "is_exact": True}
        total = counted(queryset, up_to=most)
        if total.is_exact and total.number <= most:
            return True, {**self.get_totals(queryset), "is_exact": True}
        known = f"totals:{self.page_name}:{_digest(queryset)}"
        totals = None if is_asked else cache.get(known)
        if is_asked:
            totals = {**self.get_totals(queryset), "is_exact": True}
            cache.set(known, totals, TOTALS_SECONDS)
        return False, totals or {"count": total.number, "is_exact": total.is_exact, "is_open": True}

    def _sort(self, query: QueryDict, among: Collection[str] | None = None) -> str:
        """The order that is asked for, where it is one of a column that can be sorted by."""
        sort = query.get("sort", "")
        column = self.table_class.base_columns.get(sort.lstrip("-"))
        if column is None or column.orderable is False:
            return ""
        return sort if among is None or sort.lstrip("-") in among else ""

    def _ordered(
        self, queryset: QuerySet[Any], orders: Mapping[str, Order], sort: str
    ) -> QuerySet[Any]:
        name, descending = sort.lstrip("-"), sort.startswith("-")
        if name in orders:
            return _order(orders, sort).whole(queryset)
        column = self.table_class.base_columns[name]
        ordered, done = column.order(queryset, descending)
        if done:
            return ordered
        keys = column.order_by or (column.accessor or name,)
        sign = "-" if descending else ""
        return queryset.order_by(*[f"{sign}{key}" for key in keys], "pk")

    def _page(
        self,
        table: LeanTable,
        queryset: QuerySet[Any],
        orders: Mapping[str, Order],
        sort: str,
        total: Total,
        query: QueryDict,
        *,
        are_few: bool,
    ) -> Page:
        virtual = _virtual(table)
        fields = ["pk", *[name for name in table.needed() if name not in virtual]]
        if sort.lstrip("-") not in orders:
            rows = self._ordered(queryset, orders, sort)
            return counted_page(rows, total, query, fields=fields, size=PAGE_SIZE)
        pages = Pages(
            queryset,
            _order(orders, sort),
            total,
            query,
            fields=fields,
            sort=sort,
            size=PAGE_SIZE,
            countable=settings.LIST_COUNTED,
            are_few=are_few,
        )
        return pages.page()

    def _views(self, user: User, query: str) -> list[ViewLink]:
        views = [SavedView(*row) for row in _VIEWS[self.page_name].rows(user.pk)]
        return [
            ViewLink(view.pk, view.name, view.get_absolute_url(), view.query == query)
            for view in views
        ]


def _views_of(page: SavedView.Page, user: int) -> QuerySet[SavedView, Any]:
    fields = [field.attname for field in SavedView._meta.concrete_fields]
    return own_views(User(pk=user)).filter(page=page).values_list(*fields)


_VIEWS = {page: KeptStatement(partial(_views_of, page)) for page in SavedView.Page}
"""A person's saved views of each list."""


@lru_cache(maxsize=400)
def _columns(
    table_class: type[LeanTable], table: LeanTable, language: str | None
) -> tuple[Column, ...]:
    """The columns that a list knows, and which a table of it shows, in a language."""
    visible = {column.name for column in table.columns.itervisible()}
    return tuple(
        Column(name, str(column.verbose_name), name in visible)
        for name, column in list(table_class.base_columns.items())[1:]
    )


def _virtual(table: LeanTable) -> Sequence[str]:
    """The fields that no query brings: `enrich` adds them."""
    return getattr(table.Meta, "virtual_fields", ())


def _order(orders: Mapping[str, Order], sort: str) -> Order:
    order = orders[sort.lstrip("-")]
    return order.turned() if sort.startswith("-") else order


def _digest(queryset: QuerySet[Any]) -> str:
    """What names the rows of a queryset: its statement, which says who may see what of what."""
    statement, parameters = queryset.order_by().values("pk").query.sql_with_params()
    return hashlib.sha256(f"{statement}{parameters}".encode()).hexdigest()


def active_filters(
    filterset: django_filters.FilterSet, query: QueryDict
) -> list[tuple[str, str, str]]:
    """What a valid filter narrows by: the field, its value in words, the address without it."""
    active = []
    for name, field in filterset.form.fields.items():
        value = filterset.form.cleaned_data.get(name)
        if value in (None, ""):
            continue
        labels = {str(k): str(v) for k, v in getattr(field, "choices", ()) if k}
        words = str(len(value)) if isinstance(value, list) else str(value)
        shown = labels.get(str(query.get(name)), "").strip() or words
        rest = _without(without_place(query), name)
        if rest.urlencode() == "":
            rest["all"] = "1"
        active.append((str(field.label), shown, f"?{rest.urlencode()}"))
    return active


def _without(query: QueryDict, *names: str) -> QueryDict:
    rest = query.copy()
    for name in names:
        rest.pop(name, None)
    return rest
