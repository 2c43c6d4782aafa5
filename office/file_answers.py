"""Answers that are a list as a file: `?file=csv` or `?file=xlsx` beside the list's own query."""

from collections.abc import Generator, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from django.http import FileResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.utils.http import content_disposition_header

from office import replica
from office.table_files import FileColumn, csv_pieces, xlsx_file


class FileFormat(StrEnum):
    """What a list can be taken away as."""

    CSV = "csv"
    XLSX = "xlsx"


def format_asked(query: QueryDict) -> FileFormat | None:
    """The kind of file that an address asks for; None where it asks for the page."""
    asked = query.get("file", "")
    return FileFormat(asked) if asked in set(FileFormat) else None


def answer(
    kind: FileFormat,
    columns: Sequence[FileColumn],
    rows: Iterable[Sequence[Any]],
    *,
    label: str,
    on: date,
) -> HttpResponseBase:
    """The rows, whose values begin in the order of the columns, named after the list and the day.

    A .csv file is sent while the rows are read, a workbook once it is whole. The rows are read at
    the replica where there is one; replica.ReplicaLostError where it fails before the answer begins.
    """
    if kind is FileFormat.CSV:
        return csv_answer(csv_pieces(columns, rows), label=label, on=on)
    name = _name(label, on, kind)
    with replica.reading():
        book = xlsx_file(columns, rows, name=label)
    return FileResponse(book, as_attachment=True, filename=name)


def csv_answer(pieces: Generator[bytes, None, None], *, label: str, on: date) -> HttpResponseBase:
    """A .csv file whose pieces are made while they are sent, named after the list and the day."""
    name = _name(label, on, FileFormat.CSV)
    with replica.reading():
        sent = replica.kept(pieces)
    return StreamingHttpResponse(
        sent,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, name) or ""},
    )


def _name(label: str, on: date, kind: FileFormat) -> str:
    return f"{label}-{on:%Y%m%d}.{kind}"
