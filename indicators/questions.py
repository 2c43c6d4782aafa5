"""What the indicators and commitments leave contradictory, as findings for the data questions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from indicators import scoreboard
from indicators.evaluation import Judgement, Tally
from indicators.models import Commitment, Indicator
from indicators.rows import Citation, CommitmentRow, MeasureRow, Row
from indicators.scoreboard import Figure
from indicators.wording import gap, plain
from projects.models import SourceSentence
from projects.questions import Finding

# The report's own counts: of the year before the one that it plans, and of the plan itself.
_RESULT_COUNT = re.compile(
    r"(?P<total>\d+)项年度目标中(?:，[^，。]*?(?P<pending>\d+)项[^，。]*暂未反馈[^，。]*)?"
    r"，(?:其余(?P<remaining>\d+)项?指标中)?(?P<met>\d+)项达到或超过年度目标"
    r"(?:，(?P<below>\d+)项指标低于预期)?"
)
_PLAN_COUNT = re.compile(
    r"共(?P<total>\d+)项指标，其中约束性指标(?P<binding>\d+)项、预期性指标(?P<expected>\d+)项"
)
# What the report calls these counts.
_COUNTED = {
    "total": "年度目标",
    "pending": "暂未反馈",
    "remaining": "其余指标",
    "met": "达到或超过年度目标",
    "below": "低于预期",
    "binding": "约束性指标",
    "expected": "预期性指标",
}
_SHORTFALL = re.compile(r"低于预期(?P<number>\d+(?:\.\d+)?)")
_GROWTH = re.compile(r"(?:同比)?(?:增长|增速)$")


def find() -> Iterator[Finding]:
    """Every contradiction among targets, results, commitments and the report's own counts."""
    tables = {year: scoreboard.rows(year) for year in sorted(scoreboard.years())}
    for year, table in tables.items():
        figures = scoreboard.other_figures(year)
        yield from _unreadable(year, table)
        yield from _shortfalls(year, table)
        yield from _named_in_text(year, table, figures)
        yield from _growth_in_text(year, table, figures)
    for before, after in pairwise(tables.items()):
        yield from _named_next_year(before, after)
    for year in scoreboard.commitment_years():
        listed = scoreboard.commitments(year)
        yield from _unreadable_promises(year, listed)
        yield from _promises_against_table(year, tables.get(year, []), listed)
    yield from _counts(tables)


def _finding(
    kind: str, key: str, year: int, citation: Citation | None, **params: object
) -> Finding:
    sentence = None
    if citation is not None:
        sentence = SourceSentence.objects.filter(
            document__code=citation.document, number=citation.number
        ).first()
    where = citation.section if citation else ""
    return Finding(
        kind,
        key,
        {"year": year, "where": where, **params},
        year=year,
        sentence=sentence,
        quote=citation.quote if citation else "",
    )


def _unreadable(year: int, table: Sequence[Row]) -> Iterator[Finding]:
    for row in table:
        if not row.comparator:
            yield _finding(
                "unparseable_target",
                f"{row.code}/{year}",
                year,
                row.target_source,
                text=row.target_in_force,
                name=row.name,
            )


def _unreadable_promises(year: int, listed: Sequence[CommitmentRow]) -> Iterator[Finding]:
    """Measures whose words cannot be read, and tasks that hold no number at all."""
    for row in listed:
        for measure in row.measures:
            if measure.text and not measure.comparator:
                yield _finding(
                    "unparseable_target",
                    f"{row.code}/{measure.position}",
                    year,
                    measure.source,
                    text=measure.text,
                    name=measure.subject,
                )
        if row.kind == Commitment.Kind.TASK and not row.measures:
            yield _finding(
                "unparseable_target", row.code, year, row.source, text=row.text, name=row.title
            )


def _shortfalls(year: int, table: Sequence[Row]) -> Iterator[Finding]:
    """Where the report says by how much a target was missed, the judgement says the same."""
    for row in table:
        stated = _SHORTFALL.search(row.actual_source.quote) if row.actual_source else None
        if stated is None or row.corrected:
            continue
        if row.judgement.shortfall != Decimal(stated["number"]):
            yield _finding(
                "figure_differs",
                f"{row.code}/{year}/shortfall",
                year,
                row.actual_source,
                text=stated.group(),
                name=row.name,
                table=_figures(row),
            )


def _named_in_text(year: int, table: Sequence[Row], figures: Sequence[Figure]) -> Iterator[Finding]:
    """The text gives a figure of the table under another name, narrower or wider."""
    for figure in figures:
        observed: Indicator = figure.observation.indicator
        for row in table:
            same = observed.unit == row.unit and _alike(observed.name, row.name)
            if same and figure.observation.value == row.actual is not None:
                yield _finding(
                    "indicator_renamed",
                    f"{observed.code}/{row.code}/{year}",
                    year,
                    figure.source,
                    text=observed.name,
                    name=row.name,
                )


def _named_next_year(
    before: tuple[int, Sequence[Row]], after: tuple[int, Sequence[Row]]
) -> Iterator[Finding]:
    """An indicator left the table while one of nearly the same name came; no renaming is recorded."""
    (last_year, earlier), (year, later) = before, after
    kept = {row.code for row in earlier} & {row.code for row in later}
    recorded = set(
        Indicator.objects.filter(renamed_from__isnull=False).values_list(
            "renamed_from__code", "code"
        )
    )
    for gone in (row for row in earlier if row.code not in kept):
        for new in (row for row in later if row.code not in kept):
            if (gone.code, new.code) not in recorded and _alike(gone.name, new.name):
                key = f"{gone.code}/{new.code}"
                finding = _finding(
                    "indicator_renamed",
                    key,
                    year,
                    new.target_source,
                    text=new.name,
                    name=gone.name,
                )
                # The table that calls it otherwise is the earlier one.
                yield replace(finding, params={**finding.params, "year": last_year})


def _growth_in_text(
    year: int, table: Sequence[Row], figures: Sequence[Figure]
) -> Iterator[Finding]:
    """The text gives a level with its growth, the table the growth: they are the same number."""
    by_name = {row.name: row for row in table}
    for figure in figures:
        observed = figure.observation
        row = by_name.get(f"{observed.indicator.name}增速")
        if row is None or observed.growth is None or observed.growth_unit != row.unit:
            continue
        if row.actual is not None and row.actual != observed.growth and not row.corrected:
            yield _finding(
                "figure_differs",
                f"{observed.indicator.code}/{row.code}/{year}",
                year,
                figure.source,
                text=f"{plain(observed.growth)}{observed.growth_unit}",
                name=row.name,
                table=row.actual_text,
            )


def _promises_against_table(
    year: int, table: Sequence[Row], listed: Sequence[CommitmentRow]
) -> Iterator[Finding]:
    """A task repeats a target of the year's table with another number."""
    for commitment in listed:
        for measure in commitment.measures:
            row = _of_same_subject(measure, table)
            if row is None or not row.comparator or not measure.comparator:
                continue
            if (row.comparator, row.value) != (measure.comparator, measure.value):
                yield _finding(
                    "figure_differs",
                    f"{commitment.code}/{measure.position}/{row.code}",
                    year,
                    measure.source,
                    text=measure.text,
                    name=row.name,
                    table=row.target_in_force,
                )


def _of_same_subject(measure: MeasureRow, table: Sequence[Row]) -> Row | None:
    """The row that the measure repeats: 固定资产投资同比增长 is 固定资产投资增速."""
    subject = _GROWTH.sub("增速", measure.subject)
    same = [row for row in table if row.name == subject]
    alike = [row for row in table if row.unit == measure.unit and _alike(subject, row.name)]
    found = same or alike
    return found[0] if len(found) == 1 else None


def _counts(tables: Mapping[int, Sequence[Row]]) -> Iterator[Finding]:
    """The report's own counts against those of its tables."""
    sentences = SourceSentence.objects.filter(text__contains="项").select_related("document")
    for sentence in sentences.defer("document__sections"):
        planned = sentence.document.year
        for year, pattern in ((planned - 1, _RESULT_COUNT), (planned, _PLAN_COUNT)):
            stated = pattern.search(sentence.text)
            if stated is not None and year in tables:
                yield from _count(year, tables[year], stated, sentence)


def _count(
    year: int, table: Sequence[Row], stated: re.Match[str], sentence: SourceSentence
) -> Iterator[Finding]:
    found = _found(table, scoreboard.tally_of(table))
    for what, number in stated.groupdict().items():
        if number is not None and int(number) != found[what]:
            yield Finding(
                "tally_differs",
                f"{year}/{what}",
                {
                    "year": year,
                    "stated": int(number),
                    "what": _COUNTED[what],
                    "computed": found[what],
                },
                year=year,
                sentence=sentence,
                quote=stated.group(),
            )


def _found(table: Sequence[Row], counted: Tally) -> dict[str, int]:
    binding = sum(row.binding for row in table if row.counts_in_total)
    return {
        "total": counted.total,
        "pending": counted.pending,
        "remaining": counted.remaining,
        "met": counted.met,
        "below": counted.below,
        "binding": binding,
        "expected": counted.total - binding,
    }


def _figures(row: Row) -> str:
    judgement: Judgement = row.judgement
    return f"{row.target_in_force} / {row.actual_text} / {gap(judgement) or '—'}"


def _alike(one: str, other: str) -> bool:
    """Whether one name is the other with words put in: 数字经济(核心产业)增加值增速."""
    return one != other and (_within(one, other) or _within(other, one))


def _within(short: str, long: str) -> bool:
    signs = iter(long)
    return all(sign in signs for sign in short)
