"""项目卡片: a project on one page: facts, the year's plan and months, money, nodes, obstacles, sources."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone, translation

from accounts.models import Department, User
from office import card
from office.clock import today
from office.document import Align, Block, Cell, Chart, Document, Figure, Paragraph, Series, Table
from office.sheet import MISSING, Kind, printed
from projects import arrival, milestones, progress_chart
from projects.colouring import adopted_rules
from projects.models import (
    AnnualPlan,
    Category,
    Funding,
    Obstacle,
    ObstacleKind,
    ObstacleState,
    Project,
    ProjectMention,
    Status,
)
from projects.obstacle_clock import days_overdue
from projects.obstacle_list import in_order
from projects.permissions import visible_obstacles, visible_projects
from projects.progress_chart import Month, Progress
from summaries import office_document, rollup
from summaries.bulletin_document import issuer_of
from summaries.bulletin_wording import CATEGORIES, GOALS, KINDS, LEVELS, LIGHTS, STATUSES
from summaries.models import DocumentFile, DocumentRun
from summaries.office_numbers import rate, yi
from summaries.product import NothingRecordedError, Product, Step
from summaries.progress_summary import LANGUAGE

RULE_VERSION = "project-card-1"
PARTS = ("read", "pdf")
LONGEST = 6
"""How many obstacles, nodes and sentences a page has room for; what is left out is counted."""


@dataclass(frozen=True, slots=True)
class CardData:
    """What the card tells, as it was at the cut-off; `on` is the day that lateness is held against."""

    project: Project
    entry: AnnualPlan | None
    progress: Progress | None
    funding: Sequence[Funding]
    nodes: Sequence[milestones.Standing]
    obstacles: Sequence[Obstacle]
    mentions: Sequence[ProjectMention]
    on: date
    cut_off: datetime
    contains_sample: bool


def build(run: DocumentRun, step: Step) -> Product:
    """The card of the run's project, as far as whoever asked sees it."""
    adopted_rules()  # the first version is written where there is none, which a snapshot cannot
    with rollup.snapshot(), translation.override(LANGUAGE):
        data = read(run.parameters["project"], run.asked_by, on=today())
        document = compose(data, issuer_of(run.region))
    step("read", len(document.blocks))
    return office_document.product(
        document,
        name=f"项目卡片-{data.project.code}-{data.project.name}",
        cut_off=data.cut_off,
        rule_version=RULE_VERSION,
        contains_sample=data.contains_sample,
        step=step,
        writers={DocumentFile.Format.PDF: card.write},
    )


def read(code: str, user: User, *, on: date) -> CardData:
    """What the user sees of the project; NothingRecordedError where that is nothing."""
    project = (
        visible_projects(user).select_related("department", "region").filter(code=code).first()
    )
    if project is None:
        raise NothingRecordedError(f"no project {code} is visible to {user}")
    progress = progress_chart.read(project, on=on)
    obstacles = visible_obstacles(user).filter(project=project).select_related("responsible")
    return CardData(
        project=project,
        entry=progress.entry if progress else project.entries.order_by("year").last(),
        progress=progress,
        funding=list(project.funding.all()),
        nodes=milestones.standings(project.milestones.all(), on=on),
        obstacles=list(in_order(obstacles)),
        mentions=list(project.mentions.select_related("sentence__document")),
        on=on,
        cut_off=timezone.now(),
        contains_sample=Department.objects.filter(is_sample=True).exists(),
    )


def compose(data: CardData, issuer: str) -> Document:
    """The card in its order; parts of which nothing is known say so in a line."""
    blocks: list[Block] = [_facts(data.project), *_year(data)]
    blocks += [_funding(data), _nodes(data), _obstacles(data), *_sources(data)]
    return Document(data.project.name, tuple(blocks), issuer=issuer, under_title=("重点项目卡片",))


def _facts(project: Project) -> Table:
    facts = (
        ("项目编号", project.code),
        ("责任单位", project.department.name if project.department else ""),
        ("业主单位", project.owner_unit),
        ("挂点领导", project.leader),
        ("项目类别", CATEGORIES[Category(project.category)]),
        ("行业", project.sector),
        ("建设地点", project.region.name if project.region else ""),
        ("目前状态", STATUSES[Status(project.status) if project.status else ""]),
        ("总投资", "" if project.total_investment is None else yi(project.total_investment)),
        ("联系人", project.contact),
        ("计划开工", _day(project.planned_start_on)),
        ("计划竣工", _day(project.planned_finish_on)),
        ("实际开工", _day(project.started_on)),
        ("实际竣工", _day(project.completed_on)),
        ("入库纳统", _day(project.statistics_entry_on)),
        ("国家编码", project.national_code),
    )
    cells = [(Cell(label, bold=True), Cell(value or MISSING)) for label, value in facts]
    rows: list[tuple[Cell | str, ...]] = [
        (*cells[place], *cells[place + 1]) for place in range(0, len(cells), 2)
    ]
    if project.description:
        rows.append((Cell("建设内容", bold=True), Cell(project.description, columns=3)))
    return Table("一、基本情况", (2, 5, 2, 5), tuple(rows))


def _year(data: CardData) -> Iterator[Block]:
    entry = data.entry
    if entry is None:
        yield Paragraph("二、年度计划：未列入年度计划。", indent=False)
        return
    words = [
        f"二、{entry.year}年度计划：{LEVELS[entry.level] if entry.level else '级别未明确'}",
        f"年度目标{GOALS[entry.goal]}",
        f"年度计划投资{yi(entry.planned_investment)}",
    ]
    if entry.invested_before is not None:
        words.append(f"至上年底累计完成{yi(entry.invested_before)}")
    progress = data.progress
    if progress is None:
        yield Paragraph("，".join(words) + "。月度计划未下达，无月报。", indent=False)
        return
    reported = [month for month in progress.months if month.figure is not None]
    if reported:
        last = reported[-1]
        words.append(
            f"截至{last.report.period.month}月底累计完成{yi(last.report.approved_invested_ytd)}，"
            f"年度计划投资完成率{rate(last.completion_rate)}，序时完成率{rate(last.on_schedule_rate)}"
        )
    else:
        words.append("尚无核定数据")
    yield Paragraph("，".join(words) + "。", indent=False)
    yield _months(progress.months)
    yield _chart(progress.months)
    if reported and reported[-1].report.narrative:
        last = reported[-1]
        yield Paragraph(
            f"形象进度（{last.report.period.month}月）：{last.report.narrative}", indent=False
        )


def _months(months: Sequence[Month]) -> Table:
    head = ("月份", *(f"{month.report.period.month}月" for month in months))
    rows = (
        ("序时计划", *(_money(month.report.planned_ytd) for month in months)),
        ("累计完成", *(_money(month.report.approved_invested_ytd) for month in months)),
        ("本月完成", *(_money(month.figure) for month in months)),
        ("完成率（%）", *(printed(month.completion_rate, Kind.RATE) for month in months)),
        ("与序时差", *(printed(month.gap, Kind.POINTS) for month in months)),
        ("灯", *(LIGHTS.get(month.light, MISSING) for month in months)),
    )
    return Table(
        "",
        (2.2, *(1.5 for _month in months)),
        rows,
        header=(head,),
        align=(Align.CENTRE, *(Align.RIGHT for _month in months)),
        notes=("单位：万元（自年初累计，四舍五入）；与序时差单位：个百分点。“—”为暂无数据。",),
    )


def _chart(months: Sequence[Month]) -> Figure:
    def points(amounts: Iterator[Decimal | None]) -> tuple[str | None, ...]:
        return tuple(
            None if amount is None else printed(amount, Kind.MONEY).replace(",", "")
            for amount in amounts
        )

    planned = points(month.report.planned_ytd for month in months)
    actual = points(month.report.approved_invested_ytd for month in months)
    chart = Chart(
        tuple(f"{month.report.period.month}月" for month in months),
        (Series("序时计划", planned), Series("完成投资", actual)),
        "万元",
    )
    return Figure("计划投资与完成投资（自年初累计）", chart)


def _funding(data: CardData) -> Block:
    if not data.funding:
        return Paragraph("三、资金：未填报。", indent=False)
    totals = arrival.totals((row.amount, row.arrived) for row in data.funding)
    assert totals is not None, "there is some"
    rows = [
        (row.get_source_display(), _money(row.amount), _money(row.arrived)) for row in data.funding
    ]
    rows.append(("合计", _money(totals.amount), _money(totals.arrived)))
    notes = (f"已填报到位情况的资金到位率{rate(totals.rate)}。",) if totals.rate is not None else ()
    return Table(
        "三、资金（万元）",
        (2, 2, 2),
        tuple(rows),
        header=(("来源", "计划", "到位"),),
        align=(Align.LEFT, Align.RIGHT, Align.RIGHT),
        notes=notes,
    )


def _nodes(data: CardData) -> Block:
    if not data.nodes:
        return Paragraph("四、节点：未填报。", indent=False)
    return Table(
        "四、节点",
        (5, 2, 2, 2),
        tuple(
            (
                node.milestone.name,
                _day(node.milestone.due_on) or MISSING,
                _day(node.milestone.done_on) or MISSING,
                "完成" if node.milestone.done_on else "逾期" if node.is_overdue else "推进中",
            )
            for node in data.nodes[:LONGEST]
        ),
        header=(("节点", "计划", "完成", "情况"),),
        align=(Align.LEFT, Align.CENTRE, Align.CENTRE, Align.CENTRE),
        notes=_left_out(len(data.nodes)),
    )


def _obstacles(data: CardData) -> Block:
    if not data.obstacles:
        return Paragraph("五、清障问题：无。", indent=False)
    return Table(
        "五、清障问题",
        (2, 7, 3, 2.4, 2),
        tuple(
            (
                KINDS[ObstacleKind(row.kind)],
                row.text,
                row.responsible.name,
                _day(row.due_on),
                _standing(row, data.on),
            )
            for row in data.obstacles[:LONGEST]
        ),
        header=(("类型", "问题", "责任单位", "应解决", "情况"),),
        align=(Align.CENTRE, Align.LEFT, Align.LEFT, Align.CENTRE, Align.CENTRE),
        notes=_left_out(len(data.obstacles)),
    )


def _standing(row: Obstacle, on: date) -> str:
    if row.state == ObstacleState.CLEARED:
        return "已销号"
    if days_overdue(row, on=on):
        return "逾期"
    return "已回复" if row.state == ObstacleState.REPLIED else "推进中"


def _sources(data: CardData) -> Iterator[Block]:
    if not data.mentions:
        yield Paragraph("六、报告原文：未提及。", indent=False)
        return
    rows = []
    for mention in data.mentions[:LONGEST]:
        sentence = mention.sentence
        place = f"《{sentence.document.title}》{sentence.section}" if sentence else MISSING
        rows.append((mention.quote or mention.text, place))
    yield Table(
        "六、报告原文",
        (7, 5),
        tuple(rows),
        header=(("原文", "出处"),),
        notes=_left_out(len(data.mentions)),
    )


def _left_out(count: int) -> tuple[str, ...]:
    return (f"另有{count - LONGEST}项，见系统。",) if count > LONGEST else ()


def _money(amount: Decimal | None) -> str:
    return printed(amount, Kind.MONEY)


def _day(when: date | None) -> str:
    return when.isoformat() if when else ""
