"""The log of an import and the values of its rows in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from office import cell_values
from office.intake import Field, Kind

EVENTS: dict[str, str | Promise] = {
    "asked": gettext_lazy("Brought in by %(name)s"),
    "asked_check": gettext_lazy("%(name)s asked for another check"),
    "asked_write": gettext_lazy("%(name)s confirmed what was shown"),
    "asked_undo": gettext_lazy("%(name)s asked to take it back"),
    "taken_up": gettext_lazy("Taken up by a worker, attempt %(attempt)s"),
    "read": gettext_lazy("The file was read"),
    "compared": gettext_lazy("Held against what there is: %(rows)s rows"),
    "checked": gettext_lazy("Checked by the rules: %(faults)s faults"),
    "begun": gettext_lazy("%(rows)s rows are being written"),
    "left_ready": gettext_lazy(
        "Ready: %(added)s to be added, %(changed)s to be changed, %(left)s left as they are"
    ),
    "left_faulty": gettext_lazy("%(fault)s faults: nothing can be written"),
    "left_written": gettext_lazy("Written"),
    "left_stale": gettext_lazy("Something was changed since the preview: nothing was written"),
    "left_undone": gettext_lazy("Taken back"),
    "undo_refused": gettext_lazy("Not taken back: %(why)s"),
    "failed": gettext_lazy("Failed: %(problem)s: %(message)s"),
    "lost": gettext_lazy("The worker gave no sign of life after %(seen)s"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row on the page: what it is called, what it was, what it becomes."""

    label: str
    old: str
    new: str


def log_line(event: Mapping[str, Any]) -> tuple[datetime, str]:
    """When something happened and what, in the reader's language."""
    at = parse_datetime(event["at"])
    assert at is not None
    return localtime(at), str(EVENTS[event["event"]]) % event


def cells(kind: Kind, row: Mapping[str, Any]) -> Iterator[Cell]:
    """What a row changes, in the order of the columns."""
    for each in kind.fields:
        if each.name in row["after"]:
            yield Cell(
                str(each.label),
                _told(each, row["before"].get(each.name)),
                _told(each, row["after"][each.name]),
            )


def _told(field: Field, value: Any) -> str:
    return cell_values.told(field, cell_values.revived(field, value))
