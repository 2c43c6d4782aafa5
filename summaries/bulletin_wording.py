"""月度通报, the words: sentences in the manner offices publish. Chinese, the office's language.

A bulletin is an official paper and exists in one language only; its words are no page's and do not
go through the catalogue. Every function takes figures and gives sentences; "" where there is
nothing to say.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from projects.models import Category, Level, ObstacleKind, ObstacleLevel, Stage, Status
from summaries.bulletin import Bulletin, Group, ObstacleMonth, Ranked, Starts
from summaries.bulletin_projects import ProjectMonth
from summaries.cells import Progress, Rate
from summaries.office_numbers import UNKNOWN, against, rate, yi

STAGES = {
    Stage.PREPARATION: "前期项目",
    Stage.STARTED: "新开工项目",
    Stage.ACCELERATED: "续建项目",
    Stage.COMPLETED: "竣工项目",
    "": "年度目标未明确项目",
}
GOALS = {
    Stage.PREPARATION: "前期",
    Stage.STARTED: "开工",
    Stage.ACCELERATED: "加快推进",
    Stage.COMPLETED: "竣工",
    "": "未明确",
}
STATUSES = {
    Status.PREPARATION: "前期",
    Status.STARTED: "开工",
    Status.ACCELERATED: "加快推进",
    Status.COMPLETED: "竣工",
    Status.SUSPENDED: "停工",
    Status.WITHDRAWN: "调出",
    "": "未明确",
}
CATEGORIES = {
    Category.INDUSTRY: "产业发展",
    Category.INFRASTRUCTURE: "城乡建设及基础设施",
    Category.ECOLOGY: "生态环境保护",
    Category.LIVELIHOOD: "民生领域",
}
LEVELS = {
    Level.MUNICIPAL: "市级重点项目",
    Level.DISTRICT: "区级重大项目",
    "": "级别未明确项目",
}
LIGHTS = {"green": "绿", "yellow": "黄", "red": "红"}
KINDS = {
    ObstacleKind.LAND: "用地",
    ObstacleKind.FOREST: "用林",
    ObstacleKind.CLEARANCE: "征拆",
    ObstacleKind.FUNDS: "资金",
    ObstacleKind.PERMITS: "手续",
    ObstacleKind.PIPELINES: "管线迁改",
    ObstacleKind.OTHER: "其他",
}
OBSTACLE_LEVELS = {
    ObstacleLevel.DEPARTMENT: "部门",
    ObstacleLevel.DISTRICT: "区领导",
    ObstacleLevel.CITY: "市级",
}
NO_DEPARTMENT = "未明确责任单位"
_QUARTERS = "一二三四"


def title(year: int, month: int, place: str = "") -> str:
    """What the bulletin is called; `place` is the region's name where it is of one."""
    return f"关于{place}{year}年{month}月重点项目推进情况的通报"


def overall(bulletin: Bulletin) -> Iterator[str]:
    """总体情况: the list, what is done of it, the month, the quarter, last year."""
    total = bulletin.total
    now = total.now
    span = months(1, bulletin.month)
    listed = [
        f"列入{bulletin.year}年度计划的重点项目{now.entries}个",
        f"总投资{_total_investment(total)}",
        f"年度计划投资{_planned(total)}",
    ]
    yield "，".join(listed) + "。" + _done(total, span, bulletin.month)
    if bulletin.is_empty:
        return
    quarter = (bulletin.month - 1) // 3
    first = quarter * 3 + 1
    planned = total.quarter_schedule
    yield (
        f"{bulletin.month}月当月完成投资{yi(total.invested_in_month)}。"
        f"{_QUARTERS[quarter]}季度（{months(first, bulletin.month)}）"
        f"完成投资{yi(total.invested_in_quarter)}，"
        f"为同期序时计划{yi(planned.denominator)}的{rate(planned.percent)}。"
        f"{last_year(total)}。"
    )


def last_year(total: Progress) -> str:
    """The rates against the same months of last year."""
    then = total.last_year
    if total.completion_change is None:
        return "上年同期暂无数据，不作同比"
    words = (
        f"上年同期年度计划投资完成率{rate(then.completion.percent)}，"
        f"今年较上年同期{_change(total.completion_change)}"
    )
    if total.schedule_change is not None:
        words += f"；序时完成率较上年同期{_change(total.schedule_change)}"
    return words


def stages(bulletin: Bulletin) -> str:
    """按推进阶段; and how many have been completed, whatever their goal."""
    done = bulletin.total.now.statuses[Status.COMPLETED]
    words = f"截至{bulletin.month}月底，列入年度计划的项目已竣工{done}个。" if done else ""
    named = ((STAGES.get(each.name, each.name), each) for each in bulletin.stages)
    return _groups(bulletin, named) + words


def categories(bulletin: Bulletin) -> str:
    """按项目类别."""
    named = ((f"{CATEGORIES[Category(each.name)]}项目", each) for each in bulletin.categories)
    return _groups(bulletin, named)


def levels(bulletin: Bulletin) -> str:
    """按项目级别."""
    if all(not each.name for each in bulletin.levels):
        return "项目级别均未明确。"
    return _groups(bulletin, ((LEVELS.get(each.name, each.name), each) for each in bulletin.levels))


def departments(bulletin: Bulletin) -> Iterator[str]:
    """Departments of the first rank and projects, those ahead and those behind."""
    first = [each for each in bulletin.departments if not each.depth and each.name]
    homeless = sum(each.progress.now.entries for each in bulletin.departments if not each.name)
    words = f"承担年度计划项目的责任单位{len(first)}个"
    if homeless:
        words += f"，另有{homeless}个项目{NO_DEPARTMENT}"
    found = bulletin.department_ranking
    sentences = [f"{words}，各单位完成情况见附件1。"]
    if found.leaders:
        sentences.append(f"序时完成率靠前的单位：{_ranked(found.leaders)}。")
    if found.laggards:
        sentences.append(f"序时完成率靠后的单位：{_ranked(found.laggards)}。")
    yield "".join(sentences)
    ahead, behind = bulletin.project_ranking
    sentences = []
    if ahead:
        sentences.append(f"超序时进度较多的项目：{_by_gap(ahead, '超前')}。")
    if behind:
        sentences.append(f"落后序时进度较多的项目：{_by_gap(behind, '落后')}。")
    if sentences:
        yield "".join(sentences)


def starts(found: Starts, month: int) -> str:
    """开工情况: which of the new starts have started, which of those due have not."""
    wanted = len(found.started) + len(found.waiting)
    if not wanted:
        return "年度计划无新开工项目。"
    sentences = [
        f"年度计划新开工项目{wanted}个，截至{month}月底已开工{len(found.started)}个，"
        f"开工率{rate(_share(len(found.started), wanted).percent)}"
        f"{_named(found.started)}。"
    ]
    if found.waiting:
        sentences.append(f"尚未开工{len(found.waiting)}个{_named(found.waiting)}。")
    if found.due:
        missed = f"逾期未开工{len(found.missed)}个{_named(found.missed, with_department=True)}"
        sentences.append(
            f"按计划应于{month}月底前开工{len(found.due)}个，"
            f"已开工{len(found.due) - len(found.missed)}个，"
            f"{missed if found.missed else '无逾期未开工项目'}。"
        )
    if found.undated:
        sentences.append(f"未填报计划开工时间的{found.undated}个，按年底前开工掌握。")
    return "".join(sentences)


def lights(bulletin: Bulletin) -> str:
    """红黄绿灯: how many of each, and who has been red for long."""
    counts = bulletin.total.now.lights
    unlit = counts["grey"] + counts[""]
    sentences = [
        f"截至{bulletin.month}月底，亮绿灯{counts['green']}个、黄灯{counts['yellow']}个、"
        f"红灯{counts['red']}个" + (f"，未评定{unlit}个" if unlit else "") + "。"
    ]
    days = bulletin.long_red_days
    if bulletin.long_red:
        named = "；".join(
            f"{each.name}（{each.department or NO_DEPARTMENT}，"
            f"连续{each.streak}个月、已{each.red_days}天）"
            for each in bulletin.long_red
        )
        sentences.append(f"亮红灯超过{days}天的{len(bulletin.long_red)}个：{named}。")
    elif counts["red"]:
        sentences.append(f"无亮红灯超过{days}天的项目。")
    return "".join(sentences)


def obstacles(bulletin: Bulletin) -> str:
    """清障: opened, cleared, open and overdue at the month's end."""
    rows = bulletin.obstacles
    if not rows:
        return "本月无新增及未销号清障问题。"
    opened, cleared, waiting, overdue = (
        sum(each.opened for each in rows),
        sum(each.cleared for each in rows),
        sum(not each.cleared for each in rows),
        [each for each in rows if each.overdue],
    )
    words = (
        f"本月新增清障问题{opened}个，销号{cleared}个；"
        f"截至月底未销号{waiting}个，其中逾期{len(overdue)}个"
    )
    if not overdue:
        return f"{words}。"
    return f"{words}：{'；'.join(_obstacle(each) for each in overdue)}。清障问题清单见附件4。"


def reporting(bulletin: Bulletin) -> str:
    """报送: how many reported, who late, who not at all."""
    now = bulletin.total.now
    if not now.due:
        return "本月无应报项目。"
    sentences = [
        f"本月应报项目{now.due}个，已报{now.reported}个，"
        f"报送率{rate(_share(now.reported, now.due).percent)}；"
        f"已核定{now.figures}个。"
    ]
    if bulletin.late:
        sentences.append(f"迟报{len(bulletin.late)}个，涉及{_by_department(bulletin.late)}。")
    if bulletin.unreported:
        state = "未报" if bulletin.is_past_due else f"未报（{day(bulletin.due_on)}截止）"
        sentences.append(
            f"{state}{len(bulletin.unreported)}个{_named(bulletin.unreported, with_department=True)}。"
        )
    if bulletin.late or bulletin.unreported:
        sentences.append("迟报、未报名单见附件5。")
    else:
        sentences.append("无迟报、未报项目。")
    return "".join(sentences)


def months(first: int, last: int) -> str:
    """1—9月; one month alone is 1月."""
    return f"{last}月" if first == last else f"{first}—{last}月"


def day(when: date) -> str:
    """9月5日."""
    return f"{when.month}月{when.day}日"


def _done(total: Progress, span: str, month: int) -> str:
    now = total.now
    if not now.figures:
        return f"{month}月暂无核定数据，完成投资、完成率均未统计。"
    words = (
        f"{span}累计完成投资{yi(now.invested_ytd)}，"
        f"年度计划投资完成率{rate(now.completion.percent)}，"
        f"序时完成率{rate(now.schedule.percent)}，{_gap(total)}"
    )
    if left_out := now.entries - now.figures:
        words += (
            f"（按本月数据已核定的{now.figures}个项目、年度计划投资{yi(now.figures_planned)}计算，"
            f"其余{left_out}个项目本月无核定数据，不计入）"
        )
    return f"{words}。"


def _groups(bulletin: Bulletin, groups: Iterable[tuple[str, Group]]) -> str:
    said = [_group(name, each.progress, bulletin) for name, each in groups]
    return "；".join(said) + "。" if said else "年度计划无项目。"


def _group(name: str, progress: Progress, bulletin: Bulletin) -> str:
    now = progress.now
    words = [f"{name}{now.entries}个"]
    if bulletin.total.now.with_total:
        words.append(f"总投资{_total_investment(progress)}")
    words.append(f"年度计划投资{_planned(progress)}")
    if not now.figures:
        words.append(f"{bulletin.month}月暂无核定数据")
        return "，".join(words)
    words += [
        f"累计完成投资{yi(now.invested_ytd)}",
        f"年度计划投资完成率{rate(now.completion.percent)}",
        f"序时完成率{rate(now.schedule.percent)}",
    ]
    if progress.completion_change is not None:
        words.append(f"完成率较上年同期{_change(progress.completion_change)}")
    elif bulletin.total.completion_change is not None:
        words.append("上年同期暂无数据")
    return "，".join(words)


def _total_investment(progress: Progress) -> str:
    now = progress.now
    if not now.with_total:
        return UNKNOWN
    missing = now.entries - now.with_total
    note = f"（{missing}个项目未填报，不计入）" if missing else ""
    return yi(now.total_investment) + note


def _planned(progress: Progress) -> str:
    now = progress.now
    if not now.with_plan:
        return UNKNOWN
    missing = now.entries - now.with_plan
    note = f"（{missing}个项目未下达，不计入）" if missing else ""
    return yi(now.planned) + note


def _gap(progress: Progress) -> str:
    return against(
        progress.now.schedule_gap,
        above="超序时进度",
        below="落后序时进度",
        equal="与序时进度持平",
    )


def _change(difference: Decimal) -> str:
    return against(difference, above="提高", below="下降", equal="持平")


def _share(part: int, whole: int) -> Rate:
    return Rate(Decimal(part), Decimal(whole))


def _ranked(rows: Iterable[Ranked]) -> str:
    return "、".join(f"{each.name or NO_DEPARTMENT}（{rate(each.value)}）" for each in rows)


def _by_gap(rows: Iterable[ProjectMonth], word: str) -> str:
    return "、".join(
        f"{each.name}（{against(each.gap, above=word, below=word, equal='持平')}）" for each in rows
    )


def _named(rows: Iterable[ProjectMonth], *, with_department: bool = False) -> str:
    """：甲、乙; with its department behind each name where that helps; "" for nobody."""
    names = [
        f"{each.name}（{each.department or NO_DEPARTMENT}）" if with_department else each.name
        for each in rows
    ]
    return f"：{'、'.join(names)}" if names else ""


def _by_department(rows: Iterable[ProjectMonth]) -> str:
    counts: dict[str, int] = {}
    for each in rows:
        name = each.department or NO_DEPARTMENT
        counts[name] = counts.get(name, 0) + 1
    placed = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return "、".join(f"{name}（{count}个）" for name, count in placed)


def _obstacle(row: ObstacleMonth) -> str:
    kind = KINDS[ObstacleKind(row.kind)]
    return f"{row.project}（{kind}，{row.responsible}，应于{day(row.due_on)}前解决）"
