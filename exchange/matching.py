"""What a file says, row by row, against what there is: added, changed, left, and every fault."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from accounts.models import User
from office import cell_values, excel
from office.cell_values import CellError
from office.excel import CellFault, Record
from office.intake import Change, Field, Key, Kind, Outcome, Present, Refusals, Type, Values

TOTALS = frozenset({"合计", "总计", "小计", "总和", "total", "totals", "sum", "subtotal"})


BLOCK = 5_000
"""Rows in memory at once. Kinds whose rows may need one another take fewer rows than that."""


@dataclass(slots=True)
class Matching:
    """Some rows of a file, their faults and those of the headings before them, the total rows left out."""

    changes: list[Change] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    """Of the changes, in the same order: where their cells stand."""
    unread: list[frozenset[str]] = field(default_factory=list)
    """Of the changes, in the same order: the fields whose cells could not be read."""
    faults: list[CellFault] = field(default_factory=list)
    totals: int = 0


@dataclass(slots=True)
class _Reader:
    """What is known of a kind once for all rows, and which keys have come."""

    kind: Kind
    skips_totals: bool
    has_formats: bool
    telling: tuple[str, ...]
    """The fields in which a row of totals says that it is one."""
    labels: Mapping[str, Mapping[str, str]]
    seen: dict[Key, tuple[str, int]] = field(default_factory=dict)
    """The sheet and row in which a key stands first."""


_Typed = tuple[Record, Values, frozenset[str], Key]


def match(
    kind: Kind, rows: Iterable[excel.Row], *, user: User, skips_totals: bool, has_formats: bool
) -> Iterator[Matching]:
    """Read the rows of a file and hold them against the rows that this person sees, block by block."""
    table = excel.Table(rows, kind.fields)
    records = iter(table)
    reader = _Reader(
        kind,
        skips_totals,
        has_formats,
        tuple(each.name for each in kind.fields if each.is_key or each.is_shown),
        {each.name: cell_values.labels_of(each) for each in kind.fields},
    )
    block = list(islice(records, BLOCK))
    if any(each.required and each.is_key for each in _absent(kind, block)):
        yield Matching(faults=table.faults)
        return
    while True:
        found = Matching(faults=table.faults.copy())
        table.faults.clear()
        typed = [each for record in block if (each := _typed(reader, record, found)) is not None]
        presents = kind.find(user, [key for *_row, key in typed])
        for record, values, unread, key in typed:
            if _place(kind, record, values, key, presents.get(key), found):
                found.unread.append(unread)
        yield found
        if len(block) < BLOCK:
            return
        block = list(islice(records, BLOCK))


def _typed(reader: _Reader, record: Record, found: Matching) -> _Typed | None:
    """A row's values and what names it; None where it has no place, which is a fault or left out."""
    kind = reader.kind
    if _is_total(reader, record):
        found.totals += 1
        if not reader.skips_totals:
            message = _("This is a row of totals.")
            allowed = _("Take it out, or have total rows skipped.")
            found.faults.append(_fault(record, kind.keys[0].name, message, allowed))
        return None
    values, unread = _values(reader, record, found.faults)
    if unread and any(each.name in unread for each in kind.keys):
        return None
    key = kind.key_of(values)
    place = (record.row.sheet, record.row.number)
    if (first := reader.seen.setdefault(key, place)) != place:
        message = _("The same is in row %(row)s already.") % {"row": first[1]}
        found.faults.append(_fault(record, kind.keys[0].name, message, _("Every row once.")))
        return None
    return record, values, unread, key


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


def _absent(kind: Kind, records: Sequence[Record]) -> list[Field]:
    named = records[0].cells if records else {}
    return [each for each in kind.fields if each.name not in named]


def _is_total(reader: _Reader, record: Record) -> bool:
    cells = (record.cells.get(name) for name in reader.telling)
    texts = (cell.text for cell in cells if cell is not None and isinstance(cell.value, str))
    return any("".join(text.split()).casefold() in TOTALS for text in texts if len(text) < 12)


def _values(
    reader: _Reader, record: Record, faults: list[CellFault]
) -> tuple[Values, frozenset[str]]:
    """The values of a row by field, and the fields whose cells are no such values."""
    values: Values = {}
    unread: set[str] = set()
    units = record.units
    for each in reader.kind.fields:
        cell = record.cells.get(each.name)
        if cell is None:
            continue
        try:
            value = cell_values.read(
                each,
                cell,
                labels=reader.labels[each.name],
                unit=units.get(each.name, ""),
                has_formats=reader.has_formats,
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
