"""The one registry of fields that the annual report's texts may name: what each is, and its source.

Every name that any year has is known, so that a field without data in the year asked for differs
from one that does not exist. A field's value is words ready to be printed, unit included.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.models import Region
from indicators import scoreboard
from indicators.evaluation import Verdict
from indicators.models import Area, Commitment, Measure, Observation, Target
from indicators.rows import Citation, Row, citation_of
from projects.models import PlanStatement, Stage, StatedAmount
from summaries.annual_tables import MISSING
from summaries.rollup import plain

_BARE = re.compile(r"(-?\d+(?:\.\d+)?)(.*)")
_STAGES = {
    Stage.STARTED: "开工",
    Stage.COMPLETED: "竣工",
    Stage.ACCELERATED: "加快推进",
    Stage.PREPARATION: "前期",
}
_ORDINALS = "一二三四五六七八九十"
_LEVELS = ("天数", "率", "指数", "比重", "占比", "人数")


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its value in the year asked for; "" where nothing is recorded.

    `query` says in words where the value comes from; `source` is the sentence, where one states it.
    """

    name: str
    value: str
    query: str
    source: Citation | None = None

    @property
    def printed(self) -> str:
        return self.value or MISSING


Fields = dict[str, Field]


def read(year: int) -> Fields:
    """Every field of the report on `year` and the plan of the year after; a fixed number of queries.

    Where two facts would give the same name the first is kept: counts and results before amounts.
    """
    fields: Fields = {}
    results, targets = scoreboard.rows(year), scoreboard.rows(year + 1)
    found = (
        _of_years(year),
        _of_verdicts(year, results, targets),
        _of_observations(year),
        _of_targets(year),
        _of_amounts(year),
        _of_statements(year),
        _of_measures(year),
    )
    for group in found:
        for field in group:
            known = fields.get(field.name)
            if known is None or (not known.value and field.value):
                fields[field.name] = field
    return fields


def latest_year() -> int | None:
    """The latest year of which results are known."""
    return scoreboard.latest_reported_year()


def with_unit(text: str, unit: str) -> str:
    """6.5以上 in % is 6.5%以上; words that bring their own unit stay as they are."""
    match = _BARE.fullmatch(text)
    if match is None or not unit or match[2].startswith(unit) or _has_unit(match[2]):
        return text
    return f"{match[1]}{unit}{match[2]}"


def _has_unit(rest: str) -> bool:
    return bool(rest) and not rest.startswith(("以上", "以下", "以内", "左右"))


def _of_years(year: int) -> Iterator[Field]:
    yield Field("年", str(year), "报告年度")
    yield Field("下年", str(year + 1), "计划年度")
    yield Field("上年", str(year - 1), "报告年度的上一年")
    district = Region.objects.select_related("parent").filter(level=Region.Level.DISTRICT).first()
    yield Field("区", district.name if district else "", "行政区划")
    above = district.parent if district else None
    yield Field("市", above.name if above else "", "行政区划的上级")


def _of_verdicts(year: int, results: list[Row], targets: list[Row]) -> Iterator[Field]:
    counted = [row for row in results if row.counts_in_total]
    tally = scoreboard.tally_of(results)
    pending = [row for row in counted if row.verdict is Verdict.PENDING]
    below = [row for row in counted if row.verdict is Verdict.BELOW]
    source = f"表1：{year}年指标逐项判定"

    def number(name: str, count: int, known: object, query: str) -> Field:
        return Field(name, str(count) if known else "", query)

    yield number("年度目标数", tally.total, counted, source)
    yield number("暂未反馈数", tally.pending, counted, source)
    yield number("已反馈数", tally.total - tally.pending, counted, source)
    yield number("达到目标数", tally.met, counted, source)
    yield number("低于预期数", tally.below, counted, source)
    yield Field("暂未反馈指标", "、".join(row.name for row in pending), source)
    yield Field("低于预期情况", "".join(_shortfalls(below)), source)
    planned = [row for row in targets if row.counts_in_total]
    binding = sum(row.binding for row in planned)
    query = f"表4：{year + 1}年指标"
    yield number("下年指标数", len(planned), planned, query)
    yield number("下年约束性指标数", binding, planned, query)
    yield number("下年预期性指标数", len(planned) - binding, planned, query)


def _shortfalls(rows: Iterable[Row]) -> Iterator[str]:
    """一是空气质量优良天数。受…，空气质量优良天数为336天、低于预期4天。"""
    for number, row in enumerate(rows):
        base = row.name.removesuffix("增速")
        value = with_unit(row.actual_text, row.unit)
        if base != row.name:
            stated = f"{base}同比增长{value}"
        else:
            stated = f"{row.name}{'为' if row.name.endswith(_LEVELS) else ''}{value}"
        comma = "、"
        if row.growth is not None:
            stated += f"、同比增长{plain(row.growth)}{row.growth_unit}"
            comma = "，"
        ordinal = f"{_ORDINALS[number % 10]}是"
        reason = f"{row.note}，" if row.note else ""
        gap = f"{plain(abs(row.gap))}{row.gap_unit}" if row.gap is not None else ""
        yield f"{ordinal}{row.name}。{reason}{stated}{comma}低于预期{gap}。"


def _of_observations(year: int) -> Iterator[Field]:
    found = Observation.objects.filter(month__isnull=True, area=Area.DISTRICT)
    for each in found.select_related("indicator", "sentence__document").order_by("pk"):
        name, now = each.indicator.name, each.year == year
        value = with_unit(each.text, each.indicator.unit) if now else ""
        growth = f"{plain(each.growth)}{each.growth_unit}" if each.growth is not None else ""
        source = citation_of(each) if now else None
        yield Field(name, value, f"指标“{name}”{year}年完成", source)
        if growth:
            value = growth if now else ""
            yield Field(f"{name}同比", value, f"指标“{name}”{year}年同比", source)


def _of_targets(year: int) -> Iterator[Field]:
    found = Target.objects.select_related("indicator", "sentence__document")
    for each in found.order_by("pk"):
        name = each.indicator.name
        for suffix, wanted in (("年度目标", year), ("下年目标", year + 1)):
            now = each.year == wanted
            value = with_unit(each.text, each.indicator.unit) if now else ""
            source = citation_of(each) if now else None
            yield Field(f"{name}{suffix}", value, f"指标“{name}”{wanted}年目标", source)


def _of_amounts(year: int) -> Iterator[Field]:
    for each in StatedAmount.objects.select_related("sentence__document").order_by("code"):
        for prefix, wanted in (("", year), ("下年", year + 1)):
            now = each.year == wanted
            source = citation_of(each) if now else None
            subject = f"{prefix}{each.scope}{each.subject}"
            owner = f"{prefix}{each.scope or each.subject}"
            query = f"报告所列金额“{each.scope}{each.subject}”（{wanted}年）"
            parts = (
                (subject, f"{plain(each.value)}{each.unit}" if each.value is not None else ""),
                (f"{subject}同比", f"{plain(each.growth)}{each.growth_unit}"),
                (f"{owner}个数", str(each.count or "")),
                (f"{owner}年度计划投资完成率", f"{plain(each.completion_rate)}%"),
            )
            given = (each.value, each.growth, each.count, each.completion_rate)
            for (name, value), stated in zip(parts, given, strict=True):
                if stated is not None:
                    yield Field(name, value if now else "", query, source)


def _of_statements(year: int) -> Iterator[Field]:
    for each in PlanStatement.objects.select_related("sentence__document").order_by("code"):
        stage = _STAGES[Stage(each.goal)] if each.goal else ""
        subject = f"{each.subject}{'' if stage in each.subject else stage}个数"
        for prefix, wanted in (("", year), ("下年", year + 1)):
            now = each.year == wanted
            yield Field(
                f"{prefix}{subject}",
                str(each.count) if now else "",
                f"报告所列个数“{each.subject}”（{wanted}年）",
                citation_of(each) if now else None,
            )


def _of_measures(year: int) -> Iterator[Field]:
    found = Measure.objects.select_related("commitment", "sentence__document").order_by("pk")
    for each in found:
        kind = Commitment.Kind(each.commitment.kind)
        name = f"{_KINDS[kind]}·{each.subject}"
        wanted = year if kind is Commitment.Kind.LIVELIHOOD else year + 1
        now = each.commitment.year == wanted
        value = (each.actual_text or each.text) if now else ""
        query = f"{_KINDS[kind]}“{each.commitment.title}”（{wanted}年）"
        yield Field(name, value, query, citation_of(each) if now else None)


_KINDS = {
    Commitment.Kind.LIVELIHOOD: "民生实事",
    Commitment.Kind.CONSUMPTION: "消费活动",
    Commitment.Kind.BUSINESS: "营商环境",
    Commitment.Kind.TASK: "任务",
}
