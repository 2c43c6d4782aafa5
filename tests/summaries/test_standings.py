"""A page of a ranking: as large for any office, the rest within reach, one's own department always there."""

import pickle
from datetime import date

import pytest
from django.utils import timezone

from accounts.roles import Role
from summaries import month_reading
from summaries.models import CellKeeper, DepartmentCell
from summaries.ranking import RankBy
from summaries.standings import LINES, Rankings
from tests.factories import make_department, make_region, make_user, signed_in
from tests.summaries.months import TODAY, make_months

pytestmark = pytest.mark.any_database
SUMS = {"entries": 1, "with_plan": 1, "due": 1, "reported": 1, "figures": 1, "known": 1}


@pytest.fixture
def months(settings, db):
    settings.WZ_TODAY = TODAY
    make_months()


def widen(first, last):
    """Departments that have a figure of March each, the later ones the smaller."""
    DepartmentCell.objects.bulk_create(
        DepartmentCell(
            year=2024,
            month=3,
            department=make_department(f"500101-W{number:03}", name=f"第{number}局"),
            category="industry",
            planned=10_000,
            figures_planned=10_000,
            figures_planned_ytd=2_500,
            invested_ytd=2_000 - number,
            **SUMS,
        )
        for number in range(first, last)
    )
    CellKeeper.objects.update(refreshed_at=timezone.now())


def page_of(client, query=""):
    return client.get(f"/{query}").context["page"]


@pytest.mark.usefixtures("months")
def test_the_page_is_as_large_for_forty_departments_as_for_hundreds(
    manager, django_assert_num_queries, django_assert_max_num_queries
):
    client = signed_in(manager)
    sizes = []
    for first, last in ((0, 40), (40, 400)):
        widen(first, last)
        client.get("/")
        with django_assert_max_num_queries(25):
            html = client.get("/").content
        sizes.append((html.count(b"<tr"), round(len(html), -3)))
    assert sizes[0][0] == sizes[1][0]
    assert abs(sizes[1][1] - sizes[0][1]) <= 2000


@pytest.mark.usefixtures("months")
def test_what_is_remembered_of_a_ranking_is_what_a_page_shows():
    sizes = []
    for first, last in ((0, 40), (40, 400)):
        widen(first, last)
        at = CellKeeper.objects.get().refreshed_at
        choice = month_reading.choose(on=date(2024, 4, 12))
        shown, _own = Rankings(choice, None, at=at, on=date(2024, 4, 12)).departments(
            RankBy.COMPLETION
        )
        assert len(shown.lines) == LINES
        reading = month_reading.read(2024, 3)
        sizes.append((len(pickle.dumps(shown)), len(pickle.dumps(reading))))
    for few, many in zip(*sizes, strict=True):
        assert many < few * 1.1


@pytest.mark.usefixtures("months")
def test_the_rest_is_reached_page_by_page(manager):
    widen(0, 45)
    client = signed_in(manager)
    pages = [page_of(client, f"?departments={number}") for number in (1, 2, 3)]
    names = [line.name for page in pages for line in page.ranking]
    assert [len(page.ranking) for page in pages] == [20, 20, 9]
    assert len(set(names)) == pages[0].ranking_page.paginator.count == 49
    places = [line.place for page in pages for line in page.ranking if line.place]
    assert places == list(range(1, 48))
    html = client.get("/?rank=gap").content.decode()
    assert "rank=gap&amp;departments=3#ranking" in html
    assert 'rank=gap#ranking" aria-current="true"' in html
    assert page_of(client, "?departments=99").ranking_page.number == 3
    for junk in ("0", "x", "-1", "9" * 99, "³"):
        assert page_of(client, f"?departments={junk}").ranking_page.number == 1, junk
    charts = pages[1].departments
    assert [row[0] for row in charts[1].rows] == [line.name for line in pages[1].ranking]


@pytest.mark.usefixtures("months")
def test_ones_own_department_is_shown_wherever_it_stands():
    widen(0, 45)
    own = make_department("500101-W042")
    client = signed_in(make_user(role=Role.LEADER, department=own))
    first, last = page_of(client), page_of(client, "?departments=3")
    assert [(line.name, line.code) for line in first.own] == [("第42局", own.code)]
    assert first.own[0].place > LINES
    assert own.code in [line.code for line in last.ranking]
    assert last.own == []
    assert "第42局" in client.get("/").content.decode()


@pytest.mark.usefixtures("months")
def test_the_wall_has_the_first_and_the_last_of_them_all(manager):
    widen(0, 45)
    wall = signed_in(manager).get("/wall/").context["wall"]
    assert [line.place for line in wall.leading] == [1, 2, 3, 4, 5, 6]
    assert [line.place for line in wall.lagging] == [47, 46, 45, 44, 43, 42]


@pytest.mark.usefixtures("months")
def test_the_regions_are_shown_a_page_at_a_time_too(manager):
    above = make_region("510000", name="省", level="province")
    DepartmentCell.objects.bulk_create(
        DepartmentCell(
            year=2024,
            month=3,
            region=make_region(f"5101{number}", name=f"{number}区", level="district", parent=above),
            category="industry",
            **SUMS,
        )
        for number in range(10, 40)
    )
    CellKeeper.objects.update(refreshed_at=timezone.now())
    client = signed_in(manager)
    first, second = (page_of(client, f"?region=510000&regions={number}") for number in (1, 2))
    assert (len(first.regions), len(second.regions)) == (20, 10)
    assert len(first.regional[0].rows) == 20
    assert not {line.code for line in first.regions} & {line.code for line in second.regions}
    html = client.get("/?region=510000").content.decode()
    assert "regions=2#regions" in html
