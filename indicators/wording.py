"""What is said of verdicts: their labels, the reasons, and the count sentence of a year."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import reduce

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from indicators.evaluation import JudgedRow, Judgement, Reason, Verdict
from indicators.rows import Row
from indicators.scoreboard import tally_of

VERDICTS = {
    Verdict.MET: gettext_lazy("Met"),
    Verdict.BELOW: gettext_lazy("Below expectation"),
    Verdict.PENDING: gettext_lazy("Not fed back yet"),
    Verdict.UNJUDGED: gettext_lazy("Not judged"),
}

# What a reader does not see from the verdict and the figures themselves.
REASONS = {
    Reason.REACHED: "",
    Reason.MISSED: "",
    Reason.NOT_REPORTED: "",
    Reason.NOT_RELEASED: "",
    Reason.WITHIN_TOLERANCE: gettext_lazy("Within what “about” allows"),
    Reason.ASSIGNED_ELSEWHERE: gettext_lazy("The task is assigned from above"),
    Reason.TARGET_UNREADABLE: gettext_lazy("The target's words cannot be read"),
    Reason.ACTUAL_UNREADABLE: gettext_lazy("The result's words cannot be read"),
    Reason.ACTUAL_TOO_VAGUE: gettext_lazy("The result is too vague for the target"),
    Reason.KINDS_DIFFER: gettext_lazy("Target and result are of different kinds"),
    Reason.UNITS_DIFFER: gettext_lazy("Target and result have different units"),
    Reason.BASE_YEARS_DIFFER: gettext_lazy("Target and result start from different years"),
}

# More targets without results than these are counted and not named.
NAMED_AT_MOST = 6


def plain(value: Decimal) -> str:
    """A number without the zeros that storage adds."""
    return f"{value.normalize() + 0:f}"


def gap(judgement: Judgement) -> str:
    """The signed gap with its unit, −4天; empty where nothing can be subtracted."""
    if judgement.gap is None:
        return ""
    sign = "" if judgement.gap == 0 else "+" if judgement.gap > 0 else "−"
    return f"{sign}{plain(abs(judgement.gap))}{judgement.gap_unit}"


def count_sentence(year: int, table: Sequence[Row]) -> str:
    """The report's count of a year: how many targets, what became of them, what fell short.

    Before any result is known it says what the plan sets. Sub-indicators are not counted. Empty
    where the year has no targets.
    """
    counted = tally_of(table)
    names = {row.code: row.name for row in table}
    binding = sum(row.binding for row in table if row.counts_in_total)
    values: dict[str, object] = {
        "year": year,
        "total": counted.total,
        "binding": binding,
        "expected": counted.total - binding,
        "pending": counted.pending,
        "remaining": counted.remaining,
        "met": counted.met,
        "below": counted.below,
        "unjudged": counted.unjudged,
        "names": _items(names[row.code] for row in counted.pending_rows),
    }
    if not counted.total:
        return ""
    if not counted.remaining:
        return (
            _(
                "The plan of %(year)s sets %(total)s targets, %(binding)s of them binding and "
                "%(expected)s expected."
            )
            % values
        )
    if counted.pending > NAMED_AT_MOST:
        sentence = _(
            "Of the %(total)s yearly targets of %(year)s that the congress approved, the results "
            "of %(pending)s are not fed back yet; of the other %(remaining)s, %(met)s reached or "
            "passed the target and %(below)s fell short of it."
        )
    elif counted.pending:
        sentence = _(
            "Of the %(total)s yearly targets of %(year)s that the congress approved, the results "
            "of %(pending)s are not fed back yet (%(names)s); of the other %(remaining)s, "
            "%(met)s reached or passed the target and %(below)s fell short of it."
        )
    else:
        sentence = _(
            "Of the %(total)s yearly targets of %(year)s that the congress approved, %(met)s "
            "reached or passed the target and %(below)s fell short of it."
        )
    sentences = [sentence % values]
    if counted.below:
        short = _items(_shortfall(names[row.code], row) for row in counted.below_rows)
        sentences.append(_("Short of the target: %(items)s.") % {"items": short})
    if counted.missed_binding_rows:
        missed = _items(names[row.code] for row in counted.missed_binding_rows)
        sentences.append(_("Binding among them: %(names)s.") % {"names": missed})
    if counted.unjudged:
        unjudged = _items(names[row.code] for row in counted.unjudged_rows)
        sentences.append(_("Not judged: %(names)s.") % {"names": unjudged})
    return _in_a_row(sentences)


def _shortfall(name: str, row: JudgedRow) -> str:
    shortfall = row.judgement.shortfall
    if shortfall is None:
        return name
    return _("%(name)s by %(shortfall)s %(unit)s") % {
        "name": name,
        "shortfall": plain(shortfall),
        "unit": row.judgement.gap_unit,
    }


def _items(words: Iterable[str]) -> str:
    return pgettext("between the items of a list", ", ").join(words)


def _in_a_row(sentences: Iterable[str]) -> str:
    return reduce(
        lambda first, second: (
            pgettext("two sentences", "%(first)s %(second)s") % {"first": first, "second": second}
        ),
        sentences,
    )
