"""单位卡片: a department's month on one page: what it and its units have done, and what stands out."""

from collections.abc import Iterator, Sequence

from django.utils import timezone

from accounts.models import Department
from accounts.permissions import visible_departments
from office import card
from office.clock import today
from office.document import Align, Block, Document, Figure, Paragraph, Table
from office.sheet import Kind, printed
from projects.colouring import adopted_rules
from projects.models import Category, ObstacleKind
from summaries import bulletin, bulletin_projects, keeping, office_document, rollup, run_rows
from summaries import bulletin_wording as wording
from summaries.bulletin import Bulletin, Group
from summaries.bulletin_document import charts, issuer_of, opened_period
from summaries.bulletin_projects import ProjectMonth
from summaries.models import DocumentFile, DocumentRun
from summaries.product import NothingRecordedError, Product, Step

RULE_VERSION = "department-card-1"
PARTS = ("read", "pdf")
LONGEST = 10
"""How many projects and obstacles a page has room for; what is left out is counted."""


def build(run: DocumentRun, step: Step) -> Product:
    """The card of the run's department and month, as far as whoever asked sees it."""
    year, month = run.parameters["year"], run.parameters["month"]
    code, user = run.parameters["department"], run.asked_by
    keeping.refresh(at=timezone.now())
    rules = adopted_rules()
    with rollup.snapshot():
        cut_off = timezone.now()
        department: Department | None = visible_departments(user).filter(code=code).first()
        if department is None:
            raise NothingRecordedError(f"no department {code} is visible to {user}")
        path = department.path
        projects = bulletin_projects.read(
            run_rows.entries(run).filter(project__department__path__startswith=path),
            run_rows.reports(run).filter(entry__project__department__path__startswith=path),
            year,
            month,
        )
        found = bulletin.read(
            opened_period(year, month),
            run_rows.cells(run).in_department(department),
            projects,
            run_rows.obstacles(run).filter(project__department__path__startswith=path),
            rules,
            on=today(),
        )
        contains_sample = Department.objects.filter(is_sample=True).exists()
    step("read", len(found.projects))
    return office_document.product(
        compose(department.name, found, issuer_of(run.region)),
        name=f"单位卡片-{department.name}-{year}年{month}月",
        cut_off=cut_off,
        rule_version=RULE_VERSION,
        contains_sample=contains_sample,
        step=step,
        writers={DocumentFile.Format.PDF: card.write},
    )


def compose(name: str, found: Bulletin, issuer: str) -> Document:
    """The card; a department without projects says so."""
    blocks: list[Block] = []
    if found.projects:
        blocks += [Paragraph(text, indent=False) for text in _words(found)]
        blocks += [_categories(found), _curve(found), _projects(found), *_obstacles(found)]
    else:
        blocks.append(
            Paragraph(f"{found.year}年{found.month}月无承担的年度计划项目。", indent=False)
        )
    return Document(
        f"{name}重点项目推进情况",
        tuple(blocks),
        issuer=issuer,
        under_title=(f"单位卡片（{found.year}年{found.month}月，含下属单位）",),
    )


def _words(found: Bulletin) -> Iterator[str]:
    yield from wording.overall(found)
    yield wording.starts(found.starts, found.month)
    yield wording.lights(found)
    yield wording.reporting(found).replace("迟报、未报名单见附件5。", "")


def _categories(found: Bulletin) -> Table:
    rows = [_row(wording.CATEGORIES[Category(each.name)], each) for each in found.categories]
    rows.append(_row("合计", Group("", found.total)))
    return Table(
        "分类完成情况",
        (4, 1.5, 3, 3, 2, 3, 2, 2, 1, 1, 1),
        tuple(rows),
        header=(
            (
                "类别",
                "项目数",
                "年度计划投资",
                "累计完成",
                "完成率（%）",
                "序时计划",
                "序时完成率（%）",
                "与序时差",
                "红",
                "黄",
                "绿",
            ),
        ),
        align=(
            Align.LEFT,
            Align.CENTRE,
            *(Align.RIGHT for _number in range(6)),
            *(Align.CENTRE for _number in range(3)),
        ),
        notes=("单位：万元。各率按本月数据已核定的项目计算；“—”为暂无数据。",),
    )


def _row(label: str, group: Group) -> tuple[str, ...]:
    now = group.progress.now
    return (
        label,
        str(now.entries),
        printed(now.planned if now.with_plan else None, Kind.MONEY),
        printed(now.invested_ytd if now.figures else None, Kind.MONEY),
        printed(now.completion.percent, Kind.RATE),
        printed(now.figures_planned_ytd if now.figures else None, Kind.MONEY),
        printed(now.schedule.percent, Kind.RATE),
        printed(now.schedule_gap, Kind.POINTS),
        *(str(now.lights[light]) for light in ("red", "yellow", "green")),
    )


def _curve(found: Bulletin) -> Figure:
    title, chart = next(charts(found))
    return Figure(title, chart)


def _projects(found: Bulletin) -> Table:
    """The projects furthest behind first; those without a figure last."""
    placed = sorted(found.projects, key=lambda each: (each.gap is None, each.gap or 0, each.order))
    return Table(
        "项目推进情况（按与序时差排列）",
        (6, 1.6, 2.4, 2.4, 2, 2, 1, 6),
        tuple(_project(each) for each in placed[:LONGEST]),
        header=(
            (
                "项目名称",
                "年度目标",
                "年度计划",
                "累计完成",
                "完成率（%）",
                "与序时差",
                "灯",
                "存在问题",
            ),
        ),
        align=(
            Align.LEFT,
            Align.CENTRE,
            *(Align.RIGHT for _number in range(4)),
            Align.CENTRE,
            Align.LEFT,
        ),
        notes=_left_out(placed),
    )


def _project(each: ProjectMonth) -> tuple[str, ...]:
    return (
        each.name,
        wording.GOALS[each.goal],
        printed(each.planned, Kind.MONEY),
        printed(each.invested_ytd, Kind.MONEY),
        printed(each.completion.percent, Kind.RATE),
        printed(each.gap, Kind.POINTS),
        printed(wording.LIGHTS.get(each.light), Kind.TEXT),
        each.problems,
    )


def _obstacles(found: Bulletin) -> Iterator[Block]:
    waiting = [each for each in found.obstacles if not each.cleared]
    if not waiting:
        yield Paragraph("无未销号清障问题。", indent=False)
        return
    yield Table(
        "未销号清障问题",
        (5, 1.8, 7, 3, 2.4, 1.6),
        tuple(
            (
                each.project,
                wording.KINDS[ObstacleKind(each.kind)],
                each.text,
                each.responsible,
                each.due_on.isoformat(),
                "逾期" if each.overdue else "",
            )
            for each in waiting[:LONGEST]
        ),
        header=(("项目名称", "类型", "问题", "解决单位", "应解决", "情况"),),
        notes=_left_out(waiting),
    )


def _left_out(rows: Sequence[object]) -> tuple[str, ...]:
    return (f"另有{len(rows) - LONGEST}个，见系统。",) if len(rows) > LONGEST else ()
