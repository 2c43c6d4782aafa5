"""What writing one row does: records added, fields changed; and what may be wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that cannot be written: the field of the record, and what is wrong with it."""

    row: int
    subject: str
    field: str
    message: str

    def __str__(self) -> str:
        place = " · ".join(filter(None, [self.subject, self.field]))
        return f"{place}: {self.message}"


class RefusedError(Exception):
    """A rule forbids what the row asks for; `field` names the field it is about."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field = field_name


@dataclass(slots=True)
class Outcome:
    """What one row did, as the row keeps it."""

    steps: list[dict[str, Any]] = field(default_factory=list)

    def add(self, record: Model) -> None:
        """Check a new record as every form does, and store it."""
        record.full_clean()
        record.save()
        self.steps.append({**_head(record), "added": True, "changes": []})

    def note(self, record: Model, changes: Iterable[tuple[str, str, str]]) -> None:
        """Tell of changes that were made elsewhere."""
        self.steps.append({**_head(record), "added": False, "changes": [list(c) for c in changes]})

    def change(self, record: Model, values: Mapping[str, Any]) -> bool:
        """Give a record new values, checked as every form does; whether anything changed."""
        changes = []
        for name, new in values.items():
            old = getattr(record, name)
            if old != new:
                changes.append([name, stored(record, name), ""])
                setattr(record, name, new)
        if not changes:
            return False
        record.full_clean()
        record.save(update_fields=[name for name, _old, _new in changes])
        told = [[name, old, stored(record, name)] for name, old, _new in changes]
        self.steps.append({**_head(record), "added": False, "changes": told})
        return True


def stored(record: Model, name: str) -> str:
    """A field's value as words from which it can be put back; a relation is its key."""
    model_field = record._meta.get_field(name)
    value = getattr(record, getattr(model_field, "attname", name))
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    return "" if value is None else str(value)


def put_back(record: Model, name: str, words: str) -> None:
    """Set a field to what `stored` wrote."""
    model_field = record._meta.get_field(name)
    if not isinstance(model_field, models.Field):
        raise TypeError(name)
    read = model_field.target_field if isinstance(model_field, models.ForeignKey) else model_field
    value = None if words == "" and model_field.null else read.to_python(words)
    setattr(record, model_field.attname, value)


def messages_of(error: ValidationError) -> dict[str, str]:
    """What a record's check says, by field; "" is the record itself."""
    if not hasattr(error, "error_dict"):
        return {"": " ".join(error.messages)}
    return {
        "" if name == "__all__" else name: " ".join(messages)
        for name, messages in error.message_dict.items()
    }


def _head(record: Model) -> dict[str, Any]:
    return {"model": record._meta.label_lower, "pk": record.pk, "name": str(record)}
