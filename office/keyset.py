"""Lists read from a row on: a page costs the same wherever it lies, and nothing is passed over to reach it.

A place in a list is the values of its order's keys. The rows behind a place are told as parts, one
after the other in the list's order, each of which an index on the keys finds at once; a page reads
parts until it is full. See docs/adr/0020-pages-by-key.md.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, ExpressionWrapper, F, Func, Q, QuerySet, Value


class _Beyond(Func):
    """(a, b) > (x, y), compared as a row: the one form that an index on (a, b) answers exactly."""

    output_field = BooleanField()
    arg_joiner = ", "

    def __init__(self, lookups: Sequence[str], values: Sequence[Any], *, descending: bool) -> None:
        sign = "<" if descending else ">"
        left, right = _Row(*map(F, lookups)), _Row(*map(Value, values))
        super().__init__(left, right, template="%(expressions)s", arg_joiner=f" {sign} ")


class _Row(Func):
    """(a, b)."""

    template = "(%(expressions)s)"
    output_field = BooleanField()  # of no meaning: a row is only compared


class Among(Func):
    """The column has one of these whole numbers, told as one value: a long `IN` is dear to write and to read."""

    output_field = BooleanField()

    def __init__(self, column: str, keys: Collection[int]) -> None:
        super().__init__(F(column))
        self.number, self.told = len(keys), ",".join(map(str, sorted(keys)))

    def as_sqlite(
        self, compiler: Any, connection: Any, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        return self._compared(
            compiler, "%s IN (SELECT value FROM json_each(%%s))", f"[{self.told}]"
        )

    def as_postgresql(
        self, compiler: Any, connection: Any, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        return self._compared(compiler, "%s = ANY(%%s::bigint[])", f"{{{self.told}}}")

    def _compared(self, compiler: Any, template: str, told: str) -> tuple[str, tuple[Any, ...]]:
        if not self.number:
            raise EmptyResultSet
        column, values = compiler.compile(self.source_expressions[0])
        return template % column, (*values, told)


@dataclass(frozen=True, slots=True)
class Key:
    """Lookups that are compared together, as one row, so they stand in one table.

    `nullable`: the first of them may be empty. Rows without a value stand last whichever way the
    list's first key is turned; under a later key they count as the largest, as in an index.
    `absent` is a condition for those rows that the database is better at than at an empty lookup.
    """

    lookups: tuple[str, ...]
    descending: bool = False
    nullable: bool = False
    nulls_first: bool = False
    absent: Any = None

    @property
    def is_unique(self) -> bool:
        """Whether no two rows have the same values of it."""
        return self.lookups[-1].split("__")[-1] == "pk"

    @property
    def missing(self) -> Any:
        """The rows without a value."""
        return self.absent or Q(**{f"{self.lookups[0]}__isnull": True})

    @property
    def present(self) -> Q:
        """The rows with a value."""
        return Q(**{f"{self.lookups[0]}__isnull": False})

    def same(self, values: Sequence[Any]) -> Q:
        """The rows with these values."""
        return Q(**dict(zip(self.lookups, values, strict=True)))

    def beyond(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """The rows whose values come after these."""
        further = _Beyond(self.lookups, values, descending=self.descending)
        return (self.present, further) if self.nullable else (further,)

    @property
    def is_elsewhere(self) -> bool:
        """Whether it stands in another table, which may have no row at all for a row of the list."""
        return "__" in self.lookups[0]

    def ordering(self, *, nulls_first: bool, lookups: int | None = None) -> Iterator[Any]:
        """What rows are ordered by; `lookups` is how many of them count, all without it."""
        for number, lookup in enumerate(self.lookups[:lookups]):
            nulls: dict[str, Any] = {}
            if self.nullable and number == 0:
                nulls = {"nulls_first": True} if nulls_first else {"nulls_last": True}
            yield F(lookup).desc(**nulls) if self.descending else F(lookup).asc(**nulls)


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that follow one another in a list: what they are filtered and then ordered by.

    The order is told as an index holds it, so that the index is walked and nothing is sorted.
    """

    conditions: tuple[Any, ...] = ()
    ordering: tuple[Any, ...] = ()

    @classmethod
    def of(cls, keys: Sequence[Key], *conditions: Any) -> "Part":
        """Rows in the order of these keys."""
        ordering = [each for key in keys for each in key.ordering(nulls_first=key.descending)]
        return cls(conditions, tuple(ordering))

    @classmethod
    def missing(cls, keys: Sequence[Key]) -> "Part":
        """The rows without a value of the first of the keys, in the order of the others."""
        first, *rest = keys
        part = cls.of(rest, first.missing)
        if first.is_elsewhere:
            return part
        # An index finds the empty ones together only when told that they are ordered by it.
        own = first.ordering(nulls_first=first.descending, lookups=1)
        return cls(part.conditions, (*own, *part.ordering))

    def among(self, condition: Any, *ordering: Any) -> "Part":
        """Those of the rows for which the condition holds."""
        return Part((condition, *self.conditions), (*ordering, *self.ordering))

    def read(
        self, rows: QuerySet[Any], size: int, fields: Sequence[str] = (), *, are_few: bool = False
    ) -> list[Any]:
        """The first rows of the part, as dictionaries of the fields where any are named.

        `are_few`: all rows are soon found, but lie far from one another.
        """
        found = rows.filter(*self.conditions).order_by(*self.ordering)
        # SQLite's indexes have the missing figures first, ours come last: it sorts.
        walks = not are_few and connections[rows.db].vendor != "sqlite"
        if not walks:
            found = sorted_narrowly(found, 0, size, unwalked=are_few)
        if fields:
            found = found.values(*fields)
        return list(found[:size] if walks else found)


def sorted_narrowly(
    rows: QuerySet[Any], start: int, end: int, *, unwalked: bool = False
) -> QuerySet[Any]:
    """A slice of ordered rows that have to be sorted: only those in it are joined to other tables.

    A sort carries along whatever is selected, of all the rows that it reads. `unwalked` keeps the
    database from walking an index in the rows' order instead, as if they lay evenly in it.
    """
    keys = rows.values("pk")
    if unwalked:  # nothing has such a key, and no index is in the order of that
        none = ExpressionWrapper(Q(pk__lt=0), output_field=BooleanField())
        keys = keys.order_by(none, *rows.query.order_by)
        # What finds the rows need not be told twice, unless the page shows something of it.
        query: Any = rows.query
        if not (query.annotations or query._filtered_relations):
            every: QuerySet[Any] = rows.model._base_manager.using(rows.db)
            return every.filter(pk__in=keys[start:end]).order_by(*rows.query.order_by)
    return rows.filter(pk__in=keys[start:end])


@dataclass(frozen=True, slots=True)
class Order:
    """The order of a list: keys of which all together tell any two rows apart."""

    keys: tuple[Key, ...]

    @classmethod
    def by(cls, *lookups: str) -> "Order":
        """By lookups of one table that are never empty."""
        return cls((Key(lookups),))

    @property
    def lookups(self) -> list[str]:
        """What a place in the list is told by; a lookup may stand in it twice."""
        return [lookup for key in self.keys for lookup in key.lookups]

    def turned(self) -> "Order":
        """The other way round; rows without a value of the first key stay last."""
        first, *rest = [replace(key, descending=not key.descending) for key in self.keys]
        return Order((first, *(replace(key, nulls_first=key.descending) for key in rest)))

    def backwards(self) -> "Order":
        """The same list from its end."""
        return Order(
            tuple(
                replace(key, descending=not key.descending, nulls_first=not key.nulls_first)
                for key in self.keys
            )
        )

    def whole(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """All rows in this order, by one statement: for who reads them to the end."""
        return rows.order_by(
            *[
                each
                for key in self.keys
                for each in key.ordering(
                    nulls_first=key.nulls_first,
                    lookups=1 if key.nullable and key.is_elsewhere else None,
                )
            ]
        )

    def parts(self, place: Sequence[Any] | None = None) -> list[Part]:
        """The rows behind a place, or all rows, as parts in the list's order."""
        if place is not None:
            return list(_behind(self.keys, place))
        first = self.keys[0]
        if not first.nullable:
            return [Part.of(self.keys)]
        both = [Part.of(self.keys, first.present), Part.missing(self.keys)]
        return both[::-1] if first.nulls_first else both

    def read(
        self,
        rows: QuerySet[Any],
        size: int,
        *,
        place: Sequence[Any] | None = None,
        fields: Sequence[str] = (),
        are_few: bool = False,
    ) -> list[Any]:
        """Up to `size` rows from the beginning, or those behind the place (see Part.read)."""
        found: list[Any] = []
        for part in self.parts(place):
            found += part.read(rows, size - len(found), fields, are_few=are_few)
            if len(found) == size:
                break
        return found


def _behind(keys: Sequence[Key], place: Sequence[Any]) -> Iterator[Part]:
    if not keys:
        return
    key, *rest = keys
    own, further = place[: len(key.lookups)], place[len(key.lookups) :]
    if own[0] is None:
        ordering = () if key.is_elsewhere else key.ordering(nulls_first=key.descending, lookups=1)
        for part in _behind(rest, further):
            yield part.among(key.missing, *ordering)
        if key.nulls_first:
            yield Part.of(keys, key.present)
        return
    if not key.is_unique:
        for part in _behind(rest, further):
            yield part.among(key.same(own))
    yield Part.of(keys, *key.beyond(own))
    if key.nullable and not key.nulls_first:
        yield Part.missing(keys)


def signed(signer: signing.Signer, *told: Any) -> str:
    """Values for an address, which nobody can change: texts, whole numbers, amounts, days, moments, None."""
    return signer.sign_object([_plain(value) for value in told])


def unsigned(signer: signing.Signer, text: str) -> list[Any]:
    """The values again; raises ValueError for what `signed` has not written."""
    try:
        return [_value(value) for value in signer.unsign_object(text)]
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise ValueError(text) from error


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"n": str(value)}
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    return {"d": value.isoformat()} if isinstance(value, date) else value


def _value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    [(kind, text)] = value.items()
    if kind == "t":
        return datetime.fromisoformat(text)
    return Decimal(text) if kind == "n" else date.fromisoformat(text)
