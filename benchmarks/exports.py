"""What taking away 100,000 rows costs, beside the database's own COPY and the writing library alone.

    TEST_DATABASE=postgresql python -m benchmarks.exports [--rows 100000] [--rounds 3]

In turn, round after round, in this process: our .csv through the view beside COPY of the very same
query, our .xlsx through the view beside xlsxwriter writing the very same cells from memory. Then the
highest memory that the answers take at a quarter of the rows and at all of them, and how soon the
first piece of the .csv is there. A database is made for the run and thrown away.
"""

import argparse
import cProfile
import io
import os
import pstats
import sys
import tempfile
import tracemalloc
from itertools import islice
from statistics import median
from time import perf_counter

from tests import ground

if os.environ.get("DATABASE_URL", "").startswith("postgres"):
    os.environ.setdefault("TEST_DATABASE", "postgresql")
ground.prepare()

import xlsxwriter  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402

from benchmarks.list_page import make_data  # noqa: E402
from office import table_files  # noqa: E402
from office.file_answers import FileFormat  # noqa: E402
from office.table_files import Kind, xlsx_file  # noqa: E402
from projects.models import AnnualPlan  # noqa: E402
from projects.tables import PlanTable  # noqa: E402
from projects.views.plans import PlanList  # noqa: E402

QUERY = QueryDict(
    "year=2024&"
    + "&".join(f"columns={name}" for name in PlanTable.base_columns if name != "source")
)
_FIGURES = """
    INSERT INTO projects_latestfigures (
        entry_id, month, planned_ytd, invested_ytd, physical_progress, completion_rate,
        on_schedule_rate, gap, light, light_month, streak)
    SELECT id, 9, 9000.00 + id, 8000.55 + id, 72.5, 66.67, 88.89, -8.33,
           CASE WHEN id % 10 = 0 THEN 'red' ELSE 'green' END, 9, 3
    FROM projects_annualplan
"""
GOALS = {"csv / COPY": 1.5, "xlsx / xlsxwriter": 2.0}


def listed():
    """The page's columns and rows, as its view gives them to a file."""
    page = PlanList()
    table = page._table(QUERY, with_key=True)
    columns = table.in_file()
    wanted = [column.path for column in columns]
    entries = AnnualPlan.objects.filter(year=2024).order_by("table", "position", "pk")
    queryset = page.with_parts(entries, set(wanted))
    return page, table, columns, queryset, wanted


def rows_of(most=None):
    page, table, _columns, queryset, wanted = listed()
    return page._file_rows(table, queryset[:most] if most else queryset, wanted)


def pieces_of(most=None):
    page, table, _columns, queryset, _wanted = listed()
    return page._file(FileFormat.CSV, table, queryset[:most] if most else queryset)


def ours_csv(most=None):
    return sum(len(piece) for piece in pieces_of(most).streaming_content)


def copied():
    """The same query by COPY: raw values, codes without their words."""
    *_others, queryset, wanted = listed()
    sql, params = queryset.values_list(*dict.fromkeys(wanted)).query.sql_with_params()
    size = 0
    with connection.cursor() as cursor:
        command = f"COPY ({sql}) TO STDOUT (FORMAT csv)"
        with cursor.cursor.copy(command, params) as copy:
            for piece in copy:
                size += len(piece)
    return size


def ours_xlsx(most=None):
    with xlsx_file(listed()[2], rows_of(most), name="年度计划") as file:
        return file.seek(0, io.SEEK_END)


def cells_of():
    """Every cell as it stands in our workbook: column by column what is written and how."""
    columns = listed()[2]
    rows = []
    for chunk in table_files._chunks(rows_of()):
        made = [
            table_files._xlsx_cells(column, values)
            for column, values in table_files._by_column(columns, chunk)
        ]
        rows += zip(*made, strict=True)
    return columns, rows


def library_alone(columns, rows):
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


def timed(what, *args):
    begun = perf_counter()
    what(*args)
    return perf_counter() - begun


def peak(what, rows):
    tracemalloc.start()
    what(rows)
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest / 1024 / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true", help="say where the .csv's time goes")
    options = parser.parse_args()
    if connection.vendor != "postgresql":
        sys.exit("COPY needs PostgreSQL: TEST_DATABASE=postgresql")
    old = setup_databases(verbosity=0, interactive=False)
    try:
        make_data(options.rows)
        with connection.cursor() as cursor:
            cursor.execute(_FIGURES)
            cursor.execute("ANALYZE")
        if options.profile:
            profile()
        else:
            report(options.rows, options.rounds)
    finally:
        teardown_databases(old, verbosity=0)


def profile():
    taken = cProfile.Profile()
    taken.runcall(ours_csv)
    pstats.Stats(taken).sort_stats("tottime").print_stats(14)


def report(rows, rounds):
    columns, cells = cells_of()
    found = {"csv": [], "COPY": [], "xlsx": [], "xlsxwriter": []}
    for _round in range(rounds):
        found["csv"].append(timed(ours_csv))
        found["COPY"].append(timed(copied))
    for _round in range(rounds):
        found["xlsx"].append(timed(ours_xlsx))
        found["xlsxwriter"].append(timed(library_alone, columns, cells))
    print(f"{rows} rows, {len(columns)} columns, {rounds} rounds\n")
    print("| what | median s |\n|---|---:|")
    middle = {name: median(times) for name, times in found.items()}
    for name, seconds in middle.items():
        print(f"| {name} | {seconds:.2f} |")
    print("\n| ratio | found | at most |\n|---|---:|---:|")
    for ratio, most in GOALS.items():
        above, below = ratio.split(" / ")
        print(f"| {ratio} | {middle[above] / middle[below]:.2f} | {most} |")
    del cells
    print("\n| peak MiB | a quarter of the rows | all rows |\n|---|---:|---:|")
    for name, what in (("csv", ours_csv), ("xlsx", ours_xlsx)):
        print(f"| {name} | {peak(what, rows // 4):.1f} | {peak(what, rows):.1f} |")
    begun = perf_counter()
    list(islice(pieces_of().streaming_content, 2))
    print(f"\nThe first rows of the .csv are there after {(perf_counter() - begun) * 1000:.0f} ms.")


if __name__ == "__main__":
    main()
