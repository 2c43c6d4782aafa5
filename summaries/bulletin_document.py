"""月度通报 as a document: text, charts, annexes, as Word, PDF and workbook."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from functools import partial

from django.utils import timezone

from accounts.models import Department, Region
from office import workbook
from office.clock import today
from office.document import (
    Block,
    Chart,
    Colophon,
    Document,
    Figure,
    Heading,
    Mark,
    NewPage,
    Paragraph,
    Series,
)
from office.sheet import Sheet, table
from office.workbook import Book, Plot
from projects.colouring import adopted_rules
from projects.models import Category, ReportingPeriod
from summaries import bulletin, bulletin_projects, keeping, office_document, rollup, run_rows
from summaries import bulletin_wording as wording
from summaries.bulletin import Bulletin
from summaries.bulletin_annexes import annexes
from summaries.models import DocumentFile, DocumentRun
from summaries.office_numbers import TENTH, in_yi, rounded
from summaries.product import NothingRecordedError, Product, Step

# Part of the digest. Raise it when the same data are to give another bulletin.
RULE_VERSION = "bulletin-1"
PARTS = ("read", "words", "tables", "figures", *office_document.PARTS, "xlsx")
GREEN, YELLOW, RED = "#3d8b40", "#d9a400", "#c0392b"
ISSUER = "区发展和改革委员会"
_NUMERALS = "一二三四五六七八九十"


def build(run: DocumentRun, step: Step) -> Product:
    """The bulletin of a run's month; NothingRecordedError before its round is opened."""
    year, month = run.parameters["year"], run.parameters["month"]
    keeping.refresh(at=timezone.now())
    rules = adopted_rules()
    with rollup.snapshot():
        cut_off = timezone.now()
        period = opened_period(year, month)
        projects = bulletin_projects.read(run_rows.entries(run), run_rows.reports(run), year, month)
        found = bulletin.read(
            period, run_rows.cells(run), projects, run_rows.obstacles(run), rules, on=today()
        )
        contains_sample = Department.objects.filter(is_sample=True).exists()
    if not found.total.now.entries:
        raise NothingRecordedError(f"no project is listed in {year}-{month:02d}")
    step("read", len(found.projects))
    sections = list(words(found))
    step("words", sum(len(text) for _heading, texts in sections for text in texts))
    sheets = annexes(found)
    step("tables", sum(len(sheet.rows) for sheet in sheets))
    plates = list(charts(found))
    step("figures", sum(len(chart.axis) for _title, chart in plates))
    document = compose(found, sections, sheets, plates, run.region)
    book = book_of(document, sections, sheets, plates)
    return office_document.product(
        document,
        name=f"{run.region or ''}{year}年{month}月重点项目推进情况通报",
        cut_off=cut_off,
        rule_version=RULE_VERSION,
        contains_sample=contains_sample,
        step=step,
        writers={
            **office_document.WRITERS,
            DocumentFile.Format.XLSX: partial(write_book, book),
        },
        also=asdict(book),
    )


def issuer_of(region: Region | None) -> str:
    """Whose document it is, as its head says."""
    return f"{region.name}发展和改革委员会" if region else ISSUER


def opened_period(year: int, month: int) -> ReportingPeriod:
    """The month's round; NothingRecordedError where there is none or it is not opened yet."""
    opened = ReportingPeriod.objects.filter(opened_at__isnull=False)
    period = opened.filter(year=year, month=month).first()
    if period is None:
        raise NothingRecordedError(f"the round of {year}-{month:02d} has not been opened")
    return period


def words(found: Bulletin) -> Iterator[tuple[str, list[str]]]:
    """The text: sections in their order, each with its paragraphs."""
    yield "总体情况", list(wording.overall(found))
    yield (
        "分类推进情况",
        [
            f"按推进阶段看：{wording.stages(found)}",
            f"按项目类别看：{wording.categories(found)}",
            f"按项目级别看：{wording.levels(found)}",
        ],
    )
    yield "责任单位和项目推进情况", list(wording.departments(found))
    yield "新开工情况", [wording.starts(found.starts, found.month)]
    yield "红黄绿灯情况", [wording.lights(found)]
    yield "清障情况", [wording.obstacles(found)]
    yield "月报报送情况", [wording.reporting(found)]


def charts(found: Bulletin) -> Iterator[tuple[str, Chart]]:
    """Plan against actual, lights by category, departments by rate; those that have any data."""
    axis = tuple(f"{month}月" for month in range(1, 13))
    planned = tuple(in_yi(sums.planned_ytd) if sums else None for sums in found.months)
    actual = tuple(
        in_yi(sums.known_ytd) if sums and sums.known and month <= found.month else None
        for month, sums in enumerate(found.months, 1)
    )
    yield (
        f"{found.year}年重点项目计划投资与完成投资（自年初累计）",
        Chart(axis, (Series("序时计划", planned), Series("完成投资", actual)), "亿元"),
    )
    groups = found.categories
    yield (
        f"{found.month}月各类别项目亮灯情况",
        Chart(
            tuple(wording.CATEGORIES[Category(group.name)] for group in groups),
            tuple(
                Series(
                    label,
                    tuple(str(group.progress.now.lights[light]) for group in groups),
                    Mark.BAR,
                    colour=colour,
                )
                for light, label, colour in (
                    ("green", "绿灯", GREEN),
                    ("yellow", "黄灯", YELLOW),
                    ("red", "红灯", RED),
                )
            ),
            "个",
        ),
    )
    rates = [
        (group.name or wording.NO_DEPARTMENT, group.progress.now.schedule.percent)
        for group in found.departments
        if not group.depth
    ]
    placed = sorted(
        ((name, percent) for name, percent in rates if percent is not None),
        key=lambda row: -row[1],
    )
    if placed:
        yield (
            f"{found.month}月各责任单位序时完成率",
            Chart(
                tuple(name for name, _percent in placed),
                (
                    Series(
                        "序时完成率",
                        tuple(f"{rounded(percent, TENTH):f}" for _name, percent in placed),
                        Mark.BAR,
                    ),
                ),
                "%",
                lying=True,
            ),
        )


def compose(
    found: Bulletin,
    sections: list[tuple[str, list[str]]],
    sheets: tuple[Sheet, ...],
    plates: list[tuple[str, Chart]],
    region: Region | None,
) -> Document:
    """Text, the list of annexes, charts, annexes across the page; under the region's head."""
    blocks: list[Block] = []
    for number, (heading, texts) in enumerate(sections):
        blocks.append(Heading(f"{_NUMERALS[number]}、{heading}"))
        blocks += [Paragraph(text) for text in texts]
    titles = [sheet.title.removeprefix(sheet.name).strip() for sheet in sheets]
    for number, title in enumerate(titles, 1):
        blocks.append(Paragraph(f"{'附件：' if number == 1 else '　　　'}{number}．{title}"))
    blocks += [
        Figure(f"图{number}  {title}", chart) for number, (title, chart) in enumerate(plates, 1)
    ]
    for sheet in sheets:
        blocks.append(NewPage(landscape=True))
        blocks.append(table(sheet) if sheet.rows else Heading(sheet.title, 1))
        if not sheet.rows:
            blocks.append(Paragraph("无。"))
    issuer = issuer_of(region)
    return Document(
        wording.title(found.year, found.month, region.name if region else ""),
        tuple(blocks),
        issuer=issuer,
        under_title=(issuer,),
    )


def book_of(
    document: Document,
    sections: list[tuple[str, list[str]]],
    sheets: tuple[Sheet, ...],
    plates: list[tuple[str, Chart]],
) -> Book:
    """The same as a workbook, with the numbers that ratios are computed from."""
    paragraphs = tuple(
        f"{_NUMERALS[number]}、{heading}。{''.join(texts)}"
        for number, (heading, texts) in enumerate(sections)
    )
    return Book(
        document.title,
        document.under_title,
        paragraphs,
        sheets,
        tuple(Plot(title, chart) for title, chart in plates),
        document.issuer,
    )


def write_book(book: Book, document: Document, colophon: Colophon) -> bytes:
    """The workbook under the lines that the finished document has below its title."""
    return workbook.write(replace(book, under_title=document.under_title), colophon)
