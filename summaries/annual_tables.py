"""Tables 1 to 9 of the annual report, drawn from the records in the report's own order and wording.

Pure functions of what was read. The report names projects by heading and verb (表3 puts the verb
after the names, the plan's tables before them). Entries that say where the report prints them stand
there; others are sorted in by category, sector and stage.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from indicators.rows import Row
from office.document import Align, Cell, Table
from projects.models import Category, Comparator, Stage

MISSING = "暂无数据"
_NUMERALS = "一二三四五六七八九十"
# The verbs of the report, where an entry does not bring its own.
VERBS = {
    Stage.COMPLETED: "竣工",
    Stage.ACCELERATED: "加快推进",
    Stage.STARTED: "开工建设",
    Stage.PREPARATION: "开展前期工作",
}
_PARTS = {
    Category.INDUSTRY: "产业发展",
    Category.INFRASTRUCTURE: "城乡建设及基础设施",
    Category.ECOLOGY: "生态环境保护",
    Category.LIVELIHOOD: "民生领域",
}
_BOUNDS = {Comparator.AT_LEAST: "以上", Comparator.AT_MOST: "以内", Comparator.ABOUT: "左右"}
_LAST = 10**9


@dataclass(frozen=True, slots=True)
class Listed:
    """A plan entry as far as a table needs it; `stage` is its result or its goal."""

    name: str
    code: str
    category: str
    sector: str
    stage: str
    table: str
    heading: str
    verb: str
    position: int | None


@dataclass(frozen=True, slots=True)
class Count:
    """A count that the plan states of a sector and a stage: 45个以上."""

    sector: str
    stage: str
    comparator: str
    count: int

    @property
    def words(self) -> str:
        return f"{self.count}个{_BOUNDS.get(Comparator(self.comparator), '')}"


@dataclass(frozen=True, slots=True)
class PlanTable:
    """One of the tables of planned projects: its category, the order of its stages, its closing words."""

    name: str
    category: Category
    stages: tuple[Stage, ...]
    # After a list of projects that go on: 表6 says 等项目建设, but not after a name that ends so itself.
    going_on: str = "等项目"


TABLE_5 = PlanTable("表5", Category.INDUSTRY, (Stage.COMPLETED, Stage.STARTED, Stage.ACCELERATED))
_OPENING_FIRST = (Stage.STARTED, Stage.ACCELERATED, Stage.COMPLETED)
TABLE_6 = PlanTable("表6", Category.INFRASTRUCTURE, _OPENING_FIRST, going_on="等项目建设")
TABLE_9 = PlanTable("表9", Category.ECOLOGY, _OPENING_FIRST)
PLAN_TABLES = (TABLE_5, TABLE_6, TABLE_9)
RESULT_ORDER = (Stage.COMPLETED, Stage.ACCELERATED, Stage.STARTED, Stage.PREPARATION)


def results(year: int, rows: Sequence[Row]) -> Table:
    """表1: the year's targets and what came of them; a result that nobody entered is told."""
    notes = "".join(["注：加*为约束性指标，其他为预期性指标。", *_revisions(rows)]) if rows else ""
    return Table(
        f"表1  {year}年经济社会发展主要预期目标完成情况",
        (1, 5, 3, 3),
        tuple(
            (
                "" if row.is_part else str(row.seq or ""),
                f"{_name(row)}{'*' if row.binding else ''}",
                row.target_in_force,
                row.actual_text or MISSING,
            )
            for row in rows
        )
        or _nothing(4),
        header=(("序号", "指标名称", f"{year}年目标", "完成情况"),),
        align=(Align.CENTRE, Align.LEFT, Align.CENTRE, Align.CENTRE),
        notes=(notes,) if notes else (),
    )


def targets(year: int, rows: Sequence[Row]) -> Table:
    """表4: the targets of the year that is planned."""
    return Table(
        f"表4  {year}年国民经济和社会发展计划",
        (1, 5, 3, 2),
        tuple(
            (
                "" if row.is_part else str(row.seq or ""),
                _name(row),
                row.target_in_force,
                "约束性" if row.binding else "预期性",
            )
            for row in rows
        )
        or _nothing(4),
        header=(("序号", "指标名称", f"{year}年目标", "指标属性"),),
        align=(Align.CENTRE, Align.LEFT, Align.CENTRE, Align.CENTRE),
    )


def promises(caption: str, rows: Iterable[tuple[str, str]]) -> Table:
    """表2, 表7 and 表8: what each commitment is called and what is said of it."""
    listed = tuple((title, text or MISSING) for title, text in rows)
    return Table(caption, (1, 3), listed or _nothing(2), align=(Align.CENTRE, Align.LEFT))


def progress(year: int, entries: Iterable[Listed]) -> Table:
    """表3: where the year's projects have got to, by category; the verb stands after the names."""

    def heading(entry: Listed) -> str:
        place = list(_PARTS).index(Category(entry.category))
        return f"{_NUMERALS[place]}、{_PARTS[Category(entry.category)]}"

    def sentence(_heading: str, verb: str, members: list[Listed]) -> str:
        return f"{_names(members)}{_closing(members, '等项目')}{verb}。"

    lines = _paragraphs(_grouped("表3", entries, heading, RESULT_ORDER), sentence)
    cell = Cell("\n".join(lines) or MISSING)
    return Table(f"表3  {year}年重点项目推进情况", (1,), ((cell,),), breaks=True)


def planned(
    caption: str, table: PlanTable, entries: Iterable[Listed], counts: Iterable[Count] = ()
) -> Table:
    """表5 and 表9, a paragraph a sector, and 表6, a row a sector: the verb stands before the names."""
    stated = {(count.sector, count.stage): count.words for count in counts}
    printed = {each.name for each in PLAN_TABLES}
    members = [
        entry
        for entry in entries
        if entry.table == table.name
        or (entry.table not in printed and entry.category == table.category)
    ]
    sectors = list(dict.fromkeys(entry.sector for entry in members))

    def heading(entry: Listed) -> str:
        return f"{_NUMERALS[sectors.index(entry.sector) % 10]}、{entry.sector or '其他'}"

    def sentence(_heading: str, verb: str, found: list[Listed]) -> str:
        going_on = verb == VERBS[Stage.ACCELERATED] and not found[-1].name.endswith("建设")
        closing = _closing(found, table.going_on if going_on else "等项目")
        return (
            f"{verb}{_names(found)}{closing}{stated.get((found[0].sector, found[0].stage), '')}。"
        )

    if table is TABLE_6:
        rows = [
            (title, "".join(sentence(title, verb, found) for verb, found in groups.items()))
            for title, groups in _grouped(
                table.name, members, lambda entry: entry.sector or "其他", table.stages
            ).items()
        ]
        align = (Align.CENTRE, Align.LEFT)
        return Table(caption, (1, 6), tuple(rows) or _nothing(2), align=align, breaks=True)
    lines = _paragraphs(_grouped(table.name, members, heading, table.stages), sentence)
    return Table(caption, (1,), ((Cell("\n".join(lines) or MISSING),),), breaks=True)


Groups = dict[str, dict[str, list[Listed]]]


def _grouped(
    table: str,
    entries: Iterable[Listed],
    heading_of: Callable[[Listed], str],
    stages: Sequence[Stage],
) -> Groups:
    """Entries by heading and verb: printed ones in their printed order, then the others by stage."""
    places = {stage.value: place for place, stage in enumerate(stages)}
    categories = {category.value: place for place, category in enumerate(Category)}

    def order(entry: Listed) -> tuple[bool, int, int, int, str]:
        printed = entry.table == table
        position = _LAST if entry.position is None else entry.position
        category, stage = categories[entry.category], places.get(entry.stage, len(places))
        ranks = (0, 0) if printed else (category, stage)
        return (not printed, *ranks, position, entry.code)

    groups: Groups = {}
    for entry in sorted(entries, key=order):
        if not entry.stage:
            continue
        printed = entry.table == table
        heading = (entry.heading if printed else "") or heading_of(entry)
        verb = (entry.verb if printed else "") or VERBS[Stage(entry.stage)]
        groups.setdefault(heading, {}).setdefault(verb, []).append(entry)
    return groups


def _paragraphs(groups: Groups, sentence: Callable[[str, str, list[Listed]], str]) -> list[str]:
    """A paragraph a heading; headings below the same one (二、…：（一）…) share its paragraph."""
    paragraphs: dict[str, str] = {}
    for heading, verbs in groups.items():
        top, _colon, below = heading.partition("：")
        words = "".join(sentence(heading, verb, members) for verb, members in verbs.items())
        opening = paragraphs.setdefault(top, f"{top}：")
        paragraphs[top] = f"{opening}{below}{'。' if below else ''}{words}"
    return list(paragraphs.values())


def _names(members: Iterable[Listed]) -> str:
    return "、".join(entry.name for entry in members)


def _closing(members: Sequence[Listed], words: str) -> str:
    """等项目: a list names some of many; a single work that calls itself 工程 stands for itself."""
    alone = len(members) == 1 and members[0].name.endswith("工程")
    return "" if alone else words


def _name(row: Row) -> str:
    unit = f"（{row.unit}）" if row.unit else ""
    return f"{'#' if row.is_part else ''}{row.name}{unit}"


def _revisions(rows: Iterable[Row]) -> Iterable[str]:
    for row in rows:
        for revision in row.revisions:
            name = row.name.removesuffix("增速")
            yield f"{name}预期目标经{revision.approved_by}批准进行了调整。"


def _nothing(columns: int) -> tuple[tuple[Cell, ...], ...]:
    return ((Cell(MISSING, columns=columns, align=Align.CENTRE),),)
