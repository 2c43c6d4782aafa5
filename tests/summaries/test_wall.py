"""The wall screen: what hangs there, who may open it, and that it costs the same for any office."""

from datetime import date

import pytest

from projects.models import LatestFigures, Obstacle, ReportLight
from tests.factories import make_department, signed_in
from tests.rounds import make_plan, open_rounds
from tests.summaries.months import TODAY, make_months

pytestmark = pytest.mark.any_database


@pytest.fixture
def months(settings, db):
    settings.WZ_TODAY = TODAY
    make_months()


def wall_of(user):
    response = signed_in(user).get("/wall/")
    assert response.status_code == 200
    return response


@pytest.mark.usefixtures("months")
@pytest.mark.parametrize("persona", ["manager", "admin", "leader"])
def test_the_latest_settled_month_hangs_on_the_wall(persona, request):
    response = wall_of(request.getfixturevalue(persona))
    wall = response.context["wall"]
    page = response.content.decode()
    assert (wall.month.choice.year, wall.month.choice.month) == (2024, 3)
    assert wall.month.headline in page
    assert [line.name for line in wall.leading] == ["区交通运输委", "区水利局"]
    assert response["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("months")
def test_there_is_nothing_to_press(manager):
    page = wall_of(manager).content.decode()
    body = page.split("<body>")[1]
    assert "<form" not in body
    assert "<nav" not in body
    assert "<input" not in body


@pytest.mark.usefixtures("months")
def test_the_longest_reds_and_the_overdue_obstacles_are_named(manager):
    red = LatestFigures.objects.get(entry__cited_name="青龙水库")
    ReportLight.objects.filter(report__entry=red.entry).update(computed="red", shown="red")
    LatestFigures.objects.update(light="green", red_since=None)
    LatestFigures.objects.filter(pk=red.pk).update(light="red", red_since=date(2024, 1, 31))
    wall = wall_of(manager).context["wall"]
    assert [(each.name, each.department, each.days) for each in wall.reds] == [
        ("青龙水库", "区水利局", 72)
    ]
    assert [(each.text, each.responsible, each.days) for each in wall.obstacles] == [
        ("红线内两户未签约", "区水利局", 11)
    ]


@pytest.mark.usefixtures("months")
def test_those_that_have_been_red_longest_come_first_and_no_more_than_a_room_can_read(manager):
    water = LatestFigures.objects.get(entry__cited_name="青龙水库").entry.project.department
    LatestFigures.objects.update(light="green", red_since=None)
    for day in (5, 2, 9, 7, 1, 8, 3):
        entry = make_plan(water, entry={"cited_name": f"第{day}日"})
        LatestFigures.objects.update_or_create(
            entry=entry, defaults={"light": "red", "red_since": date(2024, 4, day)}
        )
    reds = wall_of(manager).context["wall"].reds
    assert [each.name for each in reds] == ["第1日", "第2日", "第3日", "第5日", "第7日", "第8日"]


@pytest.mark.usefixtures("months")
def test_the_obstacles_that_are_overdue_longest_come_first_and_no_more_than_a_room_can_read(
    manager,
):
    obstacle = Obstacle.objects.get()
    for day in (11, 3, 9, 5, 2, 7, 12):
        obstacle.pk, obstacle.text, obstacle.due_on = None, f"第{day}日", date(2024, 4, day)
        obstacle.save(force_insert=True)
    found = wall_of(manager).context["wall"].obstacles
    assert [each.days for each in found] == [11, 10, 9, 7, 5, 3]
    assert [each.text for each in found[:2]] == ["红线内两户未签约", "第2日"]


@pytest.mark.usefixtures("months")
def test_it_says_when_it_was_read(manager):
    response = wall_of(manager)
    read_at = response.context["read_at"]
    assert read_at.date() == date(2024, 4, 12)
    assert f"{read_at:%H:%M}" in response.content.decode()


def test_without_a_month_it_says_so(manager):
    assert wall_of(manager).context["wall"] is None


def test_a_wide_office_takes_as_many_queries_as_a_small_one(
    manager, settings, django_assert_num_queries, django_assert_max_num_queries
):
    settings.WZ_TODAY = TODAY
    make_plan(make_department(), planned=1200)
    open_rounds(3)
    client = signed_in(manager)
    client.get("/wall/")
    with django_assert_max_num_queries(20) as first:
        client.get("/wall/")
    for number in range(30):
        make_plan(make_department(f"500101-D{number}"), planned=1200)
    with django_assert_num_queries(len(first)):
        client.get("/wall/")
