"""Home by role: the cockpit of those who see the whole office, the desk of a reporting officer."""

import pytest
from django.utils import timezone

from projects.lifecycle import StatusUpdate, change_status
from projects.models import DataQuestion, Project, Status
from tests.factories import make_department, make_entry, make_project, make_user, signed_in

pytestmark = pytest.mark.any_database


@pytest.mark.usefixtures("report_loaded")
@pytest.mark.parametrize("persona", ["manager", "admin", "leader"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_before_the_first_round_the_cockpit_begins_with_the_year_s_list(persona, language, request):
    client = signed_in(request.getfixturevalue(persona))
    client.cookies["django_language"] = language
    response = client.get("/")
    assert "summaries/cockpit/list.html" in [template.name for template in response.templates]
    assert response.context["page"].year == 2024
    assert response.context["page"].headline in response.content.decode()


def test_an_empty_office_says_so(manager):
    response = signed_in(manager).get("/")
    assert "summaries/cockpit_empty.html" in [template.name for template in response.templates]


@pytest.fixture
def own(reporter):
    """A project of the reporter's department, in this year's plan."""
    project = make_project("万忠路", department=reporter.department, status=Status.STARTED)
    make_entry(project, 2024, goal="accelerated")
    return project


@pytest.fixture
def other(outsider):
    """A project of another department."""
    return make_project("青龙水库", department=outsider.department, status=Status.STARTED)


def test_staff_find_their_own_projects_and_what_they_may_do(reporter, own, other):
    response = signed_in(reporter).get("/")
    page = response.content.decode()
    assert "summaries/desk.html" in [template.name for template in response.templates]
    assert own.name in page
    assert f"/projects/{own.code}/status/" in page
    assert other.name not in page


def test_the_desk_includes_units_below_the_department_and_not_above(own, other):
    unit = make_department("500101-JTW-GLK", parent=own.department)
    below = make_project("公路科的项目", department=unit)
    officer = make_user(department=unit)
    desk = signed_in(officer).get("/").context["desk"]
    assert [line.project for line in desk.lines] == [below]


def test_the_desk_puts_this_year_s_plan_first_and_counts_by_status(reporter, own):
    make_project("阿", department=reporter.department)
    client = signed_in(reporter)
    desk = client.get("/").context["desk"]
    assert [line.project.name for line in desk.lines] == ["万忠路", "阿"]
    assert desk.total == 2
    for _value, _label, count, url in desk.statuses:
        assert client.get(url).context["totals"]["count"] == count


def test_the_desk_shows_changes_and_questions_of_its_own_projects_only(
    reporter, own, other, manager
):
    for project in (own, other):
        change_status(
            project,
            StatusUpdate(Status.ACCELERATED),
            version=project.version,
            by=manager,
            on=timezone.localdate(),
            at=timezone.now(),
        )
        DataQuestion.objects.create(
            kind="same_name_twice",
            key=project.code,
            project=project,
            params={"codes": "", "name": project.name},
        )
    desk = signed_in(reporter).get("/").context["desk"]
    assert [change.project for change in desk.changes] == [own]
    assert len(desk.questions) == 1
    assert own.name in desk.questions[0].title


def test_a_department_without_projects_is_told_so(reporter):
    desk = signed_in(reporter).get("/").context["desk"]
    assert (desk.total, desk.lines) == (0, [])


def test_the_desk_takes_the_same_number_of_queries_for_1_and_for_30_projects(
    reporter, own, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(reporter)
    client.get("/")
    with django_assert_max_num_queries(30) as first:
        client.get("/")
    for _ in range(30):
        make_entry(make_project(department=reporter.department), 2024, goal="started")
    with django_assert_num_queries(len(first)):
        client.get("/")
    assert Project.objects.count() == 31
