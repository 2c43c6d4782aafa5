"""What the check of the histories can find, each kind worded once."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from projects.replay import Difference


class Kind(StrEnum):
    """What happened to a step, to the row that owns it, to a chain or to a seal; see audit.Fault."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    OUT_OF_LINE = "out_of_line"
    COUNT = "count"
    HEAD = "head"
    VALUE_CHANGED = "value_changed"
    VALUE_MET = "value_met"
    MONTH_REMOVED = "month_removed"
    ROW_INSERTED = "row_inserted"
    TAIL_GONE = "tail_gone"
    CHAIN_GONE = "chain_gone"
    SEAL_MOVED = "seal_moved"
    SEAL_CHANGED = "seal_changed"
    SEAL_REMOVED = "seal_removed"
    SEAL_INSERTED = "seal_inserted"
    SEAL_COUNT = "seal_count"
    SEAL_UNKNOWN = "seal_unknown"


WORDS = {
    Kind.CHANGED: gettext_noop("this step was changed"),
    Kind.REMOVED: gettext_noop("this step was removed"),
    Kind.INSERTED: gettext_noop("this step was inserted: what it belongs to does not know it"),
    Kind.OUT_OF_LINE: gettext_noop("this step does not follow the one before it"),
    Kind.COUNT: gettext_noop("the row counts other steps than there are: its version was changed"),
    Kind.HEAD: gettext_noop("the row names another last step than there is: its head was changed"),
    Kind.VALUE_CHANGED: gettext_noop(
        "%(name)s was changed in the row: it is %(found)s, the history says %(expected)s"
    ),
    Kind.VALUE_MET: gettext_noop(
        "%(name)s was changed in the row before this step: it met %(found)s,"
        " the history said %(expected)s"
    ),
    Kind.MONTH_REMOVED: gettext_noop("the monthly report of this month was removed"),
    Kind.ROW_INSERTED: gettext_noop("the row was inserted: no adopted plan has it"),
    Kind.TAIL_GONE: gettext_noop(
        "the end was removed: the seal of %(day)s covers a step that is gone"
    ),
    Kind.CHAIN_GONE: gettext_noop("the whole chain was removed: the seal of %(day)s covers it"),
    Kind.SEAL_MOVED: gettext_noop("this step was taken from its seal or put under another"),
    Kind.SEAL_CHANGED: gettext_noop("the seal was changed"),
    Kind.SEAL_REMOVED: gettext_noop("a seal before this one was removed"),
    Kind.SEAL_INSERTED: gettext_noop("the seal was inserted: it is of no later day"),
    Kind.SEAL_COUNT: gettext_noop("other steps stand under the seal than it covers"),
    Kind.SEAL_UNKNOWN: gettext_noop("no seal has the digest that was kept outside"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as the histories say: where and what.

    `chain` is a chain or a seal ("report:12", "seal:2024-04-05"), `number` the step or, of a plan
    entry's reports, the month; `last` is the last of several steps in a row.
    """

    chain: str
    kind: Kind
    number: int | None = None
    last: int | None = None
    value: Difference | None = None
    day: date | None = None

    @property
    def place(self) -> str:
        """Where: the chain and the numbers of the steps."""
        if self.number is None:
            return self.chain
        until = f"–{self.last}" if self.last not in (None, self.number) else ""
        return f"{self.chain} #{self.number}{until}"

    @property
    def words(self) -> str:
        """What, in the reader's language."""
        params: dict[str, object] = {"day": self.day}
        if self.value is not None:
            params |= {
                "name": self.value.name,
                "found": _shown(self.value.found),
                "expected": _shown(self.value.expected),
            }
        return _(WORDS[self.kind]) % params


def _shown(value: object) -> str:
    return "—" if value in (None, "", []) else str(value)
