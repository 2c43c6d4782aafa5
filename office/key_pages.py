"""A page of a list: its rows, where it lies among all, the addresses of its neighbours.

The address names a page by its number, as `last`, or by the row that it comes after or before; so it
can be shared, and stays the place that it was while rows are added or taken away elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import QueryDict

from office.keyset import Order, signed, sorted_narrowly, unsigned

PLACE = ("page", "after", "before", "totals")
"""The parameters that name a page, or have the list counted; everything else names the list."""
LAST = "last"
_SIGNER = signing.Signer(salt="list.place")


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows a list has: counted, or about so many."""

    number: int
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page by its number; without an address it stands for those left out."""

    number: int
    url: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Rows with the numbers of the first and the last, None where nobody counted the rows before."""

    object_list: list[dict[str, Any]]
    total: Total
    start: int | None
    end: int | None
    first_url: str
    previous_url: str
    next_url: str
    last_url: str
    numbers: list[PageLink]


@dataclass(frozen=True, slots=True)
class _Found:
    """Rows read, with how many stand before the first and behind the last (None: not known)."""

    rows: list[dict[str, Any]]
    before: int | None
    behind: int | None
    has_previous: bool
    has_next: bool


class Pages:
    """The pages of a list in an order of keys, as dictionaries of the fields. `sort` names the order.

    `countable` is how many rows may be passed over to reach a page by its number: no page that is
    reached otherwise costs more than the first. `are_few`: the rows are soon found all together.
    """

    def __init__(
        self,
        rows: QuerySet[Any],
        order: Order,
        total: Total,
        query: QueryDict,
        *,
        fields: Sequence[str],
        sort: str,
        size: int,
        countable: int,
        are_few: bool = False,
    ) -> None:
        self.rows, self.order, self.total, self.query = rows, order, total, query
        self.fields = list(dict.fromkeys([*fields, *order.lookups]))
        self.sort, self.size, self.countable, self.are_few = sort, size, countable, are_few

    def page(self) -> Page:
        """The page that the address names; where there is none such, one that is."""
        found = self._found()
        start, end = None, None
        if found.before is not None:
            start, end = found.before + 1, found.before + len(found.rows)
        return Page(
            found.rows,
            self.total,
            start,
            end,
            first_url=address(self.query) if found.has_previous else "",
            previous_url=self._previous(found) if found.has_previous else "",
            next_url=self._next(found) if found.has_next else "",
            last_url=address(self.query, page=LAST) if found.has_next else "",
            numbers=numbers(self.query, self.total, found.before, self.size, self.countable),
        )

    def _found(self) -> _Found:
        asked = self.query.get("page", "")
        if asked == LAST:
            return self._last()
        if asked.isascii() and asked.isdecimal():
            return self._numbered(min(int(asked[:9]), self.countable // self.size + 1))
        for name, read in (("after", self._after), ("before", self._before)):
            place = self._place(self.query.get(name, ""))
            if place is not None:
                return read(*place)
        return self._first()

    def _place(self, token: str) -> tuple[list[Any], int | None, int | None] | None:
        """Values of the keys, how many rows stand up to there and from there on; None for nonsense."""
        try:
            sort, before, behind, *values = unsigned(_SIGNER, token)
        except ValueError:
            return None
        fits = sort == self.sort and len(values) == len(self.order.lookups)
        return (values, before, behind) if fits else None

    def _read(
        self, order: Order, place: Sequence[Any] | None = None, size: int | None = None
    ) -> list[Any]:
        """The rows of a page in an order, and one more where there is one."""
        size = (size or self.size) + 1
        return order.read(self.rows, size, place=place, fields=self.fields, are_few=self.are_few)

    def _first(self) -> _Found:
        found = self._read(self.order)
        return self._following(found, 0, None, has_previous=False)

    def _after(self, values: Sequence[Any], before: int | None, behind: int | None) -> _Found:
        found = self._read(self.order, values)
        # All rows behind the place have gone since the address was made.
        return self._following(found, before, behind, has_previous=True) if found else self._last()

    def _before(self, values: Sequence[Any], before: int | None, behind: int | None) -> _Found:
        found = self._read(self.order.backwards(), values)
        if len(found) < self.size:  # rows before it have gone: the first page is a whole one
            return self._first()
        return self._preceding(found, self.size, before, behind, has_next=True)

    def _last(self) -> _Found:
        """The last page, as long as it is when one comes to it page by page."""
        size = (self.total.number % self.size if self.total.is_exact else 0) or self.size
        found = self._read(self.order.backwards(), size=size)
        if len(found) <= size:
            return self._first()
        before = self.total.number - size if self.total.is_exact else None
        return self._preceding(found, size, before and before + size, 0, has_next=False)

    def _numbered(self, number: int) -> _Found:
        passed = (number - 1) * self.size
        if passed <= 0:
            return self._first()
        if self.total.is_exact and self.total.number <= self.countable:
            rows = sorted_narrowly(self.order.whole(self.rows), passed, passed + self.size + 1)
            found = list(rows.values(*self.fields))
            return (
                self._following(found, passed, None, has_previous=True) if found else self._last()
            )
        places = self.order.read(self.rows.values_list(*self.order.lookups), passed)
        if len(places) < passed:
            return self._last()
        return self._after(places[-1], passed, None)

    def _following(
        self, found: list[Any], before: int | None, behind: int | None, *, has_previous: bool
    ) -> _Found:
        rows = found[: self.size]
        if before is None and behind is not None and self.total.is_exact:
            before = max(self.total.number - behind, 0)
        left = None if behind is None else max(behind - len(rows), 0)
        return _Found(rows, before, left, has_previous, len(found) > self.size)

    def _preceding(
        self,
        found: list[Any],
        size: int,
        before: int | None,
        behind: int | None,
        *,
        has_next: bool,
    ) -> _Found:
        """`before` counts the rows up to the place, these among them."""
        rows = found[:size][::-1]
        has_previous = len(found) > size
        if not has_previous:
            start: int | None = 0
        elif before is not None:
            start = max(before - len(rows), 0)
        else:
            start = None
        return _Found(rows, start, behind, has_previous, has_next)

    def _next(self, found: _Found) -> str:
        before = None if found.before is None else found.before + len(found.rows)
        return self._url("after", found.rows[-1], before, found.behind)

    def _previous(self, found: _Found) -> str:
        behind = None if found.behind is None else found.behind + len(found.rows)
        return self._url("before", found.rows[0], found.before, behind)

    def _url(self, name: str, row: Any, before: int | None, behind: int | None) -> str:
        values = [row[lookup] for lookup in self.order.lookups]
        return address(self.query, **{name: signed(_SIGNER, self.sort, before, behind, *values)})


def counted_page(
    rows: QuerySet[Any], total: Total, query: QueryDict, *, fields: Sequence[str], size: int
) -> Page:
    """A page of a list that is short and counted, in whatever order its rows are, by its number."""
    paginator = Paginator(range(total.number), size)
    asked = query.get("page", "")
    page = paginator.get_page(paginator.num_pages if asked == LAST else asked)
    before, number = (page.number - 1) * size, page.number
    found = list(sorted_narrowly(rows, before, before + size).values(*fields))
    return Page(
        found,
        total,
        before + 1,
        before + len(found),
        first_url=address(query) if page.has_previous() else "",
        previous_url=address(query, page=str(number - 1)) if page.has_previous() else "",
        next_url=address(query, page=str(number + 1)) if page.has_next() else "",
        last_url=address(query, page=LAST) if page.has_next() else "",
        numbers=numbers(query, total, before, size, total.number),
    )


def numbers(
    query: QueryDict, total: Total, before: int | None, size: int, countable: int
) -> list[PageLink]:
    """The pages by their numbers, for a list of several pages that is counted and short enough."""
    if not total.is_exact or before is None or before % size or total.number > countable:
        return []
    paginator = Paginator(range(total.number), size)
    present = min(before // size + 1, paginator.num_pages)
    rest = without_place(query).urlencode()
    opened = f"?{rest}&page=" if rest else "?page="
    return [
        PageLink(each, f"{opened}{each}", each == present)
        if isinstance(each, int)
        else PageLink(0, "", False)
        for each in paginator.get_elided_page_range(present, on_each_side=2, on_ends=1)
    ] * (paginator.num_pages > 1)


def without_place(query: QueryDict) -> QueryDict:
    """What names the list itself."""
    rest = query.copy()
    for name in PLACE:
        rest.pop(name, None)
    return rest


def address(query: QueryDict, **place: str) -> str:
    """The list's address with another place in it."""
    rest = without_place(query)
    rest.update(place)
    return f"?{rest.urlencode()}"
