"""Rows with addresses out of workbooks and .csv files; and files that must not be read."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from office.excel import Code, Column, ExcelError, Limits, letters, read
from office.excel_template import TemplateColumn, template
from tests.workbooks import make_xlsx, whole

COLUMNS = (
    Column("code", "Code", ("项目编码",), required=True),
    Column("amount", "Amount", ("金额(万元)",), required=True),
    Column("note", "Note", ("备注",)),
)


def rows(data, name="a.xlsx", **limits):
    return list(read(name, data, Limits(**limits)))


def refused(data, name="a.xlsx", **limits):
    with pytest.raises(ExcelError) as caught:
        rows(data, name, **limits)
    assert caught.value.message
    return caught.value.code


class TestReading:
    def test_gives_values_with_their_sheet_and_address(self):
        first, second = rows(
            make_xlsx(甲=[["编码", 12.5], [None, None], [None, None, date(2024, 1, 2)]])
        )
        assert [cell.value for cell in first.cells] == ["编码", Decimal("12.5")]
        cell = second.cells[2]
        assert (cell.sheet, cell.address, cell.value) == ("甲", "C3", date(2024, 1, 2))
        assert second.cell(1).text == ""
        assert second.cell(99).value is None

    def test_numbers_have_the_digits_that_a_spreadsheet_shows(self):
        (row,) = rows(make_xlsx(甲=[[0.1 + 0.2, 1200, 1e15, -0.5]]))
        assert [cell.text for cell in row.cells] == ["0.3", "1200", "1000000000000000", "-0.5"]

    def test_sheets_follow_one_another(self):
        found = rows(make_xlsx(甲=[["a"]], 空=[], 乙=[["b"]]))
        assert [(row.sheet, row.number) for row in found] == [("甲", 1), ("乙", 1)]

    def test_the_error_of_a_formula_is_told_and_no_blank(self):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            sheet = book.add_worksheet("甲")
            sheet.write("A1", "x")
            sheet.write_formula("B2", "=1/0", None, "#DIV/0!")
            sheet.write_formula("C2", "=6*7", None, 42)
        row = rows(out.getvalue())[1]
        assert [cell.text for cell in row.cells] == ["", "#DIV/0!", "42"]

    def test_a_file_of_the_old_kind_reads_the_same(self):
        found = rows((Path(__file__).parent / "plan.xls").read_bytes(), "plan.xls")
        assert [[cell.text for cell in row.cells] for row in found] == [
            ["项目编码", "计划投资（万元）", "批准日期"],
            ["500101-0001", "1200.5"],
            ["500101-0002", "0.25", "2024-01-15"],
        ]
        assert found[2].cells[2].address == "C4"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_csv_in_the_encodings_of_chinese_offices(self, encoding):
        text = '编码,名称\r\n\r\n1,"跨江,\r\n大桥"\r\n2,㐂\r\n'
        found = rows(text.encode(encoding), "a.CSV")
        assert [[cell.text for cell in row.cells] for row in found] == [
            ["编码", "名称"],
            ["1", "跨江,\r\n大桥"],
            ["2", "㐂"],
        ]
        assert [row.number for row in found] == [1, 3, 5]

    @given(
        st.lists(st.lists(st.sampled_from(["", "甲", "1,2", '"', "b c"]), max_size=4), max_size=6)
    )
    @settings(max_examples=15, deadline=None)
    def test_every_value_comes_back_from_its_cell(self, written):
        put = {
            (number, place): value
            for number, row in enumerate(written, start=1)
            for place, value in enumerate(row, start=1)
            if value
        }
        if not put:
            return
        found = rows(make_xlsx(甲=written))
        assert {
            (cell.row, cell.column): cell.text for row in found for cell in row.cells if cell.text
        } == put

    def test_columns_have_their_letters(self):
        assert [letters(column) for column in (1, 26, 27, 52, 702, 703)] == [
            "A",
            "Z",
            "AA",
            "AZ",
            "ZZ",
            "AAA",
        ]


def repacked(data, **parts):
    """The workbook with some of its parts replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, parts.get(name.rsplit("/", 1)[-1].split(".")[0], old.read(name)))
    return out.getvalue()


class TestRefused:
    def test_kinds_that_are_not_read(self):
        for name in ("a.pdf", "a.docx", "a", "xlsx"):
            assert refused(b"x", name) is Code.WRONG_KIND

    def test_content_that_is_not_what_the_name_says(self):
        workbook = make_xlsx(甲=[["a"]])
        assert refused(workbook, "a.xls") is Code.NOT_WHAT_IT_SAYS
        assert refused(workbook, "a.csv") is Code.NOT_WHAT_IT_SAYS
        assert refused(b"<html></html>", "a.xls") is Code.NOT_WHAT_IT_SAYS
        assert refused(b"a,b", "a.xlsx") is Code.NOT_WHAT_IT_SAYS

    def test_broken_files(self):
        workbook = make_xlsx(甲=[["a"]])
        assert refused(workbook[: len(workbook) // 2]) is Code.BROKEN
        assert refused(b"PK\x03\x04" + b"0" * 100) is Code.BROKEN
        assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xls") is Code.BROKEN
        assert refused(repacked(workbook, sheet1=b"<worksheet><sheetData><row>")) is Code.BROKEN

    def test_an_archive_that_is_no_workbook(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("word/document.xml", "<w/>")
        assert refused(out.getvalue()) is Code.BROKEN

    def test_text_in_no_known_encoding(self):
        assert refused(b"a,\xff\xff\xff", "a.csv") is Code.NO_TEXT
        assert refused("编码".encode("utf-16"), "a.csv") is Code.NO_TEXT

    def test_files_without_a_row(self):
        assert refused(make_xlsx(甲=[])) is Code.EMPTY
        assert refused(b"", "a.csv") is Code.EMPTY

    def test_more_than_the_limits(self):
        workbook = make_xlsx(甲=[["a", "b", "c"], ["d"], ["e"]])
        assert len(rows(workbook, rows=3, columns=3)) == 3
        assert refused(workbook, rows=2) is Code.TOO_MANY_ROWS
        assert refused(workbook, columns=2) is Code.TOO_MANY_COLUMNS
        assert refused(b"a" * (1024 * 1024 + 1), "a.csv", megabytes=1) is Code.FILE_TOO_LARGE

    def test_a_zip_bomb_that_says_what_it_is(self):
        bomb = repacked(make_xlsx(甲=[["a"]]), sheet1=b" " * (120 * 1024 * 1024))
        assert len(bomb) < 1024 * 1024
        assert refused(bomb) is Code.UNPACKS_TOO_LARGE

    def test_a_zip_bomb_that_lies_about_its_size(self):
        workbook = make_xlsx(甲=[["a"]])
        bomb = bytearray(repacked(workbook, sheet1=b"<a>" + b" " * (600 * 1024 * 1024)))
        size = (600 * 1024 * 1024 + 3).to_bytes(4, "little")
        while (place := bomb.find(size)) >= 0:
            bomb[place : place + 4] = (100).to_bytes(4, "little")
        assert refused(bytes(bomb), memory_megabytes=400) in (Code.BROKEN, Code.TOO_LARGE)

    def test_two_cells_a_sheet_apart(self):
        apart = (
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            '<row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
        )
        assert refused(repacked(make_xlsx(甲=[["a"]]), sheet1=apart.encode())) is Code.TOO_LARGE

    def test_a_million_blank_rows_are_no_rows(self):
        line = [["a"], *[[None]] * 10]
        blank = (
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            '<row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="1000000"><c r="A1000000"><v>2</v></c></row></sheetData></worksheet>'
        )
        found = rows(repacked(make_xlsx(甲=line), sheet1=blank.encode()))
        assert [row.number for row in found] == [1, 1_000_000]


class TestTheTable:
    def of(self, *lines, **sheets):
        return whole(read("a.xlsx", make_xlsx(**(sheets or {"甲": lines}))), COLUMNS)

    def test_takes_the_columns_in_any_order_below_a_title(self):
        found = self.of(["2024年计划"], [], ["备注", " 金额（万元） ", "CODE"], ["n", 5, "A"])
        (record,) = found.records
        assert [record.text(name) for name in ("code", "amount", "note")] == ["A", "5", "n"]
        assert record.address("amount") == "B4"
        assert found.faults == []

    def test_refuses_unknown_columns_by_name_and_place(self):
        found = self.of(["Code", "Amount", "性质"], ["A", 1, "x"])
        (fault,) = found.faults
        assert (fault.sheet, fault.address) == ("甲", "C1")
        assert "性质" in fault.message
        assert "Amount" in fault.allowed

    def test_refuses_a_column_that_stands_twice_and_one_that_is_missing(self):
        found = self.of(["Code", "项目编码", "Note"], ["A", "B", "x"])
        assert [fault.address for fault in found.faults] == ["B1", "A1"]

    def test_passes_over_sheets_without_headings_and_says_so(self):
        found = self.of(甲=[["Code", "Amount"], ["A", 1]], 说明=[["请填写"], ["Code"]])
        assert found.passed_over == ["说明"]
        assert len(found.records) == 1

    def test_without_any_row_is_a_fault(self):
        assert len(self.of(["Code", "Amount"]).faults) == 1
        assert len(self.of(["x", "y"]).faults) == 1


class TestTheTemplate:
    def test_is_read_back_as_it_was_filled(self):
        columns = [
            TemplateColumn("Code", "do not change", is_filled=True),
            TemplateColumn("Amount", is_money=True),
            TemplateColumn("Note", options=("甲", "乙")),
        ]
        lines = [["A", Decimal("12.50"), ""], ["=cmd|' /C calc'!A0", None, "甲"]]
        made = template("表", columns, lines, notes_name="说明", notes=["万元"])
        found = whole(read("a.xlsx", made), COLUMNS)
        assert found.passed_over == ["说明"]
        assert [record.text("code") for record in found.records] == ["A", "=cmd|' /C calc'!A0"]
        assert found.records[0].text("amount") == "12.5"
