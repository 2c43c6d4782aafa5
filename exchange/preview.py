"""Keeps what a file would do in pages of a hundred rows, and reads them again."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from exchange.matching import Matching
from exchange.models import ImportPage, ImportRun
from office import bulk, cell_values
from office.intake import Change, Kind, Outcome, Values

PAGE_ROWS = 100
Group = ImportPage.Group
_WRITTEN = (Group.ADDED, Group.CHANGED)


def counts(found: Matching) -> dict[str, int]:
    """How many rows do what."""
    numbers = dict.fromkeys((*Group.values, "totals", "remarks"), 0)
    numbers |= {Group.FAULT: len(found.faults), "totals": found.totals}
    for change in found.changes:
        numbers[change.outcome] += 1
        numbers["remarks"] += bool(change.remarks)
    return {str(name): number for name, number in numbers.items()}


def keep(run: ImportRun, kind: Kind, found: Matching) -> None:
    """Keep the rows of a file in place of what was kept of the run before."""
    run.pages.all().delete()
    rows: dict[str, list[dict[str, Any]]] = {Group.FAULT: [asdict(each) for each in found.faults]}
    for change in found.changes:
        rows.setdefault(Group(change.outcome), []).append(_row(change))
    pages = [
        ImportPage(run=run, group=group, number=number, rows=kept)
        for group, all_rows in rows.items()
        for number, kept in enumerate(_paged(all_rows), start=1)
    ]
    bulk.insert(ImportPage, pages)


def revived(run: ImportRun, kind: Kind) -> list[Change]:
    """The rows that add and change, as they were looked at, in the order of the file."""
    fields = {each.name: each for each in kind.fields}

    def values(kept: dict[str, Any]) -> Values:
        return {name: cell_values.revived(fields[name], kept[name]) for name in kept}

    rows = [
        (Outcome(page.group), row)
        for page in run.pages.filter(group__in=_WRITTEN).order_by("group", "number")
        for row in page.rows
    ]
    return [
        Change(
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
        for outcome, row in rows
    ]


def keep_versions(run: ImportRun, changes: Sequence[Change]) -> None:
    """Put the versions of the written rows beside them; they come in the order of revived()."""
    waiting = iter(changes)
    pages = list(run.pages.filter(group__in=_WRITTEN).order_by("group", "number"))
    for page in pages:
        for row in page.rows:
            row["version"] = next(waiting).version
    bulk.update(ImportPage, pages, ["rows"])


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


def _paged(rows: Sequence[dict[str, Any]]) -> Iterable[Sequence[dict[str, Any]]]:
    return (rows[start : start + PAGE_ROWS] for start in range(0, len(rows), PAGE_ROWS))
