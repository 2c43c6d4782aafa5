"""What PostgreSQL writes as .csv by itself is byte for byte what is written row by row."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from office import copied_files, replica, table_files
from projects.filters import PlanFilter, ProjectFilter, listed
from projects.models import AnnualPlan, Project
from projects.tables import MonthPlanTable, PlanTable, ProjectTable
from projects.views.plans import PlanList
from tests.factories import make_department, make_entry, make_project, signed_in
from tests.rounds import approve, make_plan, open_rounds, report_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql_only]
NASTY = (
    'a,b"c"',
    "两行\n字",
    "\r\n",
    "\r=1",
    "\t=1",
    "=1+1",
    "+1",
    "-1",
    "@a",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "'=1",
    "\\.",
    "\\N",
    " 前后 ",
    '"',
    "%s %(a)s %",
    "万州区“长江”大桥，二期",
    "👍",
    "",
)


@pytest.fixture
def nasty(reporter, manager):
    """Projects and entries with every nasty text in every place that holds one, and some with figures."""
    for number, text in enumerate(NASTY):
        project = make_project(
            text or "无",
            sector=text,
            owner_unit=text,
            leader=text,
            department=make_department(f"500101-{number:02}", name=text or "无"),
            total_investment=None if number % 3 else Decimal("1234567.80"),
            started_on=None if number % 2 else date(2024, 3, 1),
        )
        make_entry(
            project, 2024, heading=text, planned_investment=None if number % 4 else Decimal("0.10")
        )
    plans = [make_plan(reporter.department, planned=planned) for planned in (1200, 700)]
    open_rounds(2)
    for plan, invested in zip(plans, (90, 0), strict=True):
        approve(report_of(plan, 1), reporter, manager, invested=invested)


def both(table, queryset):
    """The list's columns of a table as the database writes them, and as they are written row by row."""
    without = getattr(table.Meta, "virtual_fields", ())
    columns = [column for column in table([]).in_file() if column.path not in without]
    paths = [column.path for column in columns]
    found = PlanList().with_parts(queryset, paths)
    rows = found.values_list(*dict.fromkeys(paths))
    by_row = [[row[name] for name in paths] for row in found.values(*rows._fields)]
    copied = b"".join(copied_files.csv_pieces(columns, found))
    return copied, b"".join(table_files.csv_pieces(columns, by_row))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("table", "model", "filterset", "asked"),
    [
        (PlanTable, AnnualPlan, PlanFilter, {"year": "2024"}),
        (MonthPlanTable, AnnualPlan, PlanFilter, {"year": "2024", "month": "1"}),
        (ProjectTable, Project, ProjectFilter, {}),
    ],
)
def test_a_copied_list_is_what_is_written_row_by_row(
    nasty, language, table, model, filterset, asked
):
    rows = model.objects.order_by("-pk")
    with translation.override(language):
        copied, by_row = both(
            table, filterset(asked, listed(rows) if model is Project else rows).qs
        )
    assert copied == by_row
    assert copied.count(b"\r\n") > len(NASTY)


def test_the_page_sends_what_the_database_writes(nasty, manager, django_assert_num_queries):
    query = {"year": "2024", "columns": ["goal", "light"], "file": "csv"}
    answered = signed_in(manager).get(reverse("projects:plan-list"), query)
    with django_assert_num_queries(1) as asked:
        body = b"".join(answered.streaming_content)
    assert "COPY" in asked[0]["sql"]
    assert b"'=1+1" in body


def test_a_filter_that_finds_nothing_leaves_the_headings():
    columns = PlanTable([]).in_file()[:3]
    (head,) = copied_files.csv_pieces(columns, AnnualPlan.objects.none())
    assert head.endswith(b"\r\n")


def test_a_reader_who_goes_away_leaves_a_connection_that_works(nasty):
    pieces = copied_files.csv_pieces(ProjectTable([]).in_file()[:2], listed(Project.objects.all()))
    sent = replica.kept(pieces)
    next(sent)
    next(sent)
    sent.close()  # as a server does; the pieces themselves are still held here
    assert pieces.gi_frame is None
    assert Project.objects.exists()
