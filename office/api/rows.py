"""Rows of a list as a serializer declares them, read by one .values_list() and without an object.

A serializer's to_representation() asks every field of every row; here the fields are asked once
what they read and how it is written, and then only tuples are walked.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from rest_framework import serializers

Write = Callable[[Any], Any]


def _moment(value: datetime) -> str:
    return timezone.localtime(value).isoformat()


# Of the kinds of fields whose values JSON does not know.
WRITERS: dict[type[serializers.Field], Write] = {
    serializers.DecimalField: "{:f}".format,
    serializers.DateTimeField: _moment,
    serializers.DateField: date.isoformat,
}


class RowReader:
    """What a serializer says, ready to be read: the lookups of its fields and how values are written.

    The fields that a serializer names as COMPUTED have no column: the view adds them.
    """

    def __init__(self, serializer: type[serializers.Serializer]) -> None:
        fields = serializer().fields
        self.columns = {
            name: (field.source or name).replace(".", "__")
            for name, field in fields.items()
            if name not in getattr(serializer, "COMPUTED", ())
        }
        self.names = tuple(self.columns)
        self.lookups = tuple(self.columns.values())
        self.written = [
            (name, write)
            for name in self.names
            for kind, write in WRITERS.items()
            if isinstance(fields[name], kind)
        ]

    def row(self, values: Iterable[Any]) -> dict[str, Any]:
        """One row, by name, of the values of `lookups` in their order."""
        row = dict(zip(self.names, values, strict=False))
        for name, write in self.written:
            value = row[name]
            if value is not None:
                row[name] = write(value)
        return row


def plain(value: Any) -> Any:
    """A value as JSON takes it, by the same rules; for what views add to rows."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
