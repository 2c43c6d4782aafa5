"""Puts figures into sentences in the report's own manner, in the language that is active."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import reduce
from itertools import groupby

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from indicators.evaluation import Verdict
from indicators.models import Commitment
from projects.models import Category, Comparator, Stage
from summaries.carryover import Outcome
from summaries.figures import (
    CarryOvers,
    CommitmentKind,
    Figures,
    IndicatorRow,
    Indicators,
    NamedProject,
    ProjectGroup,
    Projects,
    StatedCount,
)

GOALS = {
    Stage.COMPLETED: gettext_lazy("%(count)s to be completed"),
    Stage.STARTED: gettext_lazy("%(count)s to be started"),
    Stage.ACCELERATED: gettext_lazy("%(count)s to be accelerated"),
    Stage.PREPARATION: gettext_lazy("%(count)s in preparation"),
    "": gettext_lazy("%(count)s not stated"),
}
RESULTS = {
    Stage.COMPLETED: gettext_lazy("%(count)s completed"),
    Stage.STARTED: gettext_lazy("%(count)s started"),
    Stage.ACCELERATED: gettext_lazy("%(count)s accelerated"),
    Stage.PREPARATION: gettext_lazy("%(count)s in preparation"),
    "": gettext_lazy("%(count)s not stated"),
}
OUTCOMES = {
    Outcome.CONTINUED: gettext_lazy("Carried over"),
    Outcome.FINISHED: gettext_lazy("Completed, no longer listed"),
    Outcome.RELISTED: gettext_lazy("Completed, yet listed again"),
    Outcome.ABSENT: gettext_lazy("Open, not listed any more"),
}
COUNTS = {
    Comparator.AT_LEAST: pgettext_lazy("a number of projects", "%(count)s or more"),
    Comparator.AT_MOST: pgettext_lazy("a number of projects", "%(count)s or fewer"),
    Comparator.ABOUT: pgettext_lazy("a number of projects", "about %(count)s"),
    Comparator.EXACT: pgettext_lazy("a number of projects", "%(count)s"),
}
EVENTS = {
    "asked": gettext_lazy("Asked for by %(name)s"),
    "asked_again": gettext_lazy("Asked for again by %(name)s"),
    "taken_up": gettext_lazy("Taken up by a worker, attempt %(attempt)s"),
    "read": gettext_lazy("Data of one moment read: %(count)s rows"),
    "projects": gettext_lazy("Projects by category, goal and sector: %(count)s entries"),
    "stated_counts": gettext_lazy("Stated against named counts: %(count)s statements"),
    "carry_overs": gettext_lazy("Carry-overs from the year before: %(count)s entries followed"),
    "indicators": gettext_lazy("Indicators judged: %(count)s rows"),
    "commitments": gettext_lazy("Commitments judged: %(count)s"),
    "amounts": gettext_lazy("Stated amounts: %(count)s"),
    "words": gettext_lazy("Text written: %(count)s characters"),
    "tables": gettext_lazy("Tables drawn: %(count)s rows"),
    "figures": gettext_lazy("Figures drawn: %(count)s points known"),
    "fields": gettext_lazy("Fields bound to the data: %(count)s"),
    "docx": gettext_lazy("Word document written: %(count)s bytes"),
    "pdf": gettext_lazy("PDF set: %(count)s bytes"),
    "xlsx": gettext_lazy("Workbook written: %(count)s bytes"),
    "done": gettext_lazy("Stored, digest %(digest)s"),
    "failed": gettext_lazy("Failed: %(problem)s: %(message)s"),
    "lost": gettext_lazy(
        "Given up: the worker gave no sign of life since %(seen)s. Nothing was stored."
    ),
}


def headline(figures: Figures) -> str:
    """The year in one breath: its projects by stage, its targets by verdict; "" where it has none."""
    sentences = [*_of_projects(figures["year"], figures["projects"])]
    if figures["indicators"]["total"]:
        sentences.append(of_indicators(figures["indicators"]))
    return _join_sentences(sentences)


def paragraphs(figures: Figures) -> Iterator[str]:
    """The text of a summary, one subject a paragraph."""
    if opening := headline(figures):
        yield opening
    for category, groups in by_category(figures["projects"]):
        yield _of_category(category, groups)
    counted = [row for row in figures["stated_counts"] if row["named"] is not None]
    if counted:
        rows = _semicolons(_of_stated_count(row) for row in counted)
        yield _("Stated and named: %(rows)s.") % {"rows": rows}
    if figures["carry_overs"]["total"]:
        yield _of_carry_overs(figures["year"], figures["carry_overs"])
    for row in figures["indicators"]["rows"]:
        if row["verdict"] == Verdict.BELOW:
            yield _of_shortfall(row)
    for kind in figures["commitments"]:
        yield of_commitments(kind)
    if figures["amounts"]:
        words = _semicolons(dict.fromkeys(amount["text"] for amount in figures["amounts"]))
        yield _("Amounts that the report states: %(rows)s.") % {"rows": words}


def by_category(projects: Projects) -> Iterator[tuple[str, list[ProjectGroup]]]:
    """The groups, category by category."""
    for category, groups in groupby(projects["groups"], key=lambda group: group["category"]):
        yield category, list(groups)


def of_indicators(indicators: Indicators) -> str:
    """How many targets there are and what became of them."""
    judged = indicators["met"] + indicators["below"] + indicators["unjudged"]
    counts = {
        **indicators,
        "remaining": judged,
        "expected": indicators["total"] - indicators["binding"],
    }
    if not judged:
        sentence = _(
            "The plan sets %(total)s targets: %(binding)s binding and %(expected)s expected ones."
        )
    elif indicators["pending"]:
        sentence = _(
            "Of %(total)s yearly targets, %(pending)s are not fed back yet; of the other "
            "%(remaining)s, %(met)s were reached or passed and %(below)s fell short."
        )
    else:
        sentence = _(
            "Of %(total)s yearly targets, %(met)s were reached or passed and %(below)s fell short."
        )
    sentences = [sentence % counts]
    if indicators["unjudged"]:
        sentences.append(_("%(unjudged)s cannot be judged.") % counts)
    return _join_sentences(sentences)


def of_commitments(kind: CommitmentKind) -> str:
    """How many commitments of a kind there are and what became of the numbers in them."""
    counts = {**kind, "label": str(Commitment.Kind(kind["kind"]).label)}
    if not kind["measures"]:
        return _("%(label)s: %(total)s.") % counts
    if kind["met"] + kind["below"]:
        return (
            _(
                "%(label)s: %(total)s, with %(measures)s quantities; of those promised %(met)s met, "
                "%(below)s missed, %(pending)s pending, %(unjudged)s not to be judged."
            )
            % counts
        )
    return _("%(label)s: %(total)s, with %(measures)s quantities.") % counts


def log_line(event: Mapping[str, str]) -> tuple[datetime | None, str]:
    """When something happened to a run, and what, for the person who watches it."""
    at = parse_datetime(event.get("at", ""))
    values = dict(event)
    if seen := parse_datetime(event.get("seen", "")):
        values["seen"] = localtime(seen).strftime("%H:%M:%S")
    words = EVENTS.get(event["event"])
    return at and localtime(at), str(words) % values if words else event["event"]


def asked_for(parameters: Mapping[str, object]) -> str:
    """What a document was asked for by, in a row: its year, its month, …"""
    return " · ".join(str(value) for value in parameters.values())


def stated(comparator: str, count: int) -> str:
    """A stated count with its bound: 45 or more."""
    return str(COUNTS[Comparator(comparator)]) % {"count": count}


def items(words: Iterable[str]) -> str:
    """Words in a row: a, b, c."""
    return pgettext("between the items of a list", ", ").join(words)


def names(projects: Iterable[NamedProject]) -> str:
    """The names of projects in a row."""
    return items(project["name"] for project in projects)


def _of_projects(year: int, projects: Projects) -> Iterator[str]:
    if projects["total"] and not (projects["goals"] or projects["results"]):
        named = _("In %(year)s %(total)s key projects are named.")
        yield named % {"year": year, "total": projects["total"]}
    for counts, words, sentence in (
        (
            projects["goals"],
            GOALS,
            gettext_lazy("The plan of %(year)s names %(total)s key projects: %(stages)s."),
        ),
        (
            projects["results"],
            RESULTS,
            gettext_lazy("Of %(year)s, %(total)s key projects are named: %(stages)s."),
        ),
    ):
        if counts:
            stages = items(str(words[stage]) % {"count": count} for stage, count in counts.items())
            yield str(sentence) % {"year": year, "total": projects["total"], "stages": stages}


def _of_category(category: str, groups: list[ProjectGroup]) -> str:
    total = sum(len(group["projects"]) for group in groups)
    parts = []
    for sector, members in groupby(groups, key=lambda group: group["sector"]):
        words = _semicolons(_of_group(group) for group in members)
        parts.append(
            _("%(sector)s: %(groups)s.") % {"sector": sector, "groups": words}
            if sector
            else _("%(groups)s.") % {"groups": words}
        )
    label = str(Category(category).label)
    opening = _("%(category)s: %(total)s named.") % {"category": label, "total": total}
    return _join_sentences([opening, *parts])


def _of_group(group: ProjectGroup) -> str:
    count = {"count": len(group["projects"])}
    words = []
    if group["goal"] or not group["result"]:
        words.append(str(GOALS[group["goal"]]) % count)
    if group["result"]:
        words.append(str(RESULTS[group["result"]]) % count)
    return _("%(stage)s (%(names)s)") % {"stage": items(words), "names": names(group["projects"])}


def _of_stated_count(row: StatedCount) -> str:
    return _("%(subject)s: %(stated)s stated, %(named)s named") % {
        "subject": row["subject"] or row["text"],
        "stated": stated(row["comparator"], row["stated"]),
        "named": row["named"],
    }


def _of_carry_overs(year: int, carry_overs: CarryOvers) -> str:
    counted = _semicolons(
        _("%(outcome)s: %(count)s") % {"outcome": words, "count": carry_overs["outcomes"][outcome]}
        for outcome, words in OUTCOMES.items()
    )
    sentences = [
        _("Of the %(total)s projects named in %(from_year)s: %(outcomes)s.")
        % {**carry_overs, "outcomes": counted}
    ]
    for outcome in (Outcome.RELISTED, Outcome.ABSENT):
        found = [row for row in carry_overs["rows"] if row["outcome"] == outcome]
        if found:
            words = {"outcome": OUTCOMES[outcome], "names": items(row["name"] for row in found)}
            sentences.append(_("%(outcome)s: %(names)s.") % words)
    sentences.append(
        _("Newly listed in %(year)s: %(new)s.") % {"year": year, "new": carry_overs["new"]}
    )
    return _join_sentences(sentences)


def _of_shortfall(row: IndicatorRow) -> str:
    words = _("%(name)s: target %(target)s, actual %(actual)s.")
    if row["gap"]:
        words = _("%(name)s: target %(target)s, actual %(actual)s, short by %(gap)s %(unit)s.")
    gap = {"gap": row["gap"].removeprefix("-"), "unit": row["gap_unit"]}
    sentences = [words % {**row, **gap}]
    if row["binding"]:
        sentences.append(_("The target is binding."))
    if row["note"]:
        sentences.append(_("Reason given: %(note)s.") % {"note": row["note"]})
    return _join_sentences(sentences)


def _semicolons(words: Iterable[str]) -> str:
    return pgettext("between the clauses of a sentence", "; ").join(words)


def _join_sentences(sentences: Iterable[str]) -> str:
    pair = pgettext("two sentences", "%(first)s %(second)s")
    said = list(sentences)
    return reduce(lambda first, second: pair % {"first": first, "second": second}, said or [""])
