"""年度计划执行情况及下年计划草案: the report of one year's execution and the next year's plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.models import Department
from indicators import scoreboard
from indicators.models import Commitment
from indicators.rows import CommitmentRow, Row
from office.document import Align, Block, Document, Heading, NewPage, Paragraph, Table
from projects.models import AnnualPlan, PlanStatement
from summaries import annual_tables as tables
from summaries import narrative, office_document, report_fields, rollup, series
from summaries.annual_figures import figure
from summaries.annual_tables import Count, Listed
from summaries.models import DocumentRun, NarrativeTemplate
from summaries.narrative import Filled
from summaries.product import NothingRecordedError, Product, Step
from summaries.report_fields import Field, Fields
from summaries.report_outline import SECTIONS

# Part of the digest. Raise it when the same data are to give another report.
RULE_VERSION = "annual-1"
PARTS = ("read", "fields", "tables", "figures", *office_document.PARTS)
LONGEST_VALUE = 40
Style = NarrativeTemplate.Style


@dataclass(frozen=True, slots=True)
class ReportData:
    """Everything that the report is made of, as it was at the cut-off."""

    year: int
    cut_off: datetime
    contains_sample: bool
    results: Sequence[Row]
    targets: Sequence[Row]
    executed: Sequence[Listed]
    planned: Sequence[Listed]
    counts: Sequence[Count]
    done: Sequence[CommitmentRow]
    promised: Sequence[CommitmentRow]
    figures: Sequence[series.Figure]
    fields: Fields
    templates: Sequence[NarrativeTemplate]

    @property
    def is_empty(self) -> bool:
        return not (self.results or self.targets or self.executed or self.planned or self.done)


def build(run: DocumentRun, step: Step) -> Product:
    """The report of the run's year as Word and PDF; narrative.UnknownFieldError names a wrong text."""
    data = read(run.parameters["year"])
    if data.is_empty:
        raise NothingRecordedError(f"nothing is recorded of {data.year}")
    step("read", len(data.executed) + len(data.planned) + len(data.results) + len(data.targets))
    return office_document.product(
        compose(data, step),
        name=f"{data.year}年计划执行情况及{data.year + 1}年计划草案",
        cut_off=data.cut_off,
        rule_version=RULE_VERSION,
        contains_sample=data.contains_sample,
        step=step,
    )


def read(year: int) -> ReportData:
    """The data of a year and of the plan for the next, all of one moment."""
    with rollup.snapshot():
        return ReportData(
            year=year,
            cut_off=timezone.now(),
            contains_sample=Department.objects.filter(is_sample=True).exists(),
            results=scoreboard.rows(year),
            targets=scoreboard.rows(year + 1),
            executed=list(_listed(year, "result")),
            planned=list(_listed(year + 1, "goal")),
            counts=list(_counts(year + 1)),
            done=scoreboard.commitments(year),
            promised=scoreboard.commitments(year + 1),
            figures=series.figures_ending(year),
            fields=report_fields.read(year),
            templates=list(NarrativeTemplate.objects.exclude(text="").order_by("code")),
        )


def _listed(year: int, stage: str) -> Iterator[Listed]:
    rows = AnnualPlan.objects.filter(year=year).values_list(
        "cited_name",
        "project__name",
        "project__code",
        "category",
        "sector",
        stage,
        "table",
        "heading",
        "cited_verb",
        "position",
    )
    for cited, name, *rest in rows.order_by("project__code"):
        yield Listed(cited or name, *rest)


def _counts(year: int) -> Iterator[Count]:
    found = PlanStatement.objects.filter(year=year).exclude(table="").exclude(goal="")
    for row in found.order_by("code").values_list("sector", "goal", "comparator", "count"):
        yield Count(*row)


def all_tables(data: ReportData) -> dict[int, Table]:
    """Tables 1 to 9 by number."""
    year, plan = data.year, data.year + 1
    kinds = Commitment.Kind
    done = [
        (row.title, row.result or row.text) for row in data.done if row.kind == kinds.LIVELIHOOD
    ]
    events = [(row.title, row.text) for row in data.promised if row.kind == kinds.CONSUMPTION]
    business = [(row.title, row.text) for row in data.promised if row.kind == kinds.BUSINESS]
    return {
        1: tables.results(year, data.results),
        2: tables.promises(f"表2  {year}年重点民生实事完成情况", done),
        3: tables.progress(year, data.executed),
        4: tables.targets(plan, data.targets),
        5: tables.planned(
            f"表5  {plan}年产业发展重点项目", tables.TABLE_5, data.planned, data.counts
        ),
        6: tables.planned(f"表6  {plan}年重点基础设施项目", tables.TABLE_6, data.planned),
        7: tables.promises(f"表7  {plan}年重大消费活动", events),
        8: tables.promises(f"表8  {plan}年全面优化营商环境重点举措", business),
        9: tables.planned(f"表9  {plan}年重点生态环保项目", tables.TABLE_9, data.planned),
    }


def compose(data: ReportData, step: Step = lambda part, count: None) -> Document:
    """The report in its order: each section's texts, then its tables and figures; the annex."""
    texts = {each.code: narrative.fill(each, data.fields) for each in data.templates}
    step("fields", len(data.fields))
    drawn = all_tables(data)
    step("tables", sum(len(table.rows) for table in drawn.values()))
    plates = {known.number: figure(known) for known in data.figures}
    step("figures", sum(known.known for known in data.figures))
    sections = narrative.by_section(data.templates)
    blocks: list[Block] = []
    used: dict[str, Field] = {}
    for section in SECTIONS:
        for template in sections.get(section.code, ()):
            blocks += _blocks(texts[template.code])
            used |= {field.name: field for field in texts[template.code].used}
        blocks += [drawn[number] for number in section.tables]
        blocks += [plates[number] for number in section.figures]
    blocks += [NewPage(landscape=True), *_annex(list(used.values()))]
    district, city = data.fields["区"].value, data.fields["市"].value
    title = (
        f"关于{city}{district}{data.year}年国民经济和社会发展计划执行情况"
        f"及{data.year + 1}年计划草案的报告"
    )
    issuer = f"{city}{district}发展和改革委员会"
    return Document(title, tuple(blocks), issuer=issuer, under_title=(issuer,))


def _blocks(filled: Filled) -> Iterator[Block]:
    """A paragraph a line."""
    for line in filter(None, map(str.strip, filled.text.splitlines())):
        match Style(filled.template.style):
            case Style.HEADING_1:
                yield Heading(line, 1)
            case Style.HEADING_2:
                yield Heading(line, 2)
            case Style.PLAIN:
                yield Paragraph(line, indent=False)
            case _:
                yield Paragraph(line)


def _annex(used: Sequence[Field]) -> Iterator[Block]:
    """Every number that a text took from the data, with where it stands."""
    yield Heading("附件  正文数据来源", 1)
    if not used:
        yield Paragraph("正文未引用数据。")
        return
    yield Table(
        "",
        (4, 3, 5, 8),
        tuple((field.name, _brief(field.printed), field.query, _source(field)) for field in used),
        header=(("字段", "数值", "取数口径", "来源原文"),),
        align=(Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT),
    )


def _brief(value: str) -> str:
    """A value that is a whole passage stands in the text, and need not stand here again."""
    return value if len(value) <= LONGEST_VALUE else "见正文"


def _source(field: Field) -> str:
    if field.source is None:
        return "系统计算" if field.value else tables.MISSING
    words = field.source.quote.replace("\t", "  ")
    return f"{field.source.section}：{words}"
