"""Lists taken away: .csv beside the database's own COPY, .xlsx beside the writing library alone."""

import io
import tempfile
import tracemalloc
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from time import perf_counter
from typing import Any

import xlsxwriter
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from benchmarks.findings import Findings
from benchmarks.ground import YEAR, person
from benchmarks.probes import Probe, measure
from office import table_files
from office.file_answers import FileFormat
from office.table_files import Kind
from projects.models import AnnualPlan
from projects.tables import PlanTable
from projects.views.plans import PlanList

SUBJECT, FIRST_BYTE = "files", "csv, first byte"
QUERY = f"year={YEAR}&" + "&".join(
    f"columns={name}" for name in PlanTable.base_columns if name != "source"
)
FEWEST, MOST_ROWS = 10_000, 100_000
MEMORY_GROWTH = 1.5
Cells = list[tuple[Any, ...]]


def run(findings: Findings, entries: int, rounds: int) -> None:
    """Measure all of it at the size that is laid out, where that is a list that people take away."""
    if not FEWEST <= entries <= MOST_ROWS or connection.vendor != "postgresql":
        return
    client = Client()
    client.force_login(person("admin"))
    rounds = min(rounds, 3 if entries == MOST_ROWS else 5)
    csv = [Probe("csv", download(client, FileFormat.CSV)), Probe("COPY", copied)]
    findings.add(SUBJECT, entries, measure(csv, rounds, warm_up=1))
    columns, rows = cells()
    xlsx = [
        Probe("xlsx", download(client, FileFormat.XLSX)),
        Probe("xlsxwriter alone", lambda: library_alone(columns, rows)),
    ]
    findings.add(SUBJECT, entries, measure(xlsx, rounds, warm_up=1))
    begun = [
        Probe(FIRST_BYTE, lambda: begin(client, FileFormat.CSV, 1)),
        Probe("csv, first rows", lambda: begin(client, FileFormat.CSV, 2)),
    ]
    findings.add(SUBJECT, entries, measure(begun, rounds, warm_up=1))

    def time(name: str) -> float:
        return findings.middle(SUBJECT, name, entries)

    findings.hold("csv / COPY", entries, time("csv") / time("COPY"), 1.5)
    findings.hold("xlsx / xlsxwriter", entries, time("xlsx") / time("xlsxwriter alone"), 1.5)
    findings.hold(f"{FIRST_BYTE} / 200 ms", entries, time(FIRST_BYTE) / 200, 1)
    for kind in FileFormat:
        few = peak(download(client, kind, "&category=ecology"))
        all_rows = peak(download(client, kind))
        findings.hold(
            f"{kind}, peak memory of all rows / of a quarter",
            entries,
            all_rows / few,
            MEMORY_GROWTH,
        )


def asked(client: Client, kind: FileFormat, more: str = "") -> Any:
    """The answer with a file, of which nothing has been sent yet; whoever asks closes it."""
    response = client.get(f"{reverse('projects:plan-list')}?{QUERY}{more}&file={kind}")
    if response.status_code != 200:
        raise SystemExit(f"The file was answered with {response.status_code}.")
    return response


def download(client: Client, kind: FileFormat, more: str = "") -> Callable[[], int]:
    """Taking the whole list away; returns its bytes."""

    def take() -> int:
        with closing(asked(client, kind, more)) as response:
            return sum(len(piece) for piece in response.streaming_content)

    return take


def begin(client: Client, kind: FileFormat, pieces: int) -> list[bytes]:
    """The headings, which come alone, or the first rows with them; then the reader goes away: what a
    server does then, it closes.
    """
    with closing(asked(client, kind)) as response:
        return list(islice(response.streaming_content, pieces))


def listed() -> tuple[Any, Any, Any, Any, list[str]]:
    """The page, its columns and rows, as its view gives them to a file."""
    view = PlanList()
    table = view._table(QueryDict(QUERY), with_key=True)
    columns = table.in_file()
    wanted = [column.path for column in columns]
    entries = AnnualPlan.objects.filter(year=YEAR).order_by("table", "position", "pk")
    return view, table, columns, view.with_parts(entries, set(wanted)), wanted


def copied() -> int:
    """The same query by COPY: raw values, codes without their words."""
    *_others, queryset, wanted = listed()
    sql, params = queryset.values_list(*dict.fromkeys(wanted)).query.sql_with_params()
    size = 0
    command = f"COPY ({sql}) TO STDOUT (FORMAT csv)"
    with connection.cursor() as cursor, cursor.cursor.copy(command, params) as copy:
        for piece in copy:
            size += len(piece)
    return size


def cells() -> tuple[Any, Cells]:
    """Every cell as it stands in our workbook: column by column what is written and how."""
    view, table, columns, queryset, wanted = listed()
    rows: Cells = []
    for chunk in table_files._chunks(view._file_rows(table, queryset, wanted)):
        made = [
            table_files._xlsx_cells(column, values)
            for column, values in table_files._by_column(columns, chunk)
        ]
        rows += zip(*made, strict=True)
    return columns, rows


def library_alone(columns: Any, rows: Cells) -> int:
    """xlsxwriter with the same cells, formats and mode, and nothing around it."""
    with tempfile.TemporaryFile() as target:
        book = xlsxwriter.Workbook(target, {"constant_memory": True})
        sheet = book.add_worksheet()
        money = book.add_format({"num_format": "#,##0.00"})
        plain = book.add_format()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        kinds = [column.kind for column in columns]
        for number, row in enumerate(rows, start=1):
            for place, (value, kind) in enumerate(zip(row, kinds, strict=True)):
                if value is None or value == "":
                    continue
                if kind is Kind.NUMBER:
                    sheet.write_number(number, place, value, money)
                elif kind is Kind.DAY:
                    sheet.write_datetime(number, place, value, day)
                else:
                    sheet.write_string(number, place, value, plain)
        book.close()
        return target.seek(0, io.SEEK_END)


def peak(act: Callable[[], object]) -> float:
    """The highest memory that something takes, in MiB."""
    tracemalloc.start()
    start = perf_counter()
    act()
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"    {highest / 2**20:.1f} MiB, in {perf_counter() - start:.1f} s", flush=True)
    return highest / 2**20
