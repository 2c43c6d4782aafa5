"""What became of the year before: each of its entries held against this year's list."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from projects.models import Stage

_ORDER = {stage.value: number for number, stage in enumerate(Stage)}


class Outcome(StrEnum):
    """What became of an entry of the year before."""

    FINISHED = "finished"  # completed then, rightly not listed now
    CONTINUED = "continued"  # open then, listed now
    RELISTED = "relisted"  # completed then and listed again all the same
    ABSENT = "absent"  # open then and not listed now: nobody says what became of it


@dataclass(frozen=True, slots=True)
class Entry:
    """A project's place in a year's list, as far as it is summed up here.

    `order` sorts as the report prints it. `predecessor` is the code of the project's earlier phase.
    """

    code: str
    name: str
    year: int
    category: str
    sector: str
    goal: str
    result: str
    table: str
    order: tuple[int, int, str]
    predecessor: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """An entry of the year before with what became of it."""

    then: Entry
    now: Entry | None
    outcome: Outcome
    goes_back: bool
    later_phases: tuple[Entry, ...]


def fates(before: Iterable[Entry], now: Iterable[Entry]) -> list[Fate]:
    """Hold each entry of the year before against this year's list, by the project's identity alone.

    A project is looked for under its own code: another phase is another project, so an entry whose
    later phase is listed is still absent; the later phase is only named beside it.
    """
    by_code = {entry.code: entry for entry in now}
    phases: dict[str, list[Entry]] = {}
    for entry in sorted(by_code.values(), key=lambda entry: entry.order):
        if entry.predecessor:
            phases.setdefault(entry.predecessor, []).append(entry)
    return [
        Fate(
            then=entry,
            now=by_code.get(entry.code),
            outcome=_outcome(entry, by_code.get(entry.code)),
            goes_back=_goes_back(entry, by_code.get(entry.code)),
            later_phases=tuple(phases.get(entry.code, ())),
        )
        for entry in sorted(before, key=lambda entry: entry.order)
    ]


def _outcome(then: Entry, now: Entry | None) -> Outcome:
    completed = then.result == Stage.COMPLETED
    if now is None:
        return Outcome.FINISHED if completed else Outcome.ABSENT
    return Outcome.RELISTED if completed else Outcome.CONTINUED


def _goes_back(then: Entry, now: Entry | None) -> bool:
    """Whether this year promises less than the year before had reached."""
    if now is None or not then.result:
        return False
    promised = now.goal or now.result
    return bool(promised) and _ORDER[promised] < _ORDER[then.result]
