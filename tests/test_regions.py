"""A region's people find nothing of their neighbour's: on no page, in no list of the API, by no write."""

import re
from datetime import date
from http import HTTPStatus

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from accounts.roles import Role
from accounts.scopes import Scope
from exchange.models import ImportRun
from projects import clearing
from projects.models import Message, Project, ReopenGrant, ReportAction, SavedView
from projects.permissions import visible_entries, visible_projects
from projects.workflow import WorkflowError
from summaries import keeping
from tests.exchange.bringing import check, faults, written
from tests.factories import make_user, signed_in
from tests.programs import Program, make_token, program
from tests.regions import City, Held, make_city, make_district_data
from tests.rounds import make_plan, moment, period_of, step

pytestmark = pytest.mark.django_db
NAME = "东区独有的桥"
# What is the whole installation's, or everybody's, or nobody's: these are not walked.
ELSEWHERE = re.compile(
    r"^(admin/|accounts/|language/|static|media|health|ready|metrics|open-data/|api-reference"
    r"|api/v1/(schema/|$)|.*\.well-known|favicon|robots)"
)


@pytest.fixture
def city(settings) -> City:
    settings.WZ_TODAY = "2024-03-03"
    return make_city()


@pytest.fixture
def held(city) -> Held:
    """What belongs to the eastern district, of every kind."""
    found = make_district_data(city.eastern, name=NAME)
    keeper = make_user("eastern", Role.MANAGER, region=city.east)
    ReopenGrant.objects.create(
        period=period_of(1),
        department=city.eastern,
        reason=NAME,
        by=keeper,
        until="2024-03-31",
        at=moment(period_of(1).due_on),
    )
    SavedView.objects.create(user=keeper, page="plan-list", name=NAME, query="")
    Message.objects.create(
        recipient=keeper,
        channel="inbox",
        kind="round_dates",
        key="1",
        params={"period": NAME},
        created_at=moment(period_of(1).due_on),
        sent_at=moment(period_of(1).due_on),
    )
    ImportRun.objects.create(kind="projects", name=NAME, by=keeper, language="en")
    keeping.rebuild(2024, at=moment(period_of(1).due_on))
    return found


def person(city, role="manager", where="west"):
    region = getattr(city, where) if where else None
    return make_user(f"{role}-{where}", role, region=region)


def arguments(held: Held) -> dict[str, dict[str, object]]:
    """What stands in an address, by the beginning of the pattern that it belongs to."""
    project, report = held.plan.project, held.report
    return {
        "plans/entries/<int:pk>": {"pk": held.plan.pk},
        "plans/<int:pk>": {"pk": held.plan.pk},
        "projects/<str:code>": {"code": project.code},
        "reports/<int:pk>": {"pk": report.pk, "action": "approve"},
        "photos/<int:pk>": {"pk": held.photo.pk},
        "obstacles/<int:pk>": {"pk": held.obstacle.pk, "action": "clear"},
        "as-of/<str:code>": {"code": project.code},
        "questions/<int:pk>": {"pk": held.question.pk},
        "documents/files/<int:pk>": {"pk": held.file.pk},
        "documents/<int:pk>": {"pk": held.document.pk},
        "summaries/<int:pk>": {"pk": held.draft.pk},
        "imports/<int:pk>": {
            "pk": ImportRun.objects.get(name=NAME).pk,
            "task": "write",
            "role": "source",
        },
        "views/<int:pk>": {"pk": SavedView.objects.get(name=NAME).pk},
        "inbox/<int:pk>": {"pk": Message.objects.get(params__period=NAME).pk},
    }


# Of these an address names what all regions have; whose rows stand there is asked for like a list.
SHARED = {
    "year": 2024,
    "month": 1,
    "name": "projects",
    "code": "none",
    "key": "none",
    "pk": 1,
    "row": 1,
    "decision": "accept",
}


@pytest.mark.parametrize("address", ["/plans/?year=2024", "/projects/", "/review/", "/obstacles/"])
def test_a_filter_offers_each_reader_their_own_departments_whoever_read_it_before(city, address):
    for where, is_offered in ((None, True), ("west", False), ("east", True), ("west", False)):
        reader = User.objects.filter(username=f"manager-{where}").first()
        page = signed_in(reader or person(city, where=where)).get(address).content.decode()
        assert (city.eastern.name in page) is is_offered, where


def routes(patterns=None, before=""):
    """Every route of the site, spelt as it is declared."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and not ELSEWHERE.match(route.lstrip("^")):
            yield route


def filled(route: str, values: dict[str, object]) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match[1]]), route)


def addresses(held: Held) -> tuple[list[str], list[str]]:
    """Addresses of the eastern district's own rows, and those of pages and lists that all share."""
    own, shared = [], []
    for route in routes():
        if "(" in route or route == "":
            continue
        known = [
            values
            for start, values in arguments(held).items()
            if route.removeprefix("api/v1/").startswith(start)
        ]
        (own if known else shared).append(filled(route, {**SHARED, **(known[0] if known else {})}))
    return own, [*shared, "/"]


def answers(client, address: str) -> list:
    """To a look at it and to a write."""
    return [read(client.get(address)), read(client.post(address, {}, **client.body))]


def read(response):
    """An answer that was read to its end, which closes the file."""
    parts = response.streaming_content if response.streaming else [response.content]
    response.content_ = b"".join(parts)
    return response


def client_of(user, address: str):
    if address.startswith("/api/"):
        token, secret = make_token(user, Scope.READ)
        token.scopes = list(Scope)
        token.save()
        client = Program(secret)
        client.body = {"content_type": "application/json"}
    else:
        client = signed_in(user)
        client.body = {}
    return client


HIDDEN = {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}


def test_a_neighbours_rows_are_found_nowhere(city, held):
    """By its administrator, whose role may do all that any role may."""
    stranger = person(city, Role.ADMIN)
    own, shared = addresses(held)
    clients = {start: client_of(stranger, start) for start in ("/api/", "/")}
    assert len(own) > 40
    assert len(shared) > 60
    for address in own:
        client = clients["/api/" if address.startswith("/api/") else "/"]
        for response in answers(client, address):
            assert response.status_code in HIDDEN, address
            assert NAME.encode() not in response.content_, address
    for address in shared:
        client = clients["/api/" if address.startswith("/api/") else "/"]
        for response in answers(client, address):
            assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, address
            for word in (NAME, held.plan.project.code, "江东区", held.person.name):
                assert word.encode() not in response.content_, (address, word)


def test_the_district_itself_and_its_city_find_them(city, held):
    """Else the walk above would prove nothing."""
    own, shared = addresses(held)
    for user in (make_user("own", Role.ADMIN, region=city.east), person(city, "admin", "city")):
        client = client_of(user, "/")
        pages = [address for address in shared if not address.startswith("/api/")]
        lists = [page for page in pages if NAME.encode() in read(client.get(page)).content_]
        assert {"/plans/", "/projects/", "/obstacles/", "/questions/", "/as-of/"} <= set(lists)
        rows = [address for address in own if not address.startswith("/api/")]
        seen = [row for row in rows if read(client.get(row)).status_code == HTTPStatus.OK]
        assert len(seen) > 10


def test_the_administration_of_a_region_is_of_its_people_and_departments(city, held):
    """And of nobody whose bounds are wider, so that no password of theirs can be set there."""
    everywhere = make_user("everywhere", Role.MANAGER)
    own = make_user("own", department=city.western)
    client = signed_in(person(city, "admin"))
    people = client.get("/admin/accounts/user/").content.decode()
    assert own.username in people
    assert held.person.username not in people
    assert everywhere.username not in people
    departments = client.get("/admin/accounts/department/").content.decode()
    assert city.western.name in departments
    assert city.eastern.name not in departments
    for page in (
        f"/admin/accounts/user/{everywhere.pk}/change/",
        f"/admin/accounts/user/{everywhere.pk}/temporary-password/",
        f"/admin/accounts/department/{city.eastern.pk}/change/",
    ):
        assert client.get(page).status_code != HTTPStatus.OK, page
    for page in ("accounts/region", "accounts/apitoken", "projects/project", "exchange/importrun"):
        assert client.get(f"/admin/{page}/").status_code == HTTPStatus.FORBIDDEN, page
    assert client.get("/admin/fixtures/").status_code == HTTPStatus.FORBIDDEN
    dissolve = f"/admin/departments/{city.western.pk}/dissolve/"
    assert client.get(dissolve).status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("given", ["", "east", "city"])
def test_an_administrator_of_a_region_gives_away_no_more_than_it(city, given):
    client = signed_in(person(city, "admin"))
    region = getattr(city, given).pk if given else ""
    typed = {"username": "new", "name": "新人", "role": "manager", "region": region}
    assert client.post("/admin/accounts/user/add/", typed).context["errors"]
    typed["region"] = city.west.pk
    client.post("/admin/accounts/user/add/", typed)
    assert User.objects.get(username="new").region == city.west


def test_a_workbook_writes_only_within_the_region(city, held):
    keeper = person(city)
    head = ["Project code", "Project", "Category", "Region"]
    row = ["510105-0009", "西区的路", "城乡建设及基础设施", "江东区"]
    assert faults(check(keeper, "projects", head, row))
    taken = [held.plan.project.code, "改名", "城乡建设及基础设施", "江西区"]
    assert faults(check(keeper, "projects", head, taken))
    assert faults(check(keeper, "projects", head, [*row[:3], ""]))
    written(keeper, "projects", head, [*row[:3], "江西区"])
    assert Project.objects.get(code=row[0]).region == city.west


def test_a_new_project_that_names_no_place_is_where_its_department_is(city, admin):
    head = ["Project code", "Project", "Category", "Responsible department"]
    row = ["510105-0009", "西区的路", "城乡建设及基础设施", city.western.name]
    written(admin, "projects", head, row)
    assert Project.objects.get(code=row[0]).region == city.west


def test_the_steps_of_a_report_are_refused_even_where_a_view_forgot_to_ask(city, held):
    with pytest.raises(WorkflowError):
        step(held.report, ReportAction.APPROVE, person(city))
    with pytest.raises(clearing.ClearingError):
        clearing.act(
            held.obstacle.pk,
            "clear",
            version=held.obstacle.version,
            note="已清障",
            by=person(city, "admin"),
            on=held.obstacle.raised_on,
            at=moment(held.obstacle.raised_on),
        )


def test_an_officer_asks_departments_of_the_region_and_above_and_no_neighbours(city):
    officer = make_user("officer", Role.STAFF, department=city.western)
    plan, on = make_plan(city.western, region=city.west), date(2024, 3, 1)
    page = signed_in(officer).get(f"/projects/{plan.project.code}/obstacles/new/")
    offered = page.context["form"].fields["responsible"].queryset
    assert set(offered) == {city.western, city.roads}

    what = {"kind": "land", "text": "两户未签约", "due_on": on, "by": officer, "on": on}
    with pytest.raises(clearing.InvalidStepError) as raised:
        clearing.raise_obstacle(plan.project, responsible=city.eastern, at=moment(on), **what)
    assert set(raised.value.errors) == {"responsible"}
    clearing.raise_obstacle(plan.project, responsible=city.roads, at=moment(on), **what)


def test_an_officers_lists_offer_the_same_departments_and_a_neighbours_officer_others(city):
    """One after the other: what is kept of the one's form is not shown to the other."""
    for own, neighbour in ((city.western, city.eastern), (city.eastern, city.western)):
        officer = signed_in(make_user(role=Role.STAFF, department=own))
        for address in ("/plans/", "/projects/", "/obstacles/"):
            html = officer.get(address).content.decode()
            offered = html.partition('name="department"')[2].partition("</select>")[0]
            assert f'value="{own.code}"' in offered, address
            assert f'value="{city.roads.code}"' in offered, address
            assert neighbour.code not in offered, address


def test_the_api_offers_and_takes_an_officers_departments_as_the_page_does(city):
    officer = make_user("officer", Role.STAFF, department=city.western)
    plan = make_plan(city.western, region=city.west)
    sender = program(officer, Scope.READ, Scope.OBSTACLES)
    listed = sender.read("departments/")["results"]
    assert {row["code"] for row in listed} == {city.western.code, city.roads.code}

    answers = {}
    for asked in (city.eastern, city.roads):
        what = {"kind": "land", "text": asked.name, "due_on": "2024-03-31"}
        address = f"projects/{plan.project.code}/obstacles/"
        sent = sender.send("post", address, {**what, "responsible": asked.code})
        answers[asked] = sent.status_code
    assert answers == {
        city.eastern: HTTPStatus.UNPROCESSABLE_ENTITY,
        city.roads: HTTPStatus.CREATED,
    }


def test_a_city_department_answers_for_a_districts_project(city):
    """Its own people see it, so does the district; the neighbour does not."""
    plan = make_plan(city.roads, region=city.town)
    for user, sees in (
        (make_user(department=city.roads), True),
        (person(city, "leader", "town"), True),
        (person(city, "leader", "east"), True),
        (person(city, "leader", "city"), True),
        (person(city, "leader", None), True),
        (person(city, "leader", "west"), False),
    ):
        assert visible_projects(user).filter(pk=plan.project_id).exists() is sees, user


def test_only_the_region_and_those_above_it_hear_of_an_obstacle_that_climbs(city):
    plan = make_plan(city.eastern, region=city.east)
    told = [person(city, "leader", where) for where in ("east", "city", None)]
    person(city, "leader", "west")
    on = date(2024, 3, 1)
    obstacle = clearing.raise_obstacle(
        plan.project,
        kind="land",
        text="两户未签约",
        responsible=city.eastern,
        due_on=on,
        by=person(city, "manager", "east"),
        on=on,
        at=moment(on),
    )
    clearing.escalate_due(on=date(2024, 4, 1), at=moment(on))
    obstacle.refresh_from_db()
    leaders = Message.objects.filter(channel="inbox", recipient__role="leader")
    assert {message.recipient for message in leaders} == set(told)


def test_a_round_is_set_for_all_regions_and_reopened_for_ones_own(city, held):
    client = signed_in(person(city))
    page = "/rounds/2024/1/"
    assert client.post(f"{page}lock/").status_code == HTTPStatus.FORBIDDEN
    assert client.post(f"{page}dates/").status_code == HTTPStatus.FORBIDDEN
    client.post(f"{page}remind/", {"department": [city.eastern.pk], "all": "1"})
    assert not Message.objects.filter(kind="round_reminder").exists()
    typed = {"department": city.eastern.pk, "until": "2024-03-31", "reason": "补报"}
    client.post(f"{page}reopen/", typed)
    assert not ReopenGrant.objects.filter(department=city.eastern, reason="补报").exists()


def test_somebody_without_a_region_pays_no_query_for_regions(city, held, manager):
    with CaptureQueriesContext(connection) as captured:
        list(visible_entries(User.objects.get(pk=manager.pk)).values("pk"))
    assert len(captured) == 2
    assert "accounts_region" not in captured[1]["sql"]


def test_a_reporting_officer_has_no_region_of_their_own(city):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(department=city.western, region=city.west)
