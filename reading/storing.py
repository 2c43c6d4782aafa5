"""A reading as JSON and back, so that a worker can leave it in its run; nothing is lost on the way."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def as_json(value: Any) -> Any:
    """Dataclasses as objects, tuples as lists, decimals and codes as their words."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: as_json(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [as_json(each) for each in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.value if isinstance(value, StrEnum) else value


def from_json(kind: type[T], given: Mapping[str, Any]) -> T:
    """The dataclass that as_json wrote; names that it does not know are passed over."""
    hints = get_type_hints(kind)
    return kind(**{name: _value(hints[name], given[name]) for name in hints if name in given})


def _value(hint: Any, given: Any) -> Any:
    if given is None:
        return None
    if isinstance(hint, UnionType):
        hint = next(each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is tuple:
        member = get_args(hint)[0]
        return tuple(_value(member, each) for each in given)
    if is_dataclass(hint) and isinstance(hint, type):
        return from_json(hint, given)
    if isinstance(hint, type) and issubclass(hint, Decimal | StrEnum):
        return hint(given)
    return given
