"""How many queries each list makes, in one table: it is changed with reason, or a page has become dearer by accident.

That a page asks as much for thirty rows as for one is tested beside each page.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.factories import signed_in
from tests.rounds import make_plan, open_rounds

pytestmark = pytest.mark.any_database

QUERIES = {
    "/plans/": 6,
    "/plans/?year=2024&category=industry&sort=name": 6,
    "/plans/?year=2024&month=3": 7,
    "/plans/?q=项目": 7,
    "/projects/": 7,
    "/projects/?q=项目": 7,
    "/plans/2024/adopt/": 4,
    "/cockpit/list/?year=2024": 18,
    "/review/": 8,  # of a list that is short: its number, then its sums; with and without a department
    "/rounds/": 5,
    "/obstacles/": 4,
    "/questions/": 4,
    "/statements/": 6,
    "/sources/": 3,
    "/lights/": 4,
    "/webhooks/": 3,
    "/inbox/": 3,
    "/summaries/": 14,
    "/documents/": 3,
    "/documents/texts/": 22,
    "/readings/": 3,
    "/imports/": 3,
    "/open-data/lists/": 6,
    "/month/": 8,
}


def test_a_list_makes_no_more_queries_than_it_did(admin: User, reporter: User):
    make_plan()
    open_rounds(3)
    client = signed_in(admin)
    grid = signed_in(reporter)
    found = {
        address: queries(grid if address == "/month/" else client, address) for address in QUERIES
    }
    assert found == QUERIES


def queries(client, address):
    """What the page asks once it has been opened before: languages, kinds of rows and options are known."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)
