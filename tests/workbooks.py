"""Workbooks for tests, told as lists."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from office.excel import CellFault, Column, Record, Row, Table


@dataclass(frozen=True)
class Whole:
    """A table that was read to its end."""

    records: list[Record]
    faults: list[CellFault]
    passed_over: list[str]


def whole(rows: Sequence[Row], columns: Sequence[Column]) -> Whole:
    """All rows of a table, and what was found of its headings."""
    table = Table(rows, columns)
    return Whole(list(table), table.faults, table.passed_over)


def make_xlsx(**sheets: Sequence[Sequence[object]]) -> bytes:
    """An .xlsx file: each sheet by its name, its rows as lists; None is a blank cell."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    if value is not None:
                        sheet.write(number, place, value)
    return out.getvalue()


def upload(data: bytes, name: str = "plan.xlsx") -> SimpleUploadedFile:
    """The file as a browser sends it."""
    return SimpleUploadedFile(name, data)
