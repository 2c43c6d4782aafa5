"""What a list gave away is brought in again as it is: nothing is refused, nothing would change."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from exchange.kinds import KINDS
from exchange.matching import match
from office.excel import read
from tests.factories import make_department, make_entry, make_project, signed_in
from tests.indicators.factories import make_indicator, make_result, make_target

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


def brought_back(user, kind, address, file, **query):
    """What an import of the file would do."""
    response = signed_in(user).get(address, {**query, "file": file})
    body = b"".join(response.streaming_content)
    rows = read(f"list.{file}", body)
    (found,) = match(KINDS[kind], rows, user=user, skips_totals=False, has_formats=file == "xlsx")
    return found


@pytest.mark.parametrize("file", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("kind", "address", "query"),
    [
        ("projects", reverse("projects:project-list"), {}),
        ("plans", reverse("projects:plan-list"), {"year": "2024"}),
        ("targets", reverse("indicators:year", args=[2024]), {}),
    ],
)
def test_an_export_is_an_import_that_changes_nothing(admin, kind, address, query, file):
    project = make_project(
        "-甲桥",
        department=make_department(name="交通局"),
        sector="交通",
        total_investment=Decimal("120.5"),
        started_on=date(2023, 3, 1),
    )
    make_entry(project, 2024, goal="started", planned_investment=Decimal("12.5"))
    indicator = make_indicator(name="空气质量优良天数", unit="天")
    make_result(make_target("340以上", indicator, year=2024), "336")
    if kind != "targets":
        columns = {"projects": "total_investment", "plans": "goal"}[kind]
        query = {**query, "columns": ["sector", "category", columns, "light", "code"]}
    found = brought_back(admin, kind, address, file, **query)
    assert found.faults == []
    assert len(found.changes) == 1
    assert [change.after for change in found.changes] == [{}]
