"""What kind of table it is, where its headings end, and what stands in each column."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from reading.layout import Row
from reading.places import Table, years_of
from reading.verbs import verbs_within
from reading.widths import squeezed

HEAD_ROWS = 3


class Role(StrEnum):
    """What a column holds."""

    SEQ = "seq"
    INDICATOR = "indicator"
    UNIT = "unit"
    PROPERTY = "property"
    TARGET = "target"
    ACTUAL = "actual"
    GROWTH = "growth"
    TARGET_GROWTH = "target_growth"
    PROJECT = "project"
    CONTENT = "content"
    TOTAL = "total"
    PLANNED = "planned"
    PERIOD = "period"
    NATURE = "nature"
    DEPARTMENT = "department"
    OWNER = "owner"
    PROGRESS = "progress"
    GOAL = "goal"
    CATEGORY = "category"
    LEVEL = "level"
    ITEM = "item"
    MONEY = "money"
    REMARK = "remark"


class Kind(StrEnum):
    """What a table's rows are."""

    INDICATORS = "indicators"
    PROJECTS = "projects"
    PROJECT_LISTS = "project_lists"
    COMMITMENTS = "commitments"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its heading's words (canonical, without blanks), the year it names, and its unit."""

    place: int
    heading: str
    role: Role | None
    year: int | None
    unit: str


@dataclass(frozen=True, slots=True)
class Read:
    """A table with its columns known and its headings taken off."""

    kind: Kind
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def of(self, role: Role) -> Column | None:
        """The first column of the role."""
        return next((column for column in self.columns if column.role is role), None)

    def all_of(self, *roles: Role) -> list[Column]:
        """Every column of these roles."""
        return [column for column in self.columns if column.role in roles]


_STAGE = r"(?:竣工|完工|续建|新开工|开工|储备|前期|建成|投产|投用|在建|新建|谋划|加快推进)"
_ROLES: tuple[tuple[Role, str], ...] = (
    (Role.SEQ, r"^(?:序号|编号|序|No\.?|号)$"),
    (Role.UNIT, r"^(?:计量|计算)?单位$|^单位（"),
    (
        Role.TOTAL,
        r"总投资|投资总额|投资规模|[概估匡]算|投资额(?:（[^）]*）)?$|^投资(?:（[^）]*）)?$",
    ),
    (
        Role.MONEY,
        r"累计.*投资|(?:已|实际|完成)[^计]*投资|投资完成|截[至止].*(?:投资|完成)|剩余|资金来源|到位资金|资金筹措",
    ),
    (
        Role.PLANNED,
        r"(?:年|年度|当年|本年)[^总累]*投资|计划投资|投资计划|20[0-9]{2}年(?:度)?计划(?:（[万亿]元）)?$|年度计划(?:完成)?(?:投资)?（[万亿]元）",
    ),
    (
        Role.PERIOD,
        r"建设(?:年限|起止|周期|工期|时间|期限)|起止|开竣工|开工时间|竣工时间|开工年月|完工时间|计划(?:开|竣|完)工",
    ),
    (
        Role.NATURE,
        r"性质|阶段|状态|类型",
    ),
    (
        Role.PROJECT,
        rf"^[^，。；]{{0,8}}?{_STAGE}(?:类|重点|重大)?(?:项目|工程)(?:名称)?(?:（[^）]*）|[0-9]+[个项])?$|项目名称|工程名称|^项目$|建设项目$|^重点项目$|^名称$|项目（工程）|^工程项目$|^重大项目$",
    ),
    (
        Role.CONTENT,
        r"建设内容|建设规模|主要内容|项目内容|项目概况|建设地点|项目地点|地点|规模及内容",
    ),
    (
        Role.OWNER,
        r"业主|建设单位|项目单位|实施主体|项目法人|投资主体|建设主体|责任主体|实施单位|承建",
    ),
    (Role.REMARK, r"领导|联系人|电话|挂点|挂联|包联|配合|协办|责任人|建设地点|项目地点|^地点"),
    (
        Role.DEPARTMENT,
        r"责任单位|责任部门|牵头|主管部门|行业主管|主办|服务单位|责任",
    ),
    (Role.PROGRESS, r"形象进度|进展|推进情况|进度情况|建设进度|完成进度|目前|实施情况|执行情况$"),
    (
        Role.GOAL,
        r"(?:年度|全年|当年|年)?(?:建设|工作|形象|进度|推进)?目标$|年度(?:建设|工作|计划|形象)|计划进度|建设任务|工作任务",
    ),
    (Role.LEVEL, r"级别|等级|层级|级次"),
    (Role.CATEGORY, r"类别|行业|领域|板块|分类|所属"),
    (Role.REMARK, r"备注|说明|挂联|联系人|电话|挂点"),
)
_INDICATOR_ROLES: tuple[tuple[Role, str], ...] = (
    (Role.SEQ, r"^(?:序号|编号|序|No\.?|号)$"),
    (Role.PROPERTY, r"属性|指标性质|指标类型|约束性|^性质$|^类型$"),
    (Role.UNIT, r"^(?:计量|计算)?单位$"),
    (Role.INDICATOR, r"指标$|指标名称|指标项|^项目$|^名称$|目标名称|指标内容|^主要指标"),
    (Role.TARGET_GROWTH, r"(?:目标|计划|预期|预计增).*(?:增长|增速|增幅|±)"),
    (Role.GROWTH, r"增长|增速|增幅|增减|升降|同比|比上年|±|较上年"),
    (
        Role.REMARK,
        r"备注|说明|责任|牵头|完成率|完成(?:全年|年度|年)(?:目标|计划|任务)|进度|是否|评价|完成比|占|比较|差距|结论|达标|对比|部门",
    ),
    (
        Role.ACTUAL,
        r"完成|实际|实绩|执行|结果|实现|预计|初步|快报|(?:上半年|[0-9][—-][0-9]{1,2}月)(?!.*(?:目标|计划|预期))|累计|本期|绝对[值额量]",
    ),
    (Role.TARGET, r"目标|计划|预期|建议|安排|任务"),
    (Role.CATEGORY, r"类别|领域|分类|类$"),
)
_ITEM = re.compile(r"实事|事项|内容|任务|举措|措施|活动|名称|项目|工作")
_IS_INDICATORS = re.compile(
    r"指标|预期目标|发展目标|发展计划(?:表)?$|目标(?:任务)?(?:完成情况)?(?:表)?$|发展计划.*(?:完成|执行)情况"
)
_IS_PROJECTS = re.compile(r"项目|工程")
_IS_LIVELIHOOD = re.compile(r"民生实事|实事|惠民|民生事项|好事")
_IS_MEASURES = re.compile(r"营商环境|举措|措施|活动|节会|赛事|任务|清单|改革")
_UNIT = re.compile(r"（(?P<unit>[^（）]{1,12})）")


def side_by_side(table: Table) -> tuple[Table, ...]:
    """The table's halves where two stand beside one another.

    They have the same first heading, or headings that each name a stage (续建项目 | … | 新开工项目 | …).
    A row above the headings that names each half heads the rows of its half.
    """
    for place, row in enumerate(table.rows[:2]):
        head = [squeezed(cell) for cell in row.cells]
        starts = [each for each, cell in enumerate(head) if cell and cell == head[0]]
        staged = [each for each, cell in enumerate(head) if _STAGED.search(cell)]
        if len(starts) < 2 and len(staged) > 1 and min(map(int.__sub__, staged[1:], staged)) > 1:
            starts = [0, *staged[1:]]
        if len(starts) > 1 and len(head) >= 4:
            order = [row, *table.rows[:place], *table.rows[place + 1 :]]
            return tuple(
                replace(table, rows=tuple(Row(each.line, each.cells[a:b]) for each in order))
                for a, b in itertools.pairwise([*starts, len(head)])
            )
    return (table,)


def read_table(table: Table) -> Read:
    """The table's kind, its columns and the rows below its headings."""
    title = squeezed(table.title)
    rows = table.rows
    depth = _depth(rows)
    headings = _headings(rows[:depth])
    kind = _kind(title, headings, rows)
    roles = _INDICATOR_ROLES if kind is Kind.INDICATORS else _ROLES
    columns = tuple(_column(place, heading, roles, kind) for place, heading in enumerate(headings))
    columns = _one_each(columns, kind)
    body = rows[depth:]
    if kind is Kind.PROJECTS:
        columns = tuple(_by_content(column, body) for column in columns)
    if kind is Kind.PROJECTS and not any(column.role is Role.PROJECT for column in columns):
        kind = Kind.PROJECT_LISTS
    if not columns:
        width = max((len(row.cells) for row in rows), default=0)
        columns = tuple(Column(place, "", None, None, "") for place in range(width))
    return Read(kind, columns, body)


def _depth(rows: Sequence[Row]) -> int:
    """How many rows are headings: a first one that names columns, and those that refine it."""
    if not rows or not _names_columns(rows[0]):
        return 0
    depth = 1
    while depth < min(HEAD_ROWS, len(rows)) and _refines(rows[depth - 1], rows[depth]):
        depth += 1
    return depth


_HEAD_WORD = re.compile(
    r"^(?:序号|编号|序)$|指标|名称|单位|目标|完成|计划|实际|预期|预计|属性|内容|投资|责任|业主|进度|年限|性质|类别|领域|备注|增长|增速|事项|活动|举措"
    r"|竣工|开工|续建|项目|任务|措施|阶段|类型|层级|级别|安排|状态|部门|规模|地点|进展"
)


def _names_columns(row: Row) -> bool:
    told = [squeezed(cell) for cell in row.cells if cell.strip()]
    if len(told) < 2:
        return False
    if any(re.fullmatch(r"序号|编号|序", cell) for cell in told):
        return True
    if any(len(cell) > 22 or re.search(r"[。；]", cell) for cell in told):
        return False
    if any(
        re.fullmatch(r"[0-9.%\-—]+", cell) and not re.fullmatch(r"20[0-9]{2}", cell)
        for cell in told
    ):
        return False
    return sum(_HEAD_WORD.search(cell) is not None for cell in told) * 2 > len(told)


def _refines(above: Row, row: Row) -> bool:
    """Whether a row goes on with the headings: it has words where those above are merged."""
    told = [(place, squeezed(cell)) for place, cell in enumerate(row.cells) if cell.strip()]
    if not told or re.match(r"^[0-9]+$", squeezed(row.cells[0])):
        return False
    if any(len(cell) > 16 for _, cell in told):
        return False
    repeated = [
        place
        for place, cell in told
        if place < len(above.cells) and squeezed(above.cells[place]) == cell
    ]
    fresh = [(place, cell) for place, cell in told if place not in repeated]
    if not fresh:
        return bool(repeated)
    if not repeated and row.cells[0].strip() and squeezed(row.cells[0]) != squeezed(above.cells[0]):
        return False
    return len(fresh) >= 2 - bool(repeated) and all(
        _HEAD_WORD.search(cell)
        or re.search(r"20[0-9]{2}", cell)
        or re.search(r"[%％]|[万亿]元|绝对|总量|±", cell)
        for _, cell in fresh
    )


def _headings(rows: Sequence[Row]) -> list[str]:
    """Each column's words from top to bottom; a merged heading's words belong to all it spans."""
    if not rows:
        return []
    width = max(len(row.cells) for row in rows)
    found = [""] * width
    for number, row in enumerate(rows):
        held = ""
        for place in range(width):
            text = squeezed(row.cells[place]) if place < len(row.cells) else ""
            below = any(
                place < len(under.cells) and under.cells[place].strip()
                for under in rows[number + 1 :]
            )
            if text:
                held = text
            elif below and held:
                text = held
            if text and text != found[place] and not found[place].endswith(text):
                found[place] += text
    return found


_STAGED = re.compile(rf"{_STAGE}(?:类|重点|重大)?(?:项目|工程)")


def _kind(title: str, headings: Sequence[str], rows: Sequence[Row]) -> Kind:
    joined = " ".join(headings)
    if re.search(r"指标", joined) and not re.search(r"项目名称", joined):
        return Kind.INDICATORS
    if re.search(r"项目名称|工程名称|建设内容|总投资|项目法人", joined):
        return Kind.PROJECTS
    if _IS_LIVELIHOOD.search(title):
        return Kind.COMMITMENTS
    staged = sum(_STAGED.search(heading) is not None for heading in headings)
    if staged > 1:
        return Kind.PROJECT_LISTS
    if staged and len(headings) > 1:
        return Kind.PROJECTS
    if _IS_PROJECTS.search(title) and not re.search(r"指标", title):
        return (
            Kind.PROJECTS
            if any(re.fullmatch(r"项目|名称|重点项目|建设项目", h) for h in headings)
            else Kind.PROJECT_LISTS
        )
    if re.search(r"民生实事|实事", joined):
        return Kind.COMMITMENTS
    if _IS_INDICATORS.search(title) and (headings or _looks_numeric(rows)):
        return Kind.INDICATORS
    if (
        re.search(r"目标|计划", joined)
        and re.search(r"完成|单位|20[0-9]{2}", joined)
        and _looks_numeric(rows)
    ):
        return Kind.INDICATORS
    if _IS_MEASURES.search(title):
        return Kind.COMMITMENTS
    if any(re.fullmatch(r"项目|建设项目|重点项目", heading) for heading in headings):
        return Kind.PROJECTS
    return Kind.UNKNOWN


_OPEN = {None, Role.CATEGORY, Role.NATURE, Role.REMARK, Role.LEVEL, Role.PLANNED, Role.TOTAL}
_IS_LEVEL = re.compile(r"[国家省市区县镇]+级?(?:重点|重大)?(?:项目)?")


def _by_content(column: Column, rows: Sequence[Row]) -> Column:
    """The column with the role that its cells show, where its heading leaves that open."""
    if column.role not in _OPEN:
        return column
    told = [squeezed(row.cells[column.place]) for row in rows if column.place < len(row.cells)]
    told = [cell for cell in told if cell and not re.fullmatch(r"[—\-/]+", cell)]
    if not told:
        return column
    levels = sum(_IS_LEVEL.fullmatch(cell) is not None and cell != "市" for cell in told)
    stages = sum(len(cell) <= 10 and bool(verbs_within(cell)) for cell in told)
    role = column.role
    if role in {Role.PLANNED, Role.TOTAL}:
        figures = sum(re.match(r"[约近]?[0-9]", cell) is not None for cell in told)
        # 2026年计划 above words and not figures: what is to be done, not what it costs
        return column if figures * 2 >= len(told) else _with_role(column, Role.GOAL)
    if levels * 2 > len(told):
        role = Role.LEVEL
    elif stages * 2 > len(told):
        role = Role.NATURE
    return _with_role(column, role)


def _with_role(column: Column, role: Role | None) -> Column:
    return Column(column.place, column.heading, role, column.year, column.unit)


def _looks_numeric(rows: Sequence[Row]) -> bool:
    cells = [cell for row in rows for cell in row.cells[1:] if cell.strip()]
    return bool(cells) and sum(bool(re.search(r"[0-9]", cell)) for cell in cells) * 3 >= len(cells)


def _column(place: int, heading: str, roles: Sequence[tuple[Role, str]], kind: Kind) -> Column:
    unit = _UNIT.search(heading)
    years = years_of(heading)
    year = years[-1] if years else None
    role = (
        next((role for role, words in roles if re.search(words, heading)), None)
        if heading
        else None
    )
    if kind is Kind.INDICATORS and role is None and year is not None:
        role = Role.ACTUAL
    return Column(place, heading, role, year, unit["unit"] if unit else "")


def _one_each(columns: tuple[Column, ...], kind: Kind) -> tuple[Column, ...]:
    """The columns with one that names the rows, whatever its heading."""
    naming = Role.INDICATOR if kind is Kind.INDICATORS else Role.PROJECT
    if kind not in {Kind.INDICATORS, Kind.PROJECTS} or not columns:
        return columns
    held = [column for column in columns if column.role is naming]
    if held:
        # 类别 | 指标 | …: the innermost that names rows is the one
        keep = (
            held[-1]
            if kind is Kind.INDICATORS and len(held) > 1 and held[-1].place <= 2
            else held[0]
        )
        return tuple(
            column
            if column.role is not naming or column is keep
            else Column(column.place, column.heading, Role.CATEGORY, column.year, column.unit)
            for column in columns
        )
    if kind is Kind.INDICATORS:
        first = next((c for c in columns if c.role not in {Role.SEQ, Role.CATEGORY}), None)
        if first is not None and first.role in {None, Role.TARGET}:
            return tuple(
                Column(c.place, c.heading, naming, c.year, c.unit) if c is first else c
                for c in columns
            )
    return columns
