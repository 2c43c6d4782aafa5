"""The cockpit's month: what it says, and that every figure leads to exactly what it counts."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from projects.models import ReportingPeriod
from summaries import cells, cockpit, keeping, tasks
from summaries.cells import Progress, Sums
from summaries.models import ProgressCell
from tests.factories import make_department, make_entry, signed_in
from tests.rounds import make_plan, open_rounds
from tests.summaries.months import TODAY, make_months


@pytest.fixture
def months(settings, db):
    settings.WZ_TODAY = TODAY
    make_months()


@pytest.fixture
def client(manager):
    client = signed_in(manager)
    client.cookies["django_language"] = "en"
    return client


def page_of(client, query=""):
    response = client.get(f"/{query}")
    assert response.status_code == 200
    assert "summaries/cockpit/month.html" in [template.name for template in response.templates]
    return response.context["page"]


def counted_cells(page):
    """Each figure with a count, as (count, address)."""
    figures = [*page.cards, *(cell for line in page.ranking for cell in line.cells)]
    cells = [(figure.count, figure.url) for figure in figures]
    for chart in (page.progress[3], page.departments[0]):
        cells += [(value, url) for _label, _tone, row in chart.rows for value, _text, url in row]
    return cells


@pytest.mark.usefixtures("months")
@pytest.mark.parametrize("query", ["", "?year=2024&month=2", "?year=2023&month=3", "?rank=late"])
def test_every_count_leads_to_exactly_so_many_rows(client, query):
    cells = counted_cells(page_of(client, query))
    assert len(cells) > 20
    for count, url in cells:
        response = client.get(url)
        assert response.status_code == 200, url
        found = response.context
        is_list = "/obstacles/" not in url
        rows = found["totals"]["count"] if is_list else found["page"].paginator.count
        assert rows == count, url


@pytest.mark.usefixtures("months")
def test_every_sum_is_the_sum_of_the_rows_that_it_leads_to(client):
    page = page_of(client)
    values = {card.label: card for card in page.cards}
    planned, completed = values["Planned of the year"], values["Completed to date"]
    assert (planned.value, completed.value) == ("27.6", "4.8")
    assert client.get(planned.url).context["totals"]["planned"] == 276_000
    assert client.get(completed.url).context["totals"]["invested"] == 48_300
    s_curve = page.progress[0]
    checked = 0
    for _month, _tone, (plan, invested, _projected) in s_curve.rows:
        if invested[0] is not None:
            totals = client.get(invested[2]).context["totals"]
            assert invested[0] == (totals["invested"] / 10_000).quantize(Decimal("0.01"))
            checked += 1
        assert client.get(plan[2]).status_code == 200
    assert checked == 3


@pytest.mark.usefixtures("months")
def test_every_mark_of_every_chart_leads_somewhere_or_is_projected(client):
    page = page_of(client)
    urls = {
        url
        for chart in (*page.progress, *page.departments)
        for _label, _tone, row in chart.rows
        for value, _text, url in row
        if value is not None and url
    }
    assert len(urls) > 30
    for url in urls:
        assert client.get(url).status_code == 200, url


@pytest.mark.usefixtures("months")
def test_the_latest_locked_month_is_shown_and_others_can_be_chosen(client, settings):
    page = page_of(client)
    assert (page.choice.year, page.choice.month, page.choice.is_settled) == (2024, 3, True)
    assert page.choice.years == [2024, 2023]
    assert page.choice.months == [1, 2, 3]
    assert page_of(client, "?year=2023").choice.month == 12
    assert page_of(client, "?year=2024&month=9").choice.month == 3
    settings.WZ_TODAY = "2024-04-01"
    ReportingPeriod.objects.filter(year=2024, month=3).update(locked_at=None)
    assert page_of(client).choice.month == 2
    assert not page_of(client, "?year=2024&month=3").choice.is_settled


@pytest.mark.usefixtures("months")
@pytest.mark.parametrize(
    "query", ["?year=abc", "?month=x", "?year=" + "9" * 5000, "?year=２０２４"]
)
def test_what_is_no_month_shows_the_latest(client, query):
    assert page_of(client, query).choice.month == 3


@pytest.mark.usefixtures("months")
def test_the_headline_says_the_month_and_names_what_is_missing(client):
    headline = page_of(client).headline
    for figure in ("March 2024", "5 key projects", "27.6 hundred", "4.8 hundred"):
        assert figure in headline
    assert "2 of the 5 projects asked have no figure in force" in headline
    assert re.search(r"20\.1%.*80\.5%.*4\.9 percentage points behind schedule", headline)


def test_a_rate_shows_its_numerator_and_denominator(client, months):
    rate = next(card for card in page_of(client).cards if card.label == "Completion rate")
    assert rate.value == "20.1%"
    assert rate.note.startswith("4.83 / 24.00")


def test_without_a_figure_nothing_is_called_zero():
    now = Sums(entries=3, with_plan=3, planned=Decimal(30_000), due=3)
    with override("en"):
        words = cockpit.headline(Progress(2024, 1, (), now))
    assert "no figure of the month is in force yet" in words
    assert "0%" not in words
    assert cockpit.headline(Progress(2024, 1, (), Sums())) == ""


@pytest.mark.usefixtures("months")
def test_the_ranking_has_units_below_their_department(client):
    lines = page_of(client).ranking
    assert [(line.place, line.depth, line.name) for line in lines] == [
        (1, 0, "区交通运输委"),
        (None, 1, "公路科"),
        (2, 0, "区水利局"),
        (None, 0, "No department"),
    ]
    assert [cell.value for cell in lines[0].cells][:4] == ["2", "18.0", "4.8", "26.7%"]


@pytest.mark.usefixtures("months")
def test_last_year_stands_beside_this_year_and_what_is_missing_is_a_gap(client):
    _s_curve, completion, by_month, _lights = page_of(client).progress
    march, april = completion.rows[2][2], completion.rows[3][2]
    assert (march[1][0], march[2][0]) == (Decimal("20.1"), Decimal("20.0"))
    assert (april[1][0], april[2][0]) == (None, None)
    assert [cell[0] for cell in by_month.rows[2][2]] == [
        Decimal("2.30"),
        Decimal("1.61"),
        Decimal("0.60"),
    ]


@pytest.mark.usefixtures("months")
def test_the_pace_is_carried_on_and_says_what_it_misses(client):
    page = page_of(client)
    projected = [row[2][2][0] for row in page.progress[0].rows]
    assert projected[:2] == [None, None]
    assert projected[2] == page.progress[0].rows[2][2][1][0]
    assert projected == [None, None, *sorted(projected[2:])]
    assert "9 months left" in page.outlook


@pytest.mark.parametrize("persona", ["manager", "admin", "leader"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_those_who_see_the_whole_office_see_the_month(persona, language, months, request):
    client = signed_in(request.getfixturevalue(persona))
    client.cookies["django_language"] = language
    page = page_of(client)
    assert page.headline in client.get("/").content.decode()


@pytest.mark.usefixtures("months")
@pytest.mark.parametrize("path", ["/cockpit/list/", "/cockpit/indicators/", "/wall/"])
def test_staff_are_refused_the_cockpit(reporter, path):
    assert signed_in(reporter).get(path).status_code == 403
    assert signed_in(reporter).post(path).status_code in (403, 405)


@pytest.mark.usefixtures("months")
def test_staff_find_their_desk_at_home(reporter):
    response = signed_in(reporter).get("/")
    assert "summaries/desk.html" in [template.name for template in response.templates]


def test_a_year_without_rounds_leads_to_its_list(client, months):
    make_entry(year=2025)
    response = client.get("/?year=2025")
    assert (response.status_code, response.url) == (302, "/cockpit/list/?year=2025")


def test_a_month_that_was_not_counted_says_so(client, settings, db):
    settings.WZ_TODAY = TODAY
    make_plan()
    open_rounds(1)
    page = page_of(client)
    assert (page.headline, page.refreshed_at) == ("", None)


@pytest.mark.usefixtures("months")
def test_a_reading_is_remembered_until_the_cells_change(client):
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    assert not any("summaries_progresscell" in query["sql"] for query in captured)
    make_plan(planned=10_000)
    keeping.rebuild(2024, at=timezone.now())
    assert page_of(client).reading.total.now.entries == 6


@pytest.mark.usefixtures("months")
def test_the_job_that_refreshes_the_cells_reads_the_month_before_anybody_asks(client):
    make_plan(planned=10_000)
    tasks.refresh_cells()
    with CaptureQueriesContext(connection) as captured:
        page = page_of(client)
    assert not any("summaries_progresscell" in query["sql"] for query in captured)
    assert page.reading.total.now.entries == 6
    assert page.reading.total == cells.total(ProgressCell.objects.all(), 2024, 3)


def test_thirty_entries_take_as_many_queries_as_one(
    client, settings, django_assert_num_queries, django_assert_max_num_queries
):
    settings.WZ_TODAY = TODAY
    make_plan(make_department(), planned=1200)
    open_rounds(3)
    client.get("/")
    with django_assert_max_num_queries(25) as first:
        client.get("/")
    for number in range(30):
        make_plan(make_department(f"500101-D{number}"), planned=1200)
    with django_assert_num_queries(len(first)):
        client.get("/")
