"""The kinds of contradictions, each worded once, and a case of one."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from projects.models import Category, DataQuestion, Project, SourceSentence, Stage, Status

# kind → (what it is called, what it says of one case)
KINDS: dict[str, tuple[str, str]] = {
    "status_goes_back": (
        gettext_noop("Status going backwards"),
        gettext_noop(
            "“%(name)s” was %(result)s in %(year)s, yet the plan of %(next_year)s says %(goal)s."
        ),
    ),
    "absent_next_year": (
        gettext_noop("Open last year, absent this year"),
        gettext_noop(
            "“%(name)s” was %(result)s in %(year)s and is not in the list of %(next_year)s."
        ),
    ),
    "phase_out_of_order": (
        gettext_noop("Later phase ahead of the earlier one"),
        gettext_noop(
            "The list of %(year)s says of “%(name)s”: %(goal)s; its earlier phase “%(earlier)s” was last %(stage)s, in %(earlier_year)s."
        ),
    ),
    "same_name_twice": (
        gettext_noop("Same name twice"),
        gettext_noop("%(codes)s bear the same name “%(name)s”."),
    ),
    "names_alike": (
        gettext_noop("Nearly the same name"),
        gettext_noop(
            "%(names)s bear nearly the same name; confirm that they are different projects."
        ),
    ),
    "phases_alike": (
        gettext_noop("Names that differ only in phase"),
        gettext_noop("%(names)s differ only in phase: different projects, not to be merged."),
    ),
    "name_changed": (
        gettext_noop("Name changed between years"),
        gettext_noop(
            "“%(old)s” of %(year)s is taken for “%(new)s” of %(next_year)s; confirm that they are one."
        ),
    ),
    "category_changed": (
        gettext_noop("Category changed between years"),
        gettext_noop(
            "“%(name)s” stands under %(old)s in %(year)s and under %(new)s in %(next_year)s."
        ),
    ),
    "stated_below_named": (
        gettext_noop("Stated count below named count"),
        gettext_noop("“%(text)s” states %(count)s, but %(named)s are named."),
    ),
    "example_not_in_table": (
        gettext_noop("Example of a count, not in its table"),
        gettext_noop(
            "The text gives “%(name)s” as an example (“%(text)s”); %(table)s, which states the same count, does not name it."
        ),
    ),
    "verb_not_a_status": (
        gettext_noop("Verb outside the vocabulary"),
        gettext_noop("%(table)s says of “%(name)s”: %(verb)s. It was read as %(result)s."),
    ),
    "text_against_table": (
        gettext_noop("Text against table"),
        gettext_noop(
            "The text says of “%(name)s”: %(verb)s; %(table)s of the same year says %(stage)s."
        ),
    ),
    "status_taken_back": (
        gettext_noop("Status taken back"),
        gettext_noop("“%(name)s” went back from %(old)s to %(new)s on %(day)s: %(reason)s"),
    ),
    "figure_falls": (
        gettext_noop("Cumulative figure falling"),
        gettext_noop(
            "“%(name)s”: %(now)s (10,000 yuan) were approved since January for %(period)s, less than %(last)s for %(last_period)s."
        ),
    ),
    "narrative_repeated": (
        gettext_noop("Stale narrative repeated"),
        gettext_noop(
            "“%(name)s” is described in the same words from %(first)s to %(last)s (%(count)s months)."
        ),
    ),
    "report_missing": (
        gettext_noop("Report missing"),
        gettext_noop(
            "The monthly report of “%(name)s” for %(period)s, due on %(due)s, is missing."
        ),
    ),
    "unparseable_target": (
        gettext_noop("Target that cannot be read"),
        gettext_noop("The target “%(text)s” of %(name)s (%(year)s) cannot be judged."),
    ),
    "indicator_renamed": (
        gettext_noop("Indicator named differently"),
        gettext_noop("%(where)s says “%(text)s”; the table of %(year)s calls it “%(name)s”."),
    ),
    "figure_differs": (
        gettext_noop("Text against indicator table"),
        gettext_noop(
            "%(where)s says “%(text)s” of %(name)s; the table of %(year)s says %(table)s."
        ),
    ),
    "tally_differs": (
        gettext_noop("Stated count against computed count"),
        gettext_noop("The report of %(year)s states %(stated)s %(what)s; %(computed)s are found."),
    ),
}

# Parameters that hold a code of the vocabulary; they are worded when they are shown.
_CODED = frozenset({"result", "goal", "stage", "old", "new"})


@dataclass(frozen=True, slots=True)
class Finding:
    """A contradiction found; `kind` and `key` identify it from one night to the next."""

    kind: str
    key: str
    params: dict[str, object] = field(default_factory=dict)
    project: Project | None = None
    year: int | None = None
    sentence: SourceSentence | None = None
    quote: str = ""


def kind_label(kind: str) -> str:
    """What the kind is called, in the reader's language."""
    return _(KINDS[kind][0])


def title(question: DataQuestion) -> str:
    """What the question says, in the reader's language."""
    labels: dict[Any, Any] = dict([*Status.choices, *Stage.choices, *Category.choices])
    params = {
        name: str(labels[value]) if name in _CODED and value in labels else value
        for name, value in question.params.items()
    }
    return _(KINDS[question.kind][1]) % params
