"""月度通报, the annexes: tables with the headings that offices use, for paper and workbook alike.

Each ratio stands in the workbook beside what it is computed from.
"""

from collections.abc import Iterable, Iterator

from office.document import Align
from office.sheet import Column, Kind, Sheet, Value
from projects.models import Category, ObstacleKind, ObstacleLevel, Stage, Status
from summaries.bulletin import Bulletin, Group, ObstacleMonth
from summaries.bulletin_projects import ProjectMonth
from summaries.bulletin_wording import (
    CATEGORIES,
    GOALS,
    KINDS,
    LEVELS,
    LIGHTS,
    NO_DEPARTMENT,
    OBSTACLE_LEVELS,
    STAGES,
    STATUSES,
)
from summaries.cells import Progress
from summaries.office_numbers import HUNDREDTH, rounded

TINTS = (("绿", "#C6EFCE"), ("黄", "#FFEB9C"), ("红", "#FFC7CE"))
_MONEY_NOTE = "单位：万元。“—”为暂无数据。"
_RATE_NOTE = (
    "完成率＝累计完成投资÷年度计划投资，序时完成率＝累计完成投资÷序时计划投资，"
    "均按本月数据已核定的项目计算；差距为完成率减序时应完成比例，单位：个百分点。"
)

_PROGRESS = (
    Column(("项目数",), Kind.COUNT, 8),
    Column(("已核定项目数",), Kind.COUNT, 9, only_in_workbook=True),
    Column(("总投资",), Kind.MONEY, 13, only_in_workbook=True),
    Column(("年度计划投资",), Kind.MONEY, 13),
    Column(("累计完成", "投资"), Kind.MONEY, 14),
    Column(("累计完成", "对应年度计划"), Kind.MONEY, 13, only_in_workbook=True),
    Column(("累计完成", "完成率（%）"), Kind.RATE, 10),
    Column(("序时进度", "计划"), Kind.MONEY, 14),
    Column(("序时进度", "完成率（%）"), Kind.RATE, 10),
    Column(("序时进度", "差距"), Kind.POINTS, 9),
    Column(("亮灯情况", "红"), Kind.COUNT, 5),
    Column(("亮灯情况", "黄"), Kind.COUNT, 5),
    Column(("亮灯情况", "绿"), Kind.COUNT, 5),
    Column(("上年同期", "累计完成"), Kind.MONEY, 12, only_in_workbook=True),
    Column(("上年同期", "对应年度计划"), Kind.MONEY, 13, only_in_workbook=True),
    Column(("上年同期", "完成率（%）"), Kind.RATE, 10, only_in_workbook=True),
    Column(("上年同期", "完成率增减"), Kind.POINTS, 10, only_in_workbook=True),
)


def annexes(bulletin: Bulletin) -> tuple[Sheet, ...]:
    """Annexes 1 to 5."""
    return (
        departments(bulletin),
        groups(bulletin),
        projects(bulletin),
        obstacles(bulletin),
        reporting(bulletin),
    )


def departments(bulletin: Bulletin) -> Sheet:
    """附件1: departments of the first rank in the order of their rate, sub-units after each."""
    rows: list[tuple[Value, ...]] = [("", "合计", *_progress(bulletin.total))]
    for number, branch in enumerate(_in_order(bulletin.departments), 1):
        for group in branch:
            place = None if group.depth else number
            name = group.name or NO_DEPARTMENT
            shown = f"其中：{name}" if group.depth else name
            rows.append((str(place or ""), shown, *_progress(group.progress)))
    return Sheet(
        "附件1",
        f"附件1  {bulletin.year}年{bulletin.month}月各责任单位重点项目完成情况",
        (
            Column(("序号",), width=5, align=Align.CENTRE),
            Column(("责任单位",), width=25),
            *_PROGRESS,
        ),
        tuple(rows),
        (_MONEY_NOTE + "按序时完成率排列。", _RATE_NOTE),
        dense=True,
        bold=(0,),
    )


def groups(bulletin: Bulletin) -> Sheet:
    """附件2: by category, level and stage, each adding up to the total."""
    rows: list[tuple[Value, ...]] = [("合计", "", *_progress(bulletin.total))]
    for kind, labels, found in (
        ("按类别", CATEGORIES, bulletin.categories),
        ("按级别", LEVELS, bulletin.levels),
        ("按阶段", STAGES, bulletin.stages),
    ):
        names: dict[str, str] = {str(value): label for value, label in labels.items()}
        rows += [(kind, names[group.name], *_progress(group.progress)) for group in found]
    return Sheet(
        "附件2",
        f"附件2  {bulletin.year}年{bulletin.month}月重点项目分类别、分级别完成情况",
        (
            Column(("分类",), width=8, align=Align.CENTRE),
            Column(("名称",), width=20),
            *_PROGRESS,
        ),
        tuple(rows),
        (_MONEY_NOTE, _RATE_NOTE),
        dense=True,
        bold=(0,),
    )


def projects(bulletin: Bulletin) -> Sheet:
    """附件3: every project of the list."""
    columns = (
        Column(("序号",), Kind.COUNT, 5),
        Column(("项目编号",), width=14, only_in_workbook=True),
        Column(("项目名称",), width=26),
        Column(("责任单位",), width=15),
        Column(("级别",), width=13, only_in_workbook=True),
        Column(("类别",), width=18, only_in_workbook=True),
        Column(("年度目标",), width=8, align=Align.CENTRE),
        Column(("总投资",), Kind.MONEY, 11),
        Column(("年度投资", "计划"), Kind.MONEY, 11),
        Column(("年度投资", "本月完成"), Kind.MONEY, 10),
        Column(("年度投资", "累计完成"), Kind.MONEY, 11),
        Column(("年度投资", "完成率（%）"), Kind.RATE, 9),
        Column(("序时计划",), Kind.MONEY, 11, only_in_workbook=True),
        Column(("序时完成率（%）",), Kind.RATE, 9, only_in_workbook=True),
        Column(("与序时差",), Kind.POINTS, 8),
        Column(("目前状态",), width=9, align=Align.CENTRE, only_in_workbook=True),
        Column(("形象进度（%）",), Kind.RATE, 8, only_in_workbook=True),
        Column(("形象进度",), width=36),
        Column(("灯",), width=4, align=Align.CENTRE, tints=TINTS),
        Column(("存在问题",), width=26),
    )
    return Sheet(
        "附件3",
        f"附件3  {bulletin.year}年{bulletin.month}月重点项目推进明细",
        columns,
        tuple(_project(number, each) for number, each in enumerate(bulletin.projects, 1)),
        (_MONEY_NOTE + "与序时差单位：个百分点。",),
        dense=True,
    )


def obstacles(bulletin: Bulletin) -> Sheet:
    """附件4: what was raised, cleared, or still open."""
    return Sheet(
        "附件4",
        f"附件4  {bulletin.year}年{bulletin.month}月重点项目清障问题清单",
        (
            Column(("序号",), Kind.COUNT, 5),
            Column(("项目名称",), width=24),
            Column(("问题类型",), width=11, align=Align.CENTRE),
            Column(("问题",), width=34),
            Column(("解决层级",), width=11, align=Align.CENTRE),
            Column(("责任单位",), width=16),
            Column(("时间", "提出"), width=13, align=Align.CENTRE),
            Column(("时间", "应解决"), width=13, align=Align.CENTRE),
            Column(("时间", "销号"), width=13, align=Align.CENTRE),
            Column(("本月情况",), width=13, align=Align.CENTRE),
        ),
        tuple(_obstacle(number, row) for number, row in enumerate(bulletin.obstacles, 1)),
        (f"“逾期”为截至{bulletin.month}月底已过应解决时间且未销号。",),
    )


def reporting(bulletin: Bulletin) -> Sheet:
    """附件5: who reported late, who not at all."""
    due = str(bulletin.due_on)
    late = [(each, "迟报", str(each.submitted_on)) for each in bulletin.late]
    missing = [
        (each, "未报" if bulletin.is_past_due else "未报（未到期）", None)
        for each in bulletin.unreported
    ]
    return Sheet(
        "附件5",
        f"附件5  {bulletin.year}年{bulletin.month}月迟报、未报名单",
        (
            Column(("序号",), Kind.COUNT, 6),
            Column(("责任单位",), width=24),
            Column(("项目名称",), width=40),
            Column(("情况",), width=14, align=Align.CENTRE),
            Column(("截止日期",), width=13, align=Align.CENTRE),
            Column(("首次报送日期",), width=13, align=Align.CENTRE),
        ),
        tuple(
            (number, each.department or NO_DEPARTMENT, each.name, state, due, submitted)
            for number, (each, state, submitted) in enumerate([*missing, *late], 1)
        ),
    )


def _in_order(found: Iterable[Group]) -> Iterator[list[Group]]:
    """Branches of the first rank by 序时完成率, those without one last, nobody's at the very end."""
    branches: list[list[Group]] = []
    for group in found:
        if group.depth and branches:
            branches[-1].append(group)
        else:
            branches.append([group])

    def place(branch: list[Group]) -> tuple[bool, bool, object]:
        percent = branch[0].progress.now.schedule.percent
        return not branch[0].name, percent is None, -(percent or 0)

    yield from sorted(branches, key=place)


def _progress(progress: Progress) -> tuple[Value, ...]:
    now, then = progress.now, progress.last_year
    has_figures = bool(now.figures)
    return (
        now.entries,
        now.figures,
        now.total_investment if now.with_total else None,
        now.planned if now.with_plan else None,
        now.invested_ytd if has_figures else None,
        now.figures_planned if has_figures else None,
        now.completion.percent,
        now.figures_planned_ytd if has_figures else None,
        now.schedule.percent,
        now.schedule_gap,
        now.lights["red"],
        now.lights["yellow"],
        now.lights["green"],
        then.invested_ytd if then.figures else None,
        then.figures_planned if then.figures else None,
        then.completion.percent,
        progress.completion_change,
    )


def _project(number: int, each: ProjectMonth) -> tuple[Value, ...]:
    return (
        number,
        each.code,
        each.name,
        each.department or NO_DEPARTMENT,
        LEVELS.get(each.level, each.level),
        CATEGORIES[Category(each.category)],
        GOALS[Stage(each.goal) if each.goal else ""],
        each.total_investment,
        each.planned,
        each.invested_in_month,
        each.invested_ytd,
        each.completion.percent,
        each.planned_ytd,
        each.schedule.percent,
        each.gap,
        STATUSES[Status(each.status) if each.status else ""],
        each.physical_progress,
        progress_in_words(each),
        LIGHTS.get(each.light),
        each.problems,
    )


def progress_in_words(each: ProjectMonth) -> str | None:
    """形象进度 as words: the narrative, behind the percentage where the words do not name it."""
    if each.physical_progress is None:
        return each.narrative or None
    percent = f"{rounded(each.physical_progress, HUNDREDTH).normalize():f}%"
    if percent in each.narrative:
        return each.narrative
    return f"{percent}，{each.narrative}" if each.narrative else percent


def _obstacle(number: int, row: ObstacleMonth) -> tuple[Value, ...]:
    states = [
        word
        for word, holds in (("新增", row.opened), ("销号", row.cleared), ("逾期", row.overdue))
        if holds
    ]
    return (
        number,
        row.project,
        KINDS[ObstacleKind(row.kind)],
        row.text,
        OBSTACLE_LEVELS[ObstacleLevel(row.level)],
        row.responsible,
        str(row.raised_on),
        str(row.due_on),
        str(row.cleared_on) if row.cleared_on else None,
        "、".join(states) or "推进中",
    )
