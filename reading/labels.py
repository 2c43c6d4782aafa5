"""The words of a review: what a proposal says, where it differs, what happened to its run."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from indicators.models import Commitment
from projects.models import Category, Comparator, Level, Stage, StatedAmount
from reading.lint import Fault
from reading.proposals import (
    AmountFound,
    CommitmentFound,
    CountFound,
    IndicatorFound,
    MeasureFound,
    Part,
    ProjectFound,
    Proposal,
)

PARTS: dict[str, str | Promise] = {
    Part.RESULT: pgettext_lazy("half of a report", "Result"),
    Part.PLAN: pgettext_lazy("half of a report", "Plan"),
}
FIELDS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "subject": gettext_lazy("Subject"),
    "title": gettext_lazy("Title"),
    "text": gettext_lazy("Text"),
    "unit": gettext_lazy("Unit"),
    "target": gettext_lazy("Target"),
    "actual": gettext_lazy("Result"),
    "binding": gettext_lazy("Binding"),
    "parent": gettext_lazy("Sub-indicator of"),
    "seq": gettext_lazy("Number"),
    "part": gettext_lazy("Half of the report"),
    "verb": gettext_lazy("Verb"),
    "stage": gettext_lazy("Stage"),
    "goal": gettext_lazy("Goal"),
    "result": gettext_lazy("Result"),
    "category": gettext_lazy("Category"),
    "sector": gettext_lazy("Sector"),
    "level": gettext_lazy("Level"),
    "heading": gettext_lazy("Heading"),
    "position": gettext_lazy("Order in the list"),
    "total_investment": gettext_lazy("Total investment (10,000 yuan)"),
    "planned_investment": gettext_lazy("Investment of the year (10,000 yuan)"),
    "owner_unit": gettext_lazy("Owner unit"),
    "department": gettext_lazy("Responsible department"),
    "description": gettext_lazy("Description"),
    "comparator": gettext_lazy("Comparator"),
    "count": gettext_lazy("Count"),
    "value": gettext_lazy("Value"),
    "growth": gettext_lazy("Growth"),
    "growth_unit": gettext_lazy("Unit of growth"),
    "kind": gettext_lazy("Kind"),
    "year": gettext_lazy("Year"),
    "quote": gettext_lazy("Quoted words"),
    "region": gettext_lazy("Region"),
}
EVENTS: dict[str, str | Promise] = {
    "asked": gettext_lazy("Uploaded by %(name)s"),
    "asked_again": gettext_lazy("Asked for again by %(name)s"),
    "taken_up": gettext_lazy("Taken up by a worker, attempt %(attempt)s"),
    "extracted": gettext_lazy("Text taken from the file: %(count)s lines"),
    "recognised": gettext_lazy("Text read: %(count)s proposals"),
    "read": gettext_lazy("Matched with what is known: %(count)s rows to be reviewed"),
    "failed": gettext_lazy("Failed: %(message)s"),
    "lost": gettext_lazy("Given up: the worker gave no sign of life. Nothing was stored."),
    "written": gettext_lazy("Written by %(name)s: %(count)s rows"),
    "undone": gettext_lazy("Taken back by %(name)s"),
}
FAULTS: dict[str, str | Promise] = {
    Fault.TARGET: gettext_lazy("Target differs"),
    Fault.RESULT: gettext_lazy("Result differs"),
    Fault.BINDING: gettext_lazy("Binding or expected differs"),
    Fault.COUNT: gettext_lazy("Count differs"),
    Fault.AMOUNT: gettext_lazy("Amount differs"),
    Fault.GROWTH: gettext_lazy("Growth differs"),
    Fault.QUANTITY: gettext_lazy("Quantity of a commitment differs"),
    Fault.UNIT: gettext_lazy("Unit differs"),
    Fault.BOUND: gettext_lazy("“At least”, “at most” or “about” differs"),
    Fault.STAGE: gettext_lazy("Stage differs"),
    Fault.SORTING: gettext_lazy("Category, sector or level differs"),
    Fault.NAME: gettext_lazy("Name differs"),
    Fault.WORDS: gettext_lazy("The same words with other numbers"),
    Fault.NOT_IN_DATA: gettext_lazy("In the draft, not in the data's list"),
    Fault.NOT_IN_DRAFT: gettext_lazy("In the data, not named in the draft"),
    Fault.NAMED_MORE: gettext_lazy("More are named than are stated"),
    Fault.CONTRADICTION: gettext_lazy("The draft contradicts itself"),
}
_STAGED = ("goal", "result", "stage")


def field_label(name: str) -> str:
    """What a field of a proposal or of a record is called; the name itself where it has no label."""
    return str(FIELDS.get(name, name))


def value_label(name: str, value: object) -> str:
    """A field's value in words: codes as their labels, numbers without the zeros of storage."""
    if value in (None, ""):
        return ""
    words = str(value)
    if name in _STAGED:
        return _label(Stage.choices, words)
    match name:
        case "category":
            return _label(Category.choices, words)
        case "level":
            return _label(Level.choices, words)
        case "comparator":
            return _label(Comparator.choices, words)
        case "part":
            return str(PARTS.get(words, words))
        case "binding":
            return _("binding") if words in ("true", "True") else _("expected")
        case "kind":
            return _label([*Commitment.Kind.choices, *StatedAmount.Kind.choices], words)
    return number(value) if isinstance(value, Decimal) else words


def number(value: Decimal | None) -> str:
    """A number without the zeros that storage adds."""
    return "" if value is None else f"{value.normalize() + 0:f}"


def quantity(comparator: str, value: Decimal | None, unit: str) -> str:
    """A value with its bound and its unit."""
    if value is None:
        return ""
    words = f"{number(value)} {unit}".strip()
    bound = "" if comparator in ("", Comparator.EXACT) else value_label("comparator", comparator)
    return f"{bound} {words}".strip()


def facts(proposal: Proposal) -> list[tuple[str, str]]:
    """What a proposal says, as labels and words; what it leaves open is left out."""
    said = [(field_label(name), value_label(name, value)) for name, value in _facts(proposal)]
    return [(label, words) for label, words in said if words]


def measure(found: MeasureFound) -> str:
    """A quantity of a commitment in one line."""
    return f"{found.subject} {quantity(found.comparator, found.value, found.unit)}".strip()


def problems(error: str) -> list[str]:
    """What is wrong with a row, a line each, the fields by their labels."""
    lines = []
    for line in error.splitlines():
        name, mark, message = line.partition(": ")
        lines.append(f"{field_label(name)}: {message}" if mark and name in FIELDS else line)
    return lines


def log_line(event: Mapping[str, str]) -> tuple[datetime | None, str]:
    """When something happened to a run, and what."""
    at = parse_datetime(event.get("at", ""))
    words = EVENTS.get(event["event"])
    return at and localtime(at), str(words) % event if words else event["event"]


def _facts(proposal: Proposal) -> Iterator[tuple[str, object]]:
    yield "year", proposal.year
    match proposal:
        case ProjectFound():
            yield "part", proposal.part
            yield "stage", proposal.stage
            yield "verb", proposal.verb
            for name in (
                "category",
                "sector",
                "level",
                "total_investment",
                "planned_investment",
                "owner_unit",
                "department",
                "description",
            ):
                yield name, getattr(proposal, name)
        case IndicatorFound():
            for name in ("seq", "unit", "target", "actual", "binding", "parent"):
                yield name, getattr(proposal, name)
        case CountFound():
            yield "part", proposal.part
            yield "count", quantity(proposal.comparator, Decimal(proposal.count), "")
            yield "stage", proposal.stage
            for name in ("verb", "category", "level"):
                yield name, getattr(proposal, name)
        case AmountFound():
            yield "part", proposal.part
            yield "kind", proposal.kind
            yield "value", quantity(proposal.comparator, proposal.value, proposal.unit)
            yield "growth", quantity("", proposal.growth, proposal.growth_unit)
        case CommitmentFound():
            yield "part", proposal.part
            yield "kind", proposal.kind
            yield "heading", proposal.heading
            yield "department", proposal.department


def _label(choices: Iterable[tuple[str, str | Promise]], value: str) -> str:
    return next((str(label) for key, label in choices if key == value), value)
