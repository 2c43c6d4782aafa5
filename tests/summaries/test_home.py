"""Home by role: the cockpit of those who see the whole office, the desk of a reporting officer."""

import pytest
from django.utils import timezone

from indicators import questions as indicator_questions
from office.clock import today
from projects import questions
from projects.lifecycle import StatusUpdate, change_status
from projects.models import DataQuestion, Project, Status
from tests.factories import make_department, make_entry, make_project, make_user, signed_in


@pytest.fixture
def questions_raised(report_loaded):
    """The data questions of the report, as the nightly job raises them."""
    questions.refresh([*questions.find(on=today()), *indicator_questions.find()])


def cockpit(user, query=""):
    response = signed_in(user).get(f"/{query}")
    assert response.status_code == 200
    return response.context["cockpit"]


@pytest.mark.usefixtures("report_loaded")
@pytest.mark.parametrize("persona", ["manager", "admin", "leader"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_managers_administrators_and_leaders_get_the_cockpit(persona, language, request):
    client = signed_in(request.getfixturevalue(persona))
    client.cookies["django_language"] = language
    response = client.get("/")
    assert "summaries/cockpit.html" in [template.name for template in response.templates]
    assert response.context["cockpit"].year == 2024
    assert response.context["cockpit"].headline in response.content.decode()


@pytest.mark.usefixtures("report_loaded")
@pytest.mark.parametrize("query", ["", "?year=2023"])
def test_every_mark_of_the_cockpit_leads_to_exactly_so_many_rows(manager, query):
    client = signed_in(manager)
    found = client.get(f"/{query}").context["cockpit"]
    cells = [
        cell for chart in (found.stages, found.statuses) for row in chart.rows for cell in row[2]
    ]
    cells += [
        (card.value, str(card.value), card.url)
        for card in (*found.cards, *found.carry_overs)
        if card.url.startswith("/plans/")
    ]
    assert len(cells) > 20
    for value, text, url in cells:
        response = client.get(url)
        assert response.status_code == 200, url
        assert response.context["totals"]["count"] == value, url
        assert text == str(value)


@pytest.mark.usefixtures("questions_raised")
@pytest.mark.parametrize("query", ["", "?year=2023"])
def test_every_link_of_the_cockpit_resolves(manager, query):
    client = signed_in(manager)
    found = client.get(f"/{query}").context["cockpit"]
    urls = {card.url for card in (*found.cards, *found.carry_overs) if card.url}
    urls |= {url for _label, _count, url in found.questions}
    urls |= {row.url for row in found.shortfalls}
    urls |= {url for _label, url, _kind in found.commitments}
    urls |= {cell[2] for row in found.verdicts.rows for cell in row[2]}
    points = [
        point
        for row in found.report_figures
        for figure in row
        for _label, line in figure.lines
        for point in line
        if point
    ]
    urls |= {point.url for point in points}
    assert len(urls) > 15
    for url in urls:
        assert client.get(url).status_code == 200, url


@pytest.mark.usefixtures("questions_raised")
def test_the_counts_of_open_questions_are_those_of_their_lists(manager):
    client = signed_in(manager)
    for _label, count, url in client.get("/").context["cockpit"].questions:
        assert len(client.get(url).context["questions"]) == count


@pytest.mark.usefixtures("report_loaded")
def test_while_this_year_has_no_results_the_verdicts_are_last_year_s(manager):
    found = cockpit(manager)
    assert (found.year, found.judged_year) == (2024, 2023)
    assert [(row.gap, row.binding) for row in found.shortfalls] == [
        ("−4天", True),
        ("−376万美元", False),
        ("−1.4个百分点", False),
    ]
    assert all(row.note for row in found.shortfalls)


@pytest.mark.usefixtures("report_loaded")
def test_the_report_s_figures_show_known_points_and_leave_the_others_open(manager):
    found = [figure for row in cockpit(manager).report_figures for figure in row]
    known = {figure.number: figure.known for figure in found}
    assert known == {1: 2, 2: 0, 3: 1, 4: 1, 5: 1}
    assert sorted(known) == [1, 2, 3, 4, 5]
    gdp = next(figure for figure in found if figure.number == 1)
    assert gdp.axis == [2020, 2021, 2022, 2023]
    assert [[point and point.text for point in line] for _label, line in gdp.lines] == [
        [None, None, None, "1179.4"],
        [None, None, None, "6.9"],
    ]


@pytest.mark.usefixtures("report_loaded")
@pytest.mark.parametrize("year", ["", "1999", "abc", "２０２３", "9" * 5000])
def test_an_unknown_year_shows_the_latest(manager, year):
    assert cockpit(manager, f"?year={year}").year == 2024


def test_an_empty_office_says_so(manager):
    response = signed_in(manager).get("/")
    assert "summaries/cockpit_empty.html" in [template.name for template in response.templates]


def test_the_cockpit_takes_the_same_number_of_queries_for_1_and_for_30_entries(
    manager, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(manager)
    make_entry(year=2024, goal="started")
    client.get("/")
    with django_assert_max_num_queries(40) as first:
        client.get("/")
    for year in (2023, 2024):
        for _ in range(30):
            make_entry(year=year, goal="completed")
    with django_assert_num_queries(len(first)):
        client.get("/")


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
