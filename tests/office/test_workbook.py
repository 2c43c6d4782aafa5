"""Workbooks: what is written can be read back, words stay words, the print is set up."""

import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from office import workbook
from office.document import Chart, Colophon, Mark, Series
from office.sheet import Column, Kind, Sheet, header, printed, table
from office.workbook import Book, Plot

COLOPHON = Colophon(date(2024, 1, 5), (("内容摘要", "ab" * 32),))
COLUMNS = (
    Column(("单位",)),
    Column(("累计完成", "投资"), Kind.MONEY),
    Column(("累计完成", "分母"), Kind.MONEY, only_in_workbook=True),
    Column(("累计完成", "完成率"), Kind.RATE),
    Column(("差距",), Kind.POINTS),
)
ROWS = (("甲", Decimal("1234.56"), Decimal(3000), Decimal("41.152"), Decimal("-3.25")),)


def book(rows=ROWS, plots=()) -> bytes:
    sheet = Sheet("附件1", "附件1  完成情况", COLUMNS, rows, ("单位：万元",), bold=(0,))
    return workbook.write(Book("通报", ("区发改委",), ("正文。",), (sheet,), plots), COLOPHON)


def read(content: bytes, name: str = "附件1") -> list[list]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(name).to_python()


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return archive.read(name).decode()


def test_a_sheet_reads_back_with_its_headings_of_two_levels():
    assert read(book()) == [
        ["附件1  完成情况", "", "", "", ""],
        ["单位", "累计完成", "", "", "差距"],
        ["", "投资", "分母", "完成率", ""],
        ["甲", 1234.56, 3000.0, 41.152, -3.25],
        ["单位：万元", "", "", "", ""],
    ]


def test_headings_are_merged_frozen_and_repeated_on_paper_that_lies():
    page = part(book(), "xl/worksheets/sheet2.xml")
    for merged in ("A1:E1", "A2:A3", "B2:D2", "E2:E3"):
        assert f'<mergeCell ref="{merged}"/>' in page
    assert 'state="frozen"' in page
    assert 'ySplit="3"' in page
    assert 'paperSize="9"' in page
    assert 'orientation="landscape"' in page
    assert "&amp;P" in page
    assert "附件1!$2:$3" in part(book(), "xl/workbook.xml").replace("'", "")


@given(
    st.sampled_from("=+-@\t\r"),
    st.text(st.characters(codec="utf-8", categories="LNP"), max_size=20),
)
def test_what_was_typed_never_becomes_a_formula(first, rest):
    typed = f"{first}{rest}"
    content = book(((typed, None, None, None, None),))
    assert "<f>" not in part(content, "xl/worksheets/sheet2.xml")
    assert read(content)[3][0].strip() == typed.strip()


def test_what_is_missing_is_a_dash_and_not_zero():
    assert read(book((("甲", None, Decimal(0), None, None),)))[3] == ["甲", "—", 0.0, "—", "—"]


def test_the_same_book_gives_the_same_bytes():
    assert book() == book()


def test_a_chart_stands_beside_its_data_and_misses_what_is_missing():
    chart = Chart(("1月", "2月"), (Series("完成", ("1.5", None), Mark.LINE),), "亿元")
    content = book(plots=(Plot("曲线", chart),))
    assert read(content, "图表") == [["曲线", ""], ["亿元", "完成"], ["1月", 1.5], ["2月", "—"]]
    assert "lineChart" in part(content, "xl/charts/chart1.xml")


def test_paper_leaves_out_what_only_a_workbook_shows():
    made = table(Sheet("附件1", "完成情况", COLUMNS, ROWS))
    assert [[cell.text for cell in row] for row in made.header] == [
        ["单位", "累计完成", "差距"],
        ["投资", "完成率"],
    ]
    assert [cell.text for cell in made.rows[0]] == ["甲", "1,235", "41.2", "-3.3"]


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (Decimal("0.5"), Kind.MONEY, "1"),
        (Decimal("-0.01"), Kind.POINTS, "0.0"),
        (Decimal("3.25"), Kind.POINTS, "+3.3"),
        (None, Kind.COUNT, "—"),
        ("=1+1", Kind.TEXT, "=1+1"),
    ],
)
def test_values_are_printed_rounded_half_up(value, kind, words):
    assert printed(value, kind) == words


def test_neighbours_with_another_heading_above_them_do_not_merge():
    columns = (Column(("甲", "投资")), Column(("乙", "投资")))
    assert [[(cell.text, cell.columns) for cell in row] for row in header(columns)] == [
        [("甲", 1), ("乙", 1)],
        [("投资", 1), ("投资", 1)],
    ]


def test_a_row_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="附件1"):
        Sheet("附件1", "", COLUMNS, (("甲",),))
