"""The present round on the desk of a reporting officer."""

import pytest

from projects.models import ReportAction
from tests.factories import signed_in
from tests.rounds import make_plan, open_rounds, report_of, save, step, submit

pytestmark = pytest.mark.any_database


@pytest.fixture
def reports(settings, reporter, outsider):
    """Three reports of the reporter's department for March and one of another's, on the due day."""
    settings.WZ_TODAY = "2024-04-05"
    own = [make_plan(reporter.department, name=f"本单位项目{number}") for number in (1, 2, 3)]
    make_plan(outsider.department, name="别家的项目")
    open_rounds(3)
    return [report_of(entry, 3) for entry in own]


def month(user):
    return signed_in(user).get("/").context["desk"].month


def test_the_desk_counts_the_reports_of_one_s_own_department(reporter, manager, reports):
    save(reports[0], reporter)
    submit(reports[1], reporter)
    found = month(reporter)
    assert {str(state): count for state, _label, count in found.counts} == {
        "due": 1,
        "draft": 1,
        "returned": 0,
        "submitted": 1,
        "approved": 0,
    }
    assert str(found.round.period) == "2024-03"
    assert "2024-04-09" in found.why


def test_a_returned_report_is_named_and_leads_to_its_page(reporter, manager, reports):
    submit(reports[0], reporter)
    step(reports[0], ReportAction.RETURN, manager, note="口径有误")
    page = signed_in(reporter).get("/").content.decode()
    assert month(reporter).returned == [reports[0]]
    assert reports[0].get_absolute_url() in page
    assert "别家的项目" not in page


@pytest.mark.usefixtures("reports")
def test_the_first_button_of_the_desk_opens_the_grid_of_the_month(reporter):
    assert "/month/2024/3/" in signed_in(reporter).get("/").content.decode()


def test_without_a_round_the_desk_says_nothing_of_one(reporter):
    assert month(reporter) is None


def test_a_department_that_is_asked_for_nothing_sees_no_round(settings, reporter, outsider):
    settings.WZ_TODAY = "2024-04-05"
    make_plan(outsider.department)
    open_rounds(3)
    assert month(reporter) is None
