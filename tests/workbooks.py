"""Workbooks for tests, told as lists."""

import io
from collections.abc import Sequence

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile


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
