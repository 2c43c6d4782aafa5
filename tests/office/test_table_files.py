"""Lists as files: every value as what it is, nothing alive in it, whatever the number of rows."""

import csv
import io
import tracemalloc
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.delimited import FORMULA_SIGNS, MARK
from office.table_files import FileColumn, Kind, csv_pieces, xlsx_file

COLUMNS = (
    FileColumn("项目", "name"),
    FileColumn("投资", "money", Kind.NUMBER, 2),
    FileColumn("开工", "day", Kind.DAY),
    FileColumn("灯", "light", labels={"red": "红灯"}, tints={"红灯": "#F4B6B0"}),
)
ROW = ("跨江大桥", Decimal("12.50"), date(2024, 3, 1), "red")
DANGEROUS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＠x"]


def as_csv(rows, columns=COLUMNS):
    body = b"".join(csv_pieces(columns, rows))
    assert body.startswith(MARK)
    return list(csv.reader(io.StringIO(body.removeprefix(MARK).decode(), newline="")))


def as_xlsx(rows, columns=COLUMNS, **options):
    with xlsx_file(columns, rows, name="项目", **options) as file:
        return openpyxl.load_workbook(io.BytesIO(file.read()))


def test_values_are_what_they_are():
    head, row = as_csv([ROW])
    assert head == ["项目", "投资", "开工", "灯"]
    assert row == ["跨江大桥", "12.50", "2024-03-01", "红灯"]
    page = as_xlsx([ROW]).active
    cells = [cell.value for cell in page[2]]
    assert cells == ["跨江大桥", 12.5, cells[2], "红灯"]
    assert (cells[2].date(), page["B2"].number_format) == (date(2024, 3, 1), "#,##0.00")
    assert page["D2"].fill.fgColor.rgb == "FFF4B6B0"
    assert (page.freeze_panes, page.auto_filter.ref) == ("B2", "A1:D2")


def test_what_is_missing_is_an_empty_cell_and_no_zero():
    nothing = ("甲", None, None, None)
    assert as_csv([nothing])[1] == ["甲", "", "", ""]
    assert [cell.value for cell in as_xlsx([nothing]).active[2]] == ["甲", None, None, None]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text):
    assert as_csv([(text, None, None, None)])[1][0] == f"'{text}"
    cell = as_xlsx([(text, None, None, None)]).active["A2"]
    assert cell.data_type == "s"
    assert cell.value.removeprefix("_x000D_").strip() == text.strip()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])), max_size=5))
def test_any_text_comes_back_and_none_begins_like_a_formula(texts):
    rows = as_csv([(text,) for text in texts], COLUMNS[:1])[1:]
    for text, (written, *_none) in zip(texts, [row or [""] for row in rows], strict=True):
        assert written[:1] not in FORMULA_SIGNS or written == ""
        assert text in (written, written.removeprefix("'"))


def test_a_number_below_zero_stays_a_number():
    row = ("甲", Decimal("-3.25"), None, None)
    assert as_csv([row])[1][1] == "-3.25"
    assert as_xlsx([row]).active["B2"].value == -3.25


def test_rows_beyond_a_sheet_go_to_the_next():
    book = as_xlsx([(str(number), None, None, None) for number in range(7)], sheet_rows=3)
    assert [page.max_row for page in book.worksheets] == [4, 4, 2]
    assert book.worksheets[2]["A2"].value == "6"


def test_no_row_at_all_is_a_file_with_headings():
    assert as_csv([]) == [["项目", "投资", "开工", "灯"]]
    assert as_xlsx([]).active.max_row == 1


def test_the_headings_are_sent_before_a_row_is_read():
    def never():
        raise AssertionError("read too early")
        yield

    assert "项目" in next(csv_pieces(COLUMNS, never())).decode()


def test_memory_does_not_grow_with_the_rows():
    def peak(write, count):
        tracemalloc.start()
        write(
            (f"第{number}号项目", Decimal(number), date(2024, 1, 1), "red")
            for number in range(count)
        )
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    def to_csv(rows):
        for _piece in csv_pieces(COLUMNS, rows):
            pass

    def to_xlsx(rows):
        xlsx_file(COLUMNS, rows, name="项目").close()

    for write in (to_csv, to_xlsx):
        peak(write, 100)
        assert peak(write, 16_000) < peak(write, 2_000) * 1.5
