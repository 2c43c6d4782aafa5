"""What a file says, row by row, against what there is: added, changed, left, and every fault."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from office import cell_values, excel
from office.cell_values import CellError
from office.excel import CellFault, Record
from office.intake import Change, Key, Kind, Outcome, Present, Refusals, Type, Values

TOTALS = frozenset({"合计", "总计", "小计", "总和", "total", "totals", "sum", "subtotal"})


@dataclass(slots=True)
class Matching:
    """All rows of a file, its faults, the sheets without headings, and the total rows left out."""

    changes: list[Change] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    """Of the changes, in the same order: where their cells stand."""
    unread: list[frozenset[str]] = field(default_factory=list)
    """Of the changes, in the same order: the fields whose cells could not be read."""
    faults: list[CellFault] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    totals: int = 0


def match(
    kind: Kind, rows: Iterator[excel.Row], *, user: User, skips_totals: bool, has_formats: bool
) -> Matching:
    """Read the rows of a file and hold them against the rows that this person sees."""
    table = excel.table(rows, kind.fields)
    found = Matching(passed_over=table.passed_over)
    found.faults += table.faults
    if any(each.required and each.is_key for each in _absent(kind, table.records)):
        return found
    typed: list[tuple[Record, Values, frozenset[str], Key]] = []
    seen: dict[Key, Record] = {}
    labels = {each.name: cell_values.labels_of(each) for each in kind.fields}
    for record in table.records:
        if _is_total(kind, record):
            found.totals += 1
            if not skips_totals:
                message = _("This is a row of totals.")
                allowed = _("Take it out, or have total rows skipped.")
                found.faults.append(_fault(record, kind.keys[0].name, message, allowed))
            continue
        values, unread = _values(kind, record, labels, found.faults, has_formats=has_formats)
        if any(each.name in unread for each in kind.keys):
            continue
        key = kind.key_of(values)
        if (first := seen.setdefault(key, record)) is not record:
            message = _("The same is in row %(row)s already.") % {"row": first.row.number}
            found.faults.append(_fault(record, kind.keys[0].name, message, _("Every row once.")))
            continue
        typed.append((record, values, unread, key))
    presents = kind.find(user, [key for *_row, key in typed])
    for record, values, unread, key in typed:
        if _place(kind, record, values, key, presents.get(key), found):
            found.unread.append(unread)
    return found


def tell(kind: Kind, found: Matching, refusals: Refusals) -> None:
    """Add what the rules have against rows to the faults of their cells, or of what names the row."""
    for place, refused in refusals.items():
        record = found.records[place]
        for name, messages in refused.errors.items():
            if name in found.unread[place]:
                continue  # what is wrong with it has been said
            place_of = name or kind.keys[0].name
            found.faults += [_fault(record, place_of, message) for message in messages]


def against(kind: Kind, change: Change, present: Present | None) -> Change:
    """The same row of a file against what there is now.

    A row that says nothing besides what names it adds nothing.
    """
    made = Change(
        Outcome.LEFT,
        change.key,
        change.title,
        change.values,
        present=present,
        sheet=change.sheet,
        row=change.row,
    )
    if present is None:
        names = {each.name for each in kind.keys}
        if any(
            value not in ("", None) for name, value in change.values.items() if name not in names
        ):
            made.outcome = Outcome.ADDED
        made.after = {
            name: value for name, value in change.values.items() if value not in ("", None)
        }
        return made
    made.title = present.title or change.title
    for name, value in change.values.items():
        if name in present.values and present.values[name] != value:
            made.before[name], made.after[name] = present.values[name], value
    if made.after:
        made.outcome = Outcome.CHANGED
    return made


def _absent(kind: Kind, records: Sequence[Record]) -> list[Any]:
    named = records[0].cells if records else {}
    return [each for each in kind.fields if each.name not in named]


def _is_total(kind: Kind, record: Record) -> bool:
    texts = (record.text(each.name) for each in kind.fields if each.is_key or each.is_shown)
    return any("".join(text.split()).casefold() in TOTALS for text in texts if len(text) < 12)


def _values(
    kind: Kind,
    record: Record,
    labels: Mapping[str, Mapping[str, str]],
    faults: list[CellFault],
    *,
    has_formats: bool,
) -> tuple[Values, frozenset[str]]:
    """The values of a row by field, and the fields whose cells are no such values."""
    values: Values = {}
    unread: set[str] = set()
    units = record.units
    for each in kind.fields:
        cell = record.cells.get(each.name)
        if cell is None:
            continue
        try:
            value = cell_values.read(
                each,
                cell,
                labels=labels[each.name],
                unit=units.get(each.name, ""),
                has_formats=has_formats,
            )
        except CellError as error:
            faults.append(_fault(record, each.name, error.message, error.allowed))
            unread.add(each.name)
            continue
        if each.is_key and each.required and value in ("", None):
            message = _("“%(column)s” is blank.") % {"column": each.label}
            allowed = str(cell_values.UNITS[each.type])
            faults.append(_fault(record, each.name, message, allowed))
            unread.add(each.name)
        values[each.name] = value
    return values, frozenset(unread)


def _place(
    kind: Kind, record: Record, values: Values, key: Key, present: Present | None, found: Matching
) -> bool:
    """Put a row among the changes, or say why it has no place; returns whether it has one."""
    if present is None and not kind.may_add:
        found.faults.append(_fault(record, kind.keys[0].name, kind.missing(key)))
        return False
    wrong = [
        each
        for each in kind.fields
        if each.is_shown
        and present is not None
        and values.get(each.name) not in (None, "", present.values.get(each.name))
    ]
    for each in wrong:
        there = cell_values.told(each, present.values.get(each.name) if present else None)
        message = _("This column only tells what the row is about: it cannot be changed here.")
        found.faults.append(_fault(record, each.name, message, there or "—"))
    if wrong:
        return False
    given = {
        each.name: values[each.name]
        for each in kind.fields
        if each.name in values and not each.is_shown
    }
    names = (each.name for each in kind.fields if each.type is Type.TEXT and values.get(each.name))
    title = str(values[next(names, kind.keys[0].name)])
    change = Change(Outcome.LEFT, key, title, given, sheet=record.row.sheet, row=record.row.number)
    found.changes.append(against(kind, change, present))
    found.records.append(record)
    return True


def _fault(record: Record, name: str, message: str, allowed: str = "") -> CellFault:
    given = record.text(name)[:80]
    return CellFault(record.row.sheet, record.address(name), message, allowed, given)
