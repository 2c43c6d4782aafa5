"""数据存疑: the contradictions that the system looks for by itself, and how they are kept.

Finders yield findings; `refresh` turns them into questions and takes back those no longer found.
Other apps find cases of their own; every kind is worded here, so that a title stands once.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from projects.models import (
    AnnualPlan,
    Category,
    DataQuestion,
    PlanStatement,
    Project,
    ProjectMention,
    SourceSentence,
    Stage,
    Status,
)

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
    "same_name_twice": (
        gettext_noop("Same name twice"),
        gettext_noop("%(codes)s bear the same name “%(name)s”."),
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
        gettext_noop("%(where)s says “%(text)s” of %(name)s; the table of %(year)s says %(table)s."),
    ),
    "tally_differs": (
        gettext_noop("Stated count against computed count"),
        gettext_noop("The report of %(year)s states %(stated)s %(what)s; %(computed)s are found."),
    ),
}

# The tables' own verbs for the stages; any other verb is a reading, and asked about.
STAGE_VERBS: dict[str, Stage] = {
    "竣工": Stage.COMPLETED,
    "竣工投产": Stage.COMPLETED,
    "开工": Stage.STARTED,
    "开工建设": Stage.STARTED,
    "加快推进": Stage.ACCELERATED,
    "加快建设": Stage.ACCELERATED,
    "前期": Stage.PREPARATION,
}
_STAGE_ORDER = {stage: number for number, stage in enumerate(Stage.values)}
_PHASE = re.compile(r"[（(]?第?[一二三四五六七八九十\d]+(?:期|阶段)[）)]?")
_FILLER = re.compile(r"项目|工程|建设|[（）()、\s—-]")


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
    labels = {**dict(Status.choices), **dict(Stage.choices), **dict(Category.choices)}
    params = {
        name: str(labels[value]) if name in _CODED and value in labels else value
        for name, value in question.params.items()
    }
    return _(KINDS[question.kind][1]) % params


# Parameters that hold a code of the vocabulary; they are worded when they are shown.
_CODED = frozenset({"result", "goal", "stage", "old", "new"})


def without_phase(name: str) -> str:
    """The name less its phase and the words that names carry or drop at will."""
    return _FILLER.sub("", _PHASE.sub("", name))


def find() -> Iterator[Finding]:
    """Every contradiction among projects, plan entries, statements and mentions."""
    entries = list(AnnualPlan.objects.select_related("project", "sentence").order_by("year"))
    by_project: dict[int, list[AnnualPlan]] = defaultdict(list)
    for entry in entries:
        by_project[entry.project_id].append(entry)
    years = sorted({entry.year for entry in entries})
    for of_project in by_project.values():
        for earlier, later in pairwise(of_project):
            yield from _between_years(earlier, later)
    yield from _absent(by_project, years)
    yield from _verbs(entries)
    yield from _names()
    yield from _counts(entries)
    yield from _text_against_table(by_project)


def _between_years(earlier: AnnualPlan, later: AnnualPlan) -> Iterator[Finding]:
    common: dict[str, object] = {"year": earlier.year, "next_year": later.year}
    key = f"{earlier.project.code}/{earlier.year}-{later.year}"

    def finding(kind: str, **params: object) -> Finding:
        return Finding(
            kind,
            key,
            {**common, **params},
            project=earlier.project,
            year=later.year,
            sentence=later.sentence,
            quote=later.quote,
        )

    reached, promised = earlier.result, later.goal or later.result
    if reached and promised and _STAGE_ORDER[promised] < _STAGE_ORDER[reached]:
        yield finding(
            "status_goes_back", name=earlier.project.name, result=reached, goal=promised
        )
    if earlier.category != later.category:
        yield finding(
            "category_changed",
            name=earlier.project.name,
            old=earlier.category,
            new=later.category,
        )
    if _FILLER.sub("", earlier.cited_name) != _FILLER.sub("", later.cited_name):
        yield finding("name_changed", old=earlier.cited_name, new=later.cited_name)


def _absent(by_project: dict[int, list[AnnualPlan]], years: list[int]) -> Iterator[Finding]:
    listed = {(e.project_id, e.year) for entries in by_project.values() for e in entries}
    for year, next_year in pairwise(years):
        for entries in by_project.values():
            for entry in entries:
                open_still = entry.year == year and entry.result not in ("", Stage.COMPLETED)
                if open_still and (entry.project_id, next_year) not in listed:
                    yield Finding(
                        "absent_next_year",
                        f"{entry.project.code}/{year}-{next_year}",
                        {
                            "name": entry.project.name,
                            "result": entry.result,
                            "year": year,
                            "next_year": next_year,
                        },
                        project=entry.project,
                        year=next_year,
                        sentence=entry.sentence,
                        quote=entry.quote,
                    )


def _verbs(entries: Iterable[AnnualPlan]) -> Iterator[Finding]:
    for entry in entries:
        if entry.cited_verb and entry.cited_verb not in STAGE_VERBS:
            yield Finding(
                "verb_not_a_status",
                f"{entry.project.code}/{entry.year}",
                {
                    "table": entry.table,
                    "name": entry.cited_name,
                    "verb": entry.cited_verb,
                    "result": entry.result or entry.goal,
                },
                project=entry.project,
                year=entry.year,
                sentence=entry.sentence,
                quote=entry.quote,
            )


def _names() -> Iterator[Finding]:
    same: dict[str, list[Project]] = defaultdict(list)
    alike: dict[str, list[Project]] = defaultdict(list)
    for project in Project.objects.order_by("code").only("code", "name"):
        same[project.name].append(project)
        alike[without_phase(project.name)].append(project)
    for name, projects in same.items():
        if len(projects) > 1:
            codes = "、".join(project.code for project in projects)
            yield Finding(
                "same_name_twice", codes, {"codes": codes, "name": name}, project=projects[0]
            )
    for projects in alike.values():
        names = sorted({project.name for project in projects})
        if len(names) > 1:
            yield Finding(
                "phases_alike",
                "、".join(project.code for project in projects),
                {"names": "、".join(names)},
                project=projects[0],
            )


def _counts(entries: Iterable[AnnualPlan]) -> Iterator[Finding]:
    named: dict[tuple[int, str, str, str], int] = defaultdict(int)
    for entry in entries:
        stage = entry.goal or entry.result
        named[entry.year, entry.table, entry.sector, stage] += 1
    for statement in PlanStatement.objects.exclude(table="").select_related("sentence"):
        count = named[statement.year, statement.table, statement.sector, statement.goal]
        if count > statement.count:
            yield Finding(
                "stated_below_named",
                statement.code,
                {"text": statement.text, "count": statement.count, "named": count},
                year=statement.year,
                sentence=statement.sentence,
                quote=statement.quote,
            )


def _text_against_table(by_project: dict[int, list[AnnualPlan]]) -> Iterator[Finding]:
    mentions = ProjectMention.objects.exclude(status="").select_related("project", "sentence")
    for mention in mentions:
        for entry in by_project.get(mention.project_id, ()):
            stage = entry.result or entry.goal
            if entry.year == mention.year and stage and stage != mention.status:
                yield Finding(
                    "text_against_table",
                    mention.code,
                    {
                        "name": mention.project.name,
                        "verb": mention.verb,
                        "table": entry.table,
                        "stage": stage,
                    },
                    project=mention.project,
                    year=mention.year,
                    sentence=mention.sentence,
                    quote=mention.quote,
                )


@transaction.atomic
def refresh(findings: Iterable[Finding]) -> int:
    """Raise what is found, take back what is no longer found; returns how many are open.

    An explained question stays closed while its words are the same; if they change it opens again.
    """
    known = {(q.kind, q.key): q for q in DataQuestion.objects.select_for_update()}
    new: list[DataQuestion] = []
    for finding in findings:
        question = known.pop((finding.kind, finding.key), None)
        if question is None:
            new.append(
                DataQuestion(
                    kind=finding.kind,
                    key=finding.key,
                    params=finding.params,
                    project=finding.project,
                    year=finding.year,
                    sentence=finding.sentence,
                    quote=finding.quote,
                )
            )
        elif question.params != finding.params or question.state == DataQuestion.State.GONE:
            question.params = finding.params
            question.state = DataQuestion.State.OPEN
            question.save(update_fields=["params", "state"])
    DataQuestion.objects.bulk_create(new)
    for question in known.values():
        if question.state == DataQuestion.State.OPEN:
            question.state = DataQuestion.State.GONE
            question.save(update_fields=["state"])
    return DataQuestion.objects.filter(state=DataQuestion.State.OPEN).count()


def close(question: DataQuestion, *, explanation: str, by: User) -> None:
    """Close a question with the explanation that settles it."""
    question.state = DataQuestion.State.CLOSED
    question.explanation = explanation.strip()
    question.answered_by = by
    question.answered_at = timezone.now()
    question.full_clean()
    question.save()


def reopen(question: DataQuestion) -> None:
    """Open a closed question again; its explanation stays to be read."""
    question.state = DataQuestion.State.OPEN
    question.save(update_fields=["state"])
