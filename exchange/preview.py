"""Keeps what a file would do in pages of a hundred rows, and reads them again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from exchange.matching import BLOCK, Matching
from exchange.models import ImportPage, ImportRun
from office import bulk, cell_values
from office.intake import Change, Field, Kind, Outcome, Values

PAGE_ROWS = 100
Group = ImportPage.Group
_WRITTEN = (Group.ADDED, Group.CHANGED)


class Preview:
    """What a file would do, on its way into the database: a page of a group goes there when it is full.

    The caller sees to it that no other worker is at the run.
    """

    def __init__(self, run: ImportRun) -> None:
        self.counts = dict.fromkeys((*map(str, Group.values), "totals", "remarks"), 0)
        """How many rows do what."""
        self._run = run
        self._waiting: dict[Group, list[dict[str, Any]]] = {group: [] for group in Group}
        self._pages = dict.fromkeys(Group, 0)
        run.pages.all().delete()

    def add(self, found: Matching) -> None:
        """Keep the rows of a block and its faults."""
        self.counts[Group.FAULT] += len(found.faults)
        self.counts["totals"] += found.totals
        self._waiting[Group.FAULT] += [asdict(each) for each in found.faults]
        for change in found.changes:
            self.counts[change.outcome] += 1
            self.counts["remarks"] += bool(change.remarks)
            self._waiting[Group(change.outcome)].append(_row(change))
        self._store(PAGE_ROWS)

    def close(self) -> None:
        """Keep the pages that are not full."""
        self._store(1)

    def _store(self, fewest: int) -> None:
        pages = []
        for group, rows in self._waiting.items():
            while len(rows) >= fewest:
                self._pages[group] += 1
                page, rows[:PAGE_ROWS] = rows[:PAGE_ROWS], []
                number = self._pages[group]
                pages.append(ImportPage(run=self._run, group=group, number=number, rows=page))
        bulk.insert(ImportPage, pages)


@dataclass(frozen=True, slots=True)
class Block:
    """Pages of a preview, and their rows as they were looked at."""

    pages: list[ImportPage]
    changes: list[Change]


def revived(run: ImportRun, kind: Kind) -> Iterator[Block]:
    """The rows that add and change, as they were looked at, in the order of the file, block by block."""
    fields = {each.name: each for each in kind.fields}
    found = run.pages.filter(group__in=_WRITTEN).order_by("group", "number")
    start = 0
    while pages := list(found[start : start + BLOCK // PAGE_ROWS]):
        rows = ((Outcome(page.group), row) for page in pages for row in page.rows)
        yield Block(pages, [_change(kind, fields, outcome, row) for outcome, row in rows])
        start += len(pages)


def keep_versions(block: Block, changes: Sequence[Change]) -> None:
    """Put the versions of the written rows beside them; they come in the order of the block's."""
    waiting = iter(changes)
    for page in block.pages:
        for row in page.rows:
            row["version"] = next(waiting).version
    bulk.update(ImportPage, block.pages, ["rows"])


def _change(
    kind: Kind, fields: Mapping[str, Field], outcome: Outcome, row: Mapping[str, Any]
) -> Change:
    def values(kept: dict[str, Any]) -> Values:
        return {name: cell_values.revived(fields[name], kept[name]) for name in kept}

    return Change(
        outcome,
        tuple(
            cell_values.revived(each, part)
            for each, part in zip(kind.keys, row["key"], strict=True)
        ),
        row["title"],
        values(row["values"]),
        before=values(row["before"]),
        after=values(row["after"]),
        sheet=row["sheet"],
        row=row["row"],
        version=row["version"],
    )


def _row(change: Change) -> dict[str, Any]:
    return {
        "key": [cell_values.plain(part) for part in change.key],
        "title": change.title,
        "sheet": change.sheet,
        "row": change.row,
        "values": {} if change.outcome is Outcome.LEFT else _plain(change.values),
        "before": _plain(change.before),
        "after": _plain(change.after),
        "remarks": change.remarks,
        "version": change.present.version if change.present else 0,
    }


def _plain(values: Values) -> dict[str, Any]:
    return {name: cell_values.plain(value) for name, value in values.items()}
