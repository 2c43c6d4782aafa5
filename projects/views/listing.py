"""What every filtered list does: filter, total, sort, page, choose columns, save the view."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import Any

import django_filters
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views import View

from accounts.models import User
from office import copied_files, replica
from office.clock import today
from office.file_answers import FileFormat, answer, csv_answer, format_asked
from office.table_files import CHUNK
from office.tables import LeanTable
from projects.models import SavedView
from projects.permissions import own_views

PAGE_SIZE = 50


class CountedPaginator(Paginator):
    """A paginator that was told how many rows there are."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self._count = count

    @cached_property
    def count(self) -> int:
        return self._count


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
    """A list: four attributes, a permitted queryset, and the totals of what is filtered."""

    http_method_names = ["get", "head", "options"]
    filterset_class: type[django_filters.FilterSet]
    table_class: type[LeanTable]
    template_name: str
    page_name: SavedView.Page
    default_sort = ""

    def get_queryset(self, user: User) -> QuerySet[Any]:
        """The rows that this person may see."""
        raise NotImplementedError

    def get_table_class(self, filterset: django_filters.FilterSet) -> type[LeanTable]:
        """The columns that go with what a valid filter asks for."""
        return self.table_class

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
        filterset = self.filterset_class(query, queryset=self.get_queryset(request.user))  # type: ignore[arg-type]
        valid = filterset.is_valid()
        queryset = filterset.qs if valid else filterset.queryset.none()
        if valid:
            self.table_class = self.get_table_class(filterset)
        kind = format_asked(query)
        table = self._table(query, with_key=kind is not None)
        sort = self._sort(table, query)
        queryset = self._ordered(table, queryset, sort)
        if valid and kind is not None:
            return self._file(kind, table, queryset)
        totals = self.get_totals(queryset)
        page = self._page(table, queryset, totals["count"], query)
        rows = list(page.object_list)
        self.enrich(rows)
        kept = _without(query, "sort", "page")
        context = {
            "filter": filterset,
            "totals": totals,
            "page": page,
            "table": table.lean_html(
                rows, query=kept.urlencode(), sort=sort, label=str(self.page_name.label)
            ),
            "columns": self._columns(table),
            "keep": [
                (n, v) for n, values in _without(query, "columns", "page").lists() for v in values
            ],
            "keep_filter": [(n, v) for n in ("columns", "sort") for v in query.getlist(n)],
            "active": active_filters(filterset, query) if valid else [],
            "query": _without(query, "page").urlencode(),
            "views": self._views(request.user, _without(query, "page").urlencode()),  # type: ignore[arg-type]
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

    def _table(self, query: QueryDict, *, with_key: bool = False) -> LeanTable:
        known = list(self.table_class.base_columns)
        wanted = [name for name in query.getlist("columns") if name in known]
        shown = list(wanted or self.table_class.DEFAULT)
        if with_key:  # a file names its rows, so that an import finds them again
            shown += self.table_class.Meta.keys
        first = known[0]
        sequence = [first, *(name for name in known if name in shown and name != first)]
        return self.table_class(
            [], exclude=[name for name in known if name not in sequence], sequence=sequence
        )

    def _columns(self, table: LeanTable) -> list[Column]:
        visible = {column.name for column in table.columns.itervisible()}
        return [
            Column(name, str(column.verbose_name), name in visible)
            for name, column in list(self.table_class.base_columns.items())[1:]
        ]

    def _sort(self, table: LeanTable, query: QueryDict) -> str:
        sort = query.get("sort", "")
        column = self.table_class.base_columns.get(sort.lstrip("-"))
        return sort if column is not None and column.orderable is not False else ""

    def _ordered(self, table: LeanTable, queryset: QuerySet[Any], sort: str) -> QuerySet[Any]:
        if not sort:
            return queryset
        name, descending = sort.lstrip("-"), sort.startswith("-")
        column = self.table_class.base_columns[name]
        ordered, done = column.order(queryset, descending)
        if done:
            return ordered
        keys = column.order_by or (column.accessor or name,)
        sign = "-" if descending else ""
        return queryset.order_by(*[f"{sign}{key}" for key in keys], "pk")

    def _page(
        self, table: LeanTable, queryset: QuerySet[Any], count: int, query: QueryDict
    ) -> Page:
        virtual = _virtual(table)
        rows = queryset.values("pk", *[name for name in table.needed() if name not in virtual])
        return CountedPaginator(rows, PAGE_SIZE, count).get_page(query.get("page"))

    def _views(self, user: User, query: str) -> list[ViewLink]:
        return [
            ViewLink(view.pk, view.name, view.get_absolute_url(), view.query == query)
            for view in own_views(user).filter(page=self.page_name)
        ]


def _virtual(table: LeanTable) -> Sequence[str]:
    """The fields that no query brings: `enrich` adds them."""
    return getattr(table.Meta, "virtual_fields", ())


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
        rest = _without(query, name, "page")
        if rest.urlencode() == "":
            rest["all"] = "1"
        active.append((str(field.label), shown, f"?{rest.urlencode()}"))
    return active


def _without(query: QueryDict, *names: str) -> QueryDict:
    rest = query.copy()
    for name in names:
        rest.pop(name, None)
    return rest
