"""What can be brought in by workbook: a kind's columns, its rows as they stand, and what a file changes.

The kinds live with what they are about; the machinery that reads, previews, writes and undoes is
the same for all (the application `exchange`).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from office.excel import Column, Limits

Value = str | Decimal | int | bool | date | None
Key = tuple[Any, ...]
Values = dict[str, Value]
Choices = Sequence[tuple[str, str | Promise]]


class Type(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    CODE = "code"
    """A key as the system gives it: width and case of its signs are of no account."""
    CHOICE = "choice"
    DAY = "day"
    MONTH = "month"
    """Of a year, kept as "2024-03"."""
    MONEY = "money"
    """In 万元."""
    PERCENT = "percent"
    INTEGER = "integer"
    NUMBER = "number"


UNITS: dict[Type, str | Promise] = {
    Type.TEXT: _("Words"),
    Type.CODE: _("A code, as the system gives it"),
    Type.CHOICE: _("One of the list"),
    Type.DAY: _("A day, such as 2024-03-05"),
    Type.MONTH: _("A month, such as 2024-03"),
    Type.MONEY: _("10,000 yuan, such as 1200, 1,200.50 or 0.12亿元"),
    Type.PERCENT: _("Percent, such as 85 or 85%"),
    Type.INTEGER: _("A whole number"),
    Type.NUMBER: _("A number"),
}
"""What a column takes, in the reader's words: the note of its heading, and what is allowed."""


def no_choices() -> Choices:
    """The choices of a column that is no choice."""
    return ()


@dataclass(frozen=True, slots=True)
class Field(Column):
    """A column of a kind.

    `is_key` fields name the row together. A field that `is_shown` only tells people what the row
    is about: what the file says of it must be what the system says.
    """

    type: Type = Type.TEXT
    note: str | Promise = ""
    example: str = ""
    choices: Callable[[], Choices] = no_choices
    is_key: bool = False
    is_shown: bool = False
    longest: int = 400
    width: int = 14

    @property
    def takes_unit(self) -> bool:
        """Whether the heading may name a unit of money of its own: 计划投资（亿元）."""
        return self.type is Type.MONEY


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows a template is filled with."""

    year: int
    month: int


@dataclass(slots=True)
class Present:
    """A row as it stands: its object, its values by field, and the number of its last change."""

    target: Any
    values: Values
    version: int = 0
    title: str = ""


class Outcome(StrEnum):
    """What a row of a file does."""

    ADDED = "added"
    CHANGED = "changed"
    LEFT = "left"


@dataclass(slots=True)
class Change:
    """A row of a file against what there is: `values` are all that it gives, `before` and `after` differ."""

    outcome: Outcome
    key: Key
    title: str
    values: Values
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    present: Present | None = None
    sheet: str = ""
    row: int = 0
    remarks: list[str] = field(default_factory=list)
    version: int = 0
    """Of the row once it was written."""


class Refused(Exception):
    """A row cannot be written; `errors` maps fields, "" for the row itself, to their messages."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(message for found in errors.values() for message in found))
        self.errors = {name: list(found) for name, found in errors.items()}


Refusals = dict[int, Refused]
"""Why rows cannot be written, by their place in the list of changes."""


class Kind(ABC):
    """Something that is brought in by workbook.

    Rows are found among those that the person may see; whatever is written goes through the rules
    that the pages go through. `is_dry` writes, or checks as writing does; the caller takes it back.
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    about: ClassVar[str | Promise]
    fields: ClassVar[tuple[Field, ...]]
    scope: ClassVar[str] = ""
    """"year" or "month" where a template is one of those."""
    may_add: ClassVar[bool] = False
    limits: ClassVar[Limits] = Limits(rows=2_000)
    notes: ClassVar[tuple[str | Promise, ...]] = ()

    @cached_property
    def keys(self) -> tuple[Field, ...]:
        """The fields that name a row."""
        return tuple(each for each in self.fields if each.is_key)

    def key_of(self, values: Mapping[str, Value]) -> Key:
        """What names a row."""
        return tuple(values.get(each.name) for each in self.keys)

    @abstractmethod
    def may_import(self, user: Any) -> bool:
        """Whether this person may bring in such a workbook at all."""

    @abstractmethod
    def present(self, user: Any, scope: Scope) -> Iterable[Values]:
        """The rows that a template is filled with, in their order."""

    @abstractmethod
    def find(self, user: Any, keys: Sequence[Key]) -> Mapping[Key, Present]:
        """The rows of these keys as they stand, of those that this person may see."""

    @abstractmethod
    def missing(self, key: Key) -> str:
        """Why there is no row of this key to be changed."""

    def write_all(
        self, changes: Sequence[Change], *, by: Any, on: date, at: datetime, is_dry: bool
    ) -> Refusals:
        """Write rows, each whole or not at all; returns those that are refused."""
        refusals: Refusals = {}
        for place, change in enumerate(changes):
            try:
                with transaction.atomic():
                    self.write(change, by=by, on=on, at=at)
            except Refused as refused:
                refusals[place] = refused
        return refusals

    def write(self, change: Change, *, by: Any, on: date, at: datetime) -> None:
        """Write one row through the rules of its subject; raises Refused."""
        raise NotImplementedError

    def remove(self, change: Change, *, by: Any, on: date, at: datetime) -> None:
        """Take back a row that was added; raises Refused where something hangs on it."""
        raise NotImplementedError

    def lasting(self, change: Change) -> str:
        """Why a row that was written cannot be taken back at all; "" where it can."""
        return ""

    def built_on(self, change: Change) -> str:
        """What was built on a row since it was written, in words; "" where that is not known."""
        return ""


def yes_or_no() -> Choices:
    """The choices of a column that is ticked or not."""
    return (("yes", _("Yes")), ("no", _("No")))
