"""What is contradictory among projects, plan entries, stated counts and mentions, and in the rounds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from projects.models import (
    AnnualPlan,
    Comparator,
    PlanStatement,
    Project,
    ProjectMention,
    Stage,
    Status,
)
from projects.questions.kinds import Finding
from projects.questions.names import find_names, without_filler
from projects.questions.rounds import find_own

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

Entries = dict[int | None, list[AnnualPlan]]


def find(*, on: date) -> Iterator[Finding]:
    """Every contradiction among projects, plan entries, statements and mentions, and in the rounds.

    `on` is the business date: a report is missing once its due day has passed.
    """
    entries = list(AnnualPlan.objects.select_related("project", "sentence").order_by("year"))
    mentions = list(ProjectMention.objects.select_related("project", "sentence"))
    by_project: Entries = defaultdict(list)
    for entry in entries:
        by_project[entry.project_id].append(entry)
    years = sorted({entry.year for entry in entries})
    for of_project in by_project.values():
        for earlier, later in pairwise(of_project):
            yield from _between_years(earlier, later)
    yield from _absent(by_project, years)
    yield from _phases(by_project)
    yield from _verbs(entries)
    yield from find_names(_places(entries, mentions))
    yield from _counts(entries)
    yield from _examples(by_project, mentions)
    yield from _text_against_table(by_project, mentions)
    yield from find_own(on=on)


def _about(fact: AnnualPlan | ProjectMention, kind: str, key: str, **params: object) -> Finding:
    return Finding(
        kind,
        key,
        params,
        project=fact.project,
        year=fact.year,
        sentence=fact.sentence,
        quote=fact.quote,
    )


def _between_years(earlier: AnnualPlan, later: AnnualPlan) -> Iterator[Finding]:
    key = f"{earlier.project.code}/{earlier.year}-{later.year}"
    years: dict[str, object] = {"year": earlier.year, "next_year": later.year}
    name = earlier.project.name
    reached, promised = earlier.result, later.goal or later.result
    if reached and promised and _STAGE_ORDER[promised] < _STAGE_ORDER[reached]:
        yield _about(
            later, "status_goes_back", key, name=name, result=reached, goal=promised, **years
        )
    if earlier.category != later.category:
        old, new = earlier.category, later.category
        yield _about(later, "category_changed", key, name=name, old=old, new=new, **years)
    if without_filler(earlier.cited_name) != without_filler(later.cited_name):
        old, new = earlier.cited_name, later.cited_name
        yield _about(later, "name_changed", key, old=old, new=new, **years)


def _absent(by_project: Entries, years: list[int]) -> Iterator[Finding]:
    following = dict(pairwise(years))
    for entries in by_project.values():
        listed = {entry.year for entry in entries}
        for entry in entries:
            next_year = following.get(entry.year)
            if next_year is None or next_year in listed:
                continue
            if entry.result not in ("", Stage.COMPLETED):
                yield Finding(
                    "absent_next_year",
                    f"{entry.project.code}/{entry.year}-{next_year}",
                    {
                        "name": entry.project.name,
                        "result": entry.result,
                        "year": entry.year,
                        "next_year": next_year,
                    },
                    project=entry.project,
                    year=next_year,
                    sentence=entry.sentence,
                    quote=entry.quote,
                )


def _phases(by_project: Entries) -> Iterator[Finding]:
    """A later phase that is to be completed while the earlier one is open, as far as is known."""
    phases = Project.objects.filter(predecessor__isnull=False)
    still_open = phases.exclude(predecessor__status=Status.COMPLETED)
    for project, predecessor in still_open.values_list("pk", "predecessor"):
        for entry in by_project.get(project, ()):
            before = [e for e in by_project.get(predecessor, ()) if e.year <= entry.year]
            goal = entry.result or entry.goal
            if goal != Stage.COMPLETED or not before:
                continue
            last = before[-1]
            stage = last.result or last.goal
            if stage not in ("", Stage.COMPLETED):
                yield _about(
                    entry,
                    "phase_out_of_order",
                    f"{entry.project.code}/{entry.year}",
                    name=entry.project.name,
                    goal=goal,
                    year=entry.year,
                    earlier=last.project.name,
                    stage=stage,
                    earlier_year=last.year,
                )


def _verbs(entries: Iterable[AnnualPlan]) -> Iterator[Finding]:
    for entry in entries:
        if entry.cited_verb and entry.cited_verb not in STAGE_VERBS:
            yield _about(
                entry,
                "verb_not_a_status",
                f"{entry.project.code}/{entry.year}",
                table=entry.table,
                name=entry.cited_name,
                verb=entry.cited_verb,
                result=entry.result or entry.goal,
            )


def _places(
    entries: Iterable[AnnualPlan], mentions: Iterable[ProjectMention]
) -> dict[int, set[object]]:
    """The tables and the sentences that name each project."""
    places: dict[int, set[object]] = defaultdict(set)
    for entry in entries:
        places[entry.project_id].add((entry.year, entry.table))
    for mention in mentions:
        places[mention.project_id].add((mention.sentence_id, mention.quote))
    return places


def _counts(entries: Iterable[AnnualPlan]) -> Iterator[Finding]:
    """More projects named than counted, unless the count says "at least" or "about"."""
    named: dict[tuple[int, str, str, str], int] = defaultdict(int)
    for entry in entries:
        named[entry.year, entry.table, entry.sector, entry.goal or entry.result] += 1
    bounded = PlanStatement.objects.exclude(table="").filter(
        comparator__in=[Comparator.EXACT, Comparator.AT_MOST]
    )
    for statement in bounded.select_related("sentence"):
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


def _examples(by_project: Entries, mentions: Iterable[ProjectMention]) -> Iterator[Finding]:
    """Examples that the text gives of a count; the table of the same count names others."""
    statements = list(PlanStatement.objects.exclude(goal=""))
    tables = {_counted(s): s.table for s in statements if s.table}
    in_text: dict[tuple[int | None, str], str] = {
        (s.sentence_id, s.quote): tables[_counted(s)]
        for s in statements
        if not s.table and _counted(s) in tables
    }
    for mention in mentions:
        table = in_text.get((mention.sentence_id, mention.quote)) if mention.quote else None
        entries = by_project.get(mention.project_id, ())
        if table and not any((e.year, e.table) == (mention.year, table) for e in entries):
            yield _about(
                mention,
                "example_not_in_table",
                mention.code,
                name=mention.project.name,
                text=mention.text,
                table=table,
            )


def _counted(statement: PlanStatement) -> tuple[object, ...]:
    """What makes two statements the same count, said twice."""
    return (
        statement.year,
        statement.category,
        statement.sector,
        statement.goal,
        statement.comparator,
        statement.count,
    )


def _text_against_table(
    by_project: Entries, mentions: Iterable[ProjectMention]
) -> Iterator[Finding]:
    for mention in mentions:
        for entry in by_project.get(mention.project_id, ()):
            stage = entry.result or entry.goal
            differs = mention.status and stage and stage != mention.status
            if differs and entry.year == mention.year:
                yield _about(
                    mention,
                    "text_against_table",
                    mention.code,
                    name=mention.project.name,
                    verb=mention.verb,
                    table=entry.table,
                    stage=stage,
                )
