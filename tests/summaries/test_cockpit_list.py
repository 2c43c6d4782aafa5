"""The cockpit's year's list and its targets: every mark leads to exactly what it counts."""

import pytest

from indicators import questions as indicator_questions
from office.clock import today
from projects import questions
from tests.factories import make_entry, signed_in


@pytest.fixture
def questions_raised(report_loaded):
    """The data questions of the report, as the nightly job raises them."""
    questions.refresh([*questions.find(on=today()), *indicator_questions.find()])


@pytest.fixture
def client(manager):
    return signed_in(manager)


def list_of(client, query=""):
    response = client.get(f"/cockpit/list/{query}")
    assert response.status_code == 200
    return response.context["page"]


def targets_of(client, query=""):
    response = client.get(f"/cockpit/indicators/{query}")
    assert response.status_code == 200
    return response.context["page"]


@pytest.mark.usefixtures("report_loaded")
@pytest.mark.parametrize("query", ["", "?year=2023"])
def test_every_mark_leads_to_exactly_so_many_rows(client, query):
    found = list_of(client, query)
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
def test_every_link_resolves(client, query):
    found, targets = list_of(client, query), targets_of(client, query)
    urls = {card.url for card in (*found.cards, *found.carry_overs, *targets.cards) if card.url}
    urls |= {url for _label, _count, url in found.questions}
    urls |= {row.url for row in targets.shortfalls}
    urls |= {url for _label, url, _kind in targets.commitments}
    charts = (targets.verdicts, *targets.curves, *targets.figures)
    urls |= {cell[2] for chart in charts for row in chart.rows for cell in row[2] if cell[2]}
    assert len(urls) > 15
    for url in urls:
        assert client.get(url).status_code == 200, url


@pytest.mark.usefixtures("questions_raised")
def test_the_counts_of_open_questions_are_those_of_their_lists(client):
    for _label, count, url in list_of(client).questions:
        assert len(client.get(url).context["questions"]) == count


@pytest.mark.usefixtures("report_loaded")
def test_while_this_year_has_no_results_the_verdicts_are_last_year_s(client):
    found = targets_of(client)
    assert (found.year, found.judged_year) == (2024, 2023)
    assert [(row.gap, row.binding) for row in found.shortfalls] == [
        ("−4天", True),
        ("−376万美元", False),
        ("−1.4个百分点", False),
    ]
    assert all(row.note for row in found.shortfalls)


@pytest.mark.usefixtures("report_loaded")
def test_the_report_s_figures_show_known_points_and_leave_the_others_open(client):
    found = targets_of(client)
    known = [
        sum(cell[0] is not None for row in chart.rows for cell in row[2])
        for chart in (*found.curves, *found.figures)
    ]
    assert known == [0, 1, 2, 1, 1]
    assert [len(chart.rows) for chart in found.curves] == [12, 12]
    gdp = found.figures[0]
    assert [label for label, _tone, _cells in gdp.rows] == ["2020", "2021", "2022", "2023"]
    assert [[cell[1] for cell in row[2]] for row in gdp.rows] == [
        ["—", "—"],
        ["—", "—"],
        ["—", "—"],
        ["1179.4", "6.9"],
    ]
    assert (gdp.kind, gdp.on_right) == ("bar", (1,))


@pytest.mark.usefixtures("report_loaded")
@pytest.mark.parametrize("year", ["", "1999", "abc", "２０２３", "9" * 5000])
def test_an_unknown_year_shows_the_latest(client, year):
    assert list_of(client, f"?year={year}").year == 2024
    assert targets_of(client, f"?year={year}").year == 2024


@pytest.mark.parametrize("path", ["/cockpit/list/", "/cockpit/indicators/"])
def test_an_empty_office_says_so(client, path):
    response = client.get(path)
    assert "summaries/cockpit_empty.html" in [template.name for template in response.templates]


def test_the_same_number_of_queries_for_1_and_for_30_entries(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    make_entry(year=2024, goal="started")
    client.get("/cockpit/list/")
    with django_assert_max_num_queries(40) as first:
        client.get("/cockpit/list/")
    for year in (2023, 2024):
        for _ in range(30):
            make_entry(year=year, goal="completed")
    with django_assert_num_queries(len(first)):
        client.get("/cockpit/list/")
