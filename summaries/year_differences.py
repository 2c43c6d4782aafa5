"""What a year's summary said when it was issued beside what the same functions say now.

Pure functions over two sets of figures; what people read is named in the language that is active.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from indicators.models import Commitment
from indicators.wording import VERDICTS
from projects.models import Stage
from summaries import wording
from summaries.differences import Difference, Number, Unit
from summaries.figures import Figures


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of a summary: its place, what it is about, what it says."""

    key: tuple[str, ...]
    section: str
    name: str
    unit: Unit
    value: Number | str


@dataclass(frozen=True, slots=True)
class YearDifference:
    """A statement that is not what was issued; `code` is the indicator's where it is about one."""

    section: str
    name: str
    code: str
    difference: Difference


def of_year(issued: Figures, now: Figures) -> list[YearDifference]:
    """Statements that differ, came or went, in the order of the summary."""
    before = {fact.key: fact for fact in _facts(issued)}
    after = {fact.key: fact for fact in _facts(now)}
    found = []
    for key in [*after, *(key for key in before if key not in after)]:
        then, today = before.get(key), after.get(key)
        latest = today or then
        values = (then.value if then else None, today.value if today else None)
        if latest is not None and values[0] != values[1]:
            difference = Difference(".".join(key), latest.unit, *values)
            code = key[1] if key[0] == "indicator" else ""
            found.append(YearDifference(latest.section, latest.name, code, difference))
    return found


def _facts(figures: Figures) -> Iterator[Fact]:
    yield from _projects(figures)
    yield from _indicators(figures)
    yield from _commitments(figures)
    section = _("Stated amounts")
    for amount in figures["amounts"]:
        yield Fact(("amount", amount["code"]), section, amount["subject"], *_value(amount["value"]))


def _projects(figures: Figures) -> Iterator[Fact]:
    section = _("Projects")
    projects = figures["projects"]
    yield _count(("projects",), section, _("Named key projects"), projects["total"])
    stages: dict[str, str] = {str(value): str(label) for value, label in Stage.choices}
    for field, label in (("goals", _("Goal")), ("results", _("Result"))):
        for stage, count in projects[field].items():  # type: ignore[literal-required]
            name = f"{label}: {stages.get(stage) or _('not stated')}"
            yield _count(("projects", field, stage), section, name, count)
    for row in figures["stated_counts"]:
        if row["named"] is not None:
            yield _count(("named", row["code"]), section, row["text"], row["named"])
    found = figures["carry_overs"]["outcomes"]
    for outcome, words in wording.OUTCOMES.items():
        yield _count(("outcomes", outcome), section, str(words), found.get(outcome, 0))


def _indicators(figures: Figures) -> Iterator[Fact]:
    section = _("Indicators")
    counts = figures["indicators"]
    labels = {str(verdict): str(label) for verdict, label in VERDICTS.items()}
    yield _count(("indicators", "total"), section, _("Targets"), counts["total"])
    for verdict, label in labels.items():
        if verdict in counts:
            count = counts[verdict]  # type: ignore[literal-required]
            yield _count(("indicators", verdict), section, label, count)
    for row in counts["rows"]:
        for field, words in (("target", _("Target")), ("actual", _("Actual"))):
            name = f"{row['name']}: {words}"
            key = ("indicator", row["code"], field)
            yield Fact(key, section, name, *_value(row[field]))  # type: ignore[literal-required]
        name = f"{row['name']}: {_('Verdict')}"
        key = ("indicator", row["code"], "verdict")
        yield Fact(key, section, name, Unit.WORD, labels.get(row["verdict"], row["verdict"]))


def _commitments(figures: Figures) -> Iterator[Fact]:
    section = _("Commitments")
    for kind in figures["commitments"]:
        label = str(Commitment.Kind(kind["kind"]).label)
        for field, words in (
            ("total", _("Items")),
            ("met", _("Met")),
            ("below", _("Below expectation")),
            ("pending", _("Not fed back yet")),
        ):
            key = ("commitments", kind["kind"], field)
            count = kind[field]  # type: ignore[literal-required]
            yield _count(key, section, f"{label}: {words}", count)


def _count(key: tuple[str, ...], section: str, name: str, count: int) -> Fact:
    return Fact(key, section, name, Unit.ENTRIES, count)


def _value(text: str) -> tuple[Unit, Number | str]:
    """A number where the words are one, so that the difference can be told; else the words."""
    try:
        return Unit.NUMBER, Decimal(text)
    except InvalidOperation:
        return Unit.WORD, text
