"""The indicators of a year as a workbook: the report's columns, then verdicts and gaps."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

from django.utils import timezone, translation

from accounts.models import Department
from indicators import scoreboard
from indicators.evaluation import Verdict
from indicators.rows import Row
from indicators.wording import count_sentence
from office.document import Align, Document
from office.sheet import Column, Kind, Sheet, Value, table
from office.workbook import Book
from summaries import office_document, rollup
from summaries.bulletin_document import ISSUER, write_book
from summaries.models import DocumentFile, DocumentRun
from summaries.product import NothingRecordedError, Product, Step
from summaries.progress_summary import LANGUAGE

RULE_VERSION = "indicator-table-1"
PARTS = ("read", "tables", "xlsx")
VERDICTS = {
    Verdict.MET: "达到或超过预期",
    Verdict.BELOW: "低于预期",
    Verdict.PENDING: "暂未反馈",
    Verdict.UNJUDGED: "未判定",
}
TINTS = (("低于预期", "#FFC7CE"), ("达到或超过预期", "#C6EFCE"), ("暂未反馈", "#FFEB9C"))


def build(run: DocumentRun, step: Step) -> Product:
    """The table of the run's year."""
    year = run.parameters["year"]
    with rollup.snapshot():
        cut_off = timezone.now()
        rows = scoreboard.rows(year)
        contains_sample = Department.objects.filter(is_sample=True).exists()
    if not rows:
        raise NothingRecordedError(f"no targets are recorded of {year}")
    step("read", len(rows))
    with translation.override(LANGUAGE):
        words = count_sentence(year, rows)
    sheet = table_of(year, rows)
    book = Book(
        title=f"{year}年经济社会发展主要预期目标完成情况",
        under_title=(ISSUER,),
        paragraphs=(words,),
        sheets=(sheet,),
        issuer=ISSUER,
    )
    step("tables", len(sheet.rows))
    return office_document.product(
        Document(book.title, (table(sheet),), issuer=ISSUER, under_title=book.under_title),
        name=f"{year}年主要指标完成情况",
        cut_off=cut_off,
        rule_version=RULE_VERSION,
        contains_sample=contains_sample,
        step=step,
        writers={DocumentFile.Format.XLSX: partial(write_book, book)},
        also=asdict(book),
    )


def table_of(year: int, rows: Sequence[Row]) -> Sheet:
    """The year's rows in printed order; targets and results in the report's own words."""
    return Sheet(
        "指标",
        f"表1  {year}年经济社会发展主要预期目标完成情况",
        (
            Column(("序号",), width=6, align=Align.CENTRE),
            Column(("指标名称",), width=40),
            Column((f"{year}年目标",), width=20, align=Align.CENTRE),
            Column(("完成情况",), width=20, align=Align.CENTRE),
            Column(("指标属性",), width=10, align=Align.CENTRE),
            Column(("判定", "结果"), width=15, align=Align.CENTRE, tints=TINTS),
            Column(("判定", "差距（完成－目标）"), Kind.MONEY, 12),
            Column(("判定", "单位"), width=12, align=Align.CENTRE),
            Column(("说明",), width=40),
        ),
        tuple(_row(row) for row in rows),
        ("注：加*为约束性指标，其他为预期性指标；#为子指标，不计入统计。“—”为暂无数据。",),
    )


def _row(row: Row) -> tuple[Value, ...]:
    return (
        "" if row.is_part else str(row.seq or ""),
        row.printed_name,
        row.target_in_force,
        row.actual_text or None,
        "约束性" if row.binding else "预期性",
        VERDICTS[row.verdict],
        row.gap,
        row.gap_unit,
        row.note,
    )
