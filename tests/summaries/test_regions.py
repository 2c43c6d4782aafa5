"""The month by region: rolled up the tree, ranked, led down; documents and summaries of a region."""

from datetime import date
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.office_name import place_name
from accounts.roles import Role
from projects.models import Message
from summaries import builder, issuing, keeping, month_reading, workflow
from summaries.bulletin_document import issuer_of
from summaries.models import DocumentRun
from summaries.permissions import may_issue, visible_runs, visible_summaries
from summaries.ranking import RankBy, rank_regions
from tests.factories import make_region, make_user, signed_in
from tests.regions import City, make_city, make_province
from tests.rounds import approve, make_plan, moment, open_rounds, report_of

pytestmark = pytest.mark.django_db
AT = moment(date(2024, 4, 12))


@pytest.fixture
def city(settings) -> City:
    """Of January the west has half its plan, the east a tenth, the town nothing, the city itself all."""
    settings.WZ_TODAY = "2024-04-12"
    city = make_city()
    maker, checker = make_user(role=Role.MANAGER), make_user(role=Role.MANAGER)
    plans = [
        (make_plan(city.western, planned=1200, region=city.west, name="西桥"), 600),
        (make_plan(city.eastern, planned=1200, region=city.east, name="东桥"), 120),
        (make_plan(city.eastern, planned=1200, region=city.town, name="东山路"), 0),
        (make_plan(city.roads, planned=1200, region=city.city, name="环城路"), 1200),
    ]
    open_rounds(3)
    for plan, invested in plans:
        approve(report_of(plan, 1), maker, checker, invested=invested)
    keeping.rebuild(2024, at=AT)
    return city


def person(region, role=Role.MANAGER):
    return make_user(f"{role}{region.code if region else ''}", role, region=region)


def read(region=None):
    return month_reading.read(2024, 1, region)


def parts(region=None):
    return month_reading.parts(2024, 1, region)


def test_a_region_has_what_lies_at_or_below_it(city):
    assert read().total.now.entries == 4
    assert read(city.city).total.now.entries == 4
    assert read(city.east).total.now.entries == 2
    assert read(city.town).total.now.entries == 1
    assert read(city.west).total.now.invested_ytd == Decimal(600)


def test_the_regions_next_below_are_ranked_and_what_is_in_none_comes_last(city):
    ranked = rank_regions(
        parts(), by=RankBy.COMPLETION, due_on=date(2024, 2, 5), on=date(2024, 4, 12)
    )
    assert [(each.place, each.name, each.progress.now.entries) for each in ranked] == [
        (1, "江西区", 1),
        (2, "江东区", 2),
        (None, "不属于以上区划", 1),
    ]
    assert ranked[1].progress.now.completion.percent == 5
    assert [part.name for part in parts(city.east)] == ["东山镇", ""]
    assert parts(city.west) == []


def test_the_months_of_the_parts_are_those_of_the_whole():
    """A province, its cities, their districts: each level adds up to the one above."""
    province, first, second = make_province()
    for place in (first.east, first.town, second.west, second.city, province):
        make_plan(None, planned=1000, region=place)
    open_rounds(2)
    keeping.rebuild(2024, at=AT)
    assert [part.name for part in parts()] == ["江城市", "江城市", ""]
    for region in (None, province, first.city, second.city, first.east):
        whole, below = read(region).total.now, parts(region)
        assert sum(part.progress.now.entries for part in below) == whole.entries
        assert sum(part.progress.now.planned for part in below) == whole.planned


def test_one_district_has_no_regions_to_compare():
    make_region("500101", parent=make_region("500000", level="province"))
    make_plan(None, region=make_region("500101"))
    open_rounds(2)
    keeping.rebuild(2024, at=AT)
    assert parts() == []


def test_the_cockpit_leads_from_the_city_down_to_the_list(city):
    client = signed_in(person(city.city, Role.LEADER))
    page = client.get("/?year=2024&month=1").content.decode()
    assert "?year=2024&amp;month=1&amp;region=510104" in page
    assert "/plans/?year=2024&amp;month=1&amp;region=510105" in page
    below = client.get("/?year=2024&month=1&region=510104")
    month = below.context["page"]
    assert month.reading.total.now.entries == 2
    assert [line.name for line in month.regions] == ["东山镇", "不属于以上区划"]
    card = month.cards[0]
    assert "region=510104" in card.url
    rows = client.get(card.url).content.decode()
    assert "东桥" in rows
    assert "东山路" in rows
    assert "西桥" not in rows


def test_ones_own_region_is_all_that_one_sees_and_stands_in_the_way_once(city):
    above = {}
    for region in (None, city.city, city.east):
        client = signed_in(person(region, Role.LEADER))
        month = client.get(f"/?year=2024&month=1&region={city.town.code}").context["page"]
        above[region] = month.places
        if region is not None:
            own = client.get(f"/?year=2024&month=1&region={region.code}").context["page"]
            assert (own.place, own.places) == (None, [])
    assert above == {None: [city.city, city.east], city.city: [city.east], city.east: []}


def test_every_figure_of_a_region_is_the_lists(city):
    client = signed_in(person(city.city, Role.LEADER))
    month = client.get("/?year=2024&month=1&region=510104").context["page"]
    cells = [cell for line in (*month.ranking, *month.regions) for cell in line.cells if cell.url]
    for figure in [*month.cards, *cells]:
        if "/plans/" in figure.url:
            assert client.get(figure.url).context["totals"]["count"] == figure.count, figure


def test_a_district_sees_its_own_month_and_no_neighbours(city):
    client = signed_in(person(city.west, Role.LEADER))
    page = client.get("/?year=2024&month=1")
    assert page.context["page"].reading.total.now.entries == 1
    assert page.context["page"].regions == []
    assert client.get("/?year=2024&month=1&region=510104").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/wall/?region=510104").status_code == HTTPStatus.NOT_FOUND
    assert "东" not in client.get("/wall/").content.decode()


def test_the_page_costs_the_same_with_two_regions_and_with_twenty(city):
    client = signed_in(person(city.city, Role.LEADER))
    client.get("/?year=2024&month=1")
    with CaptureQueriesContext(connection) as few:
        client.get("/?year=2024&month=1")
    for number in range(20):
        make_region(f"5101{number + 20}", name=f"区{number}", level="district", parent=city.city)
    keeping.rebuild(2024, at=AT)
    client.get("/?year=2024&month=1")
    with CaptureQueriesContext(connection) as many:
        client.get("/?year=2024&month=1")
    assert len(many) == len(few)


def build(kind, by, region):
    parameters = {"year": 2024, "month": 1}
    run = workflow.ask(kind=kind, parameters=parameters, region=region, by=by, now=AT)
    builder.build(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.log
    return run


SUMMARY = DocumentRun.Kind.PROGRESS_SUMMARY


def test_a_city_issues_its_districts_summaries_and_numbers_them_apart(city):
    keeper = person(city.city)
    issues = []
    for region in (city.city, city.east):
        summary = build(SUMMARY, keeper, region).summary
        assert summary.region == region
        issues.append(issuing.issue(summary.pk, by=keeper, at=AT))
    assert [issue.number for issue in issues] == [1, 1]
    assert [issue.summary.figures["groups"][0]["now"]["entries"] for issue in issues] == [4, 2]
    assert len({entry["name"] for entry in issues[1].summary.figures["entries"]}) == 2
    assert issuing.altered() == []
    again = issues[1]
    again.pk, again.summary = None, build(SUMMARY, keeper, city.east).summary
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_a_district_reads_its_own_and_what_is_issued_above_it(city):
    keeper = person(city.city)
    of_city, of_east, of_west = (
        build(SUMMARY, keeper, region).summary for region in (city.city, city.east, city.west)
    )
    draft = build(SUMMARY, keeper, city.city).summary
    for each in (draft, of_east):
        issuing.issue(each.pk, by=keeper, at=AT)
    reader, officer = person(city.east, Role.LEADER), make_user(department=city.eastern)
    assert set(visible_summaries(reader)) == {draft, of_east}
    assert set(visible_summaries(officer)) == {draft, of_east}
    assert set(visible_summaries(person(city.west))) == {draft, of_west}
    assert set(visible_summaries(person(None))) == {of_city, of_east, of_west, draft}
    assert not may_issue(person(city.east), draft)
    assert may_issue(make_user(role=Role.MANAGER, region=city.east), of_east)


def test_an_issue_is_told_to_those_who_work_in_its_region(city):
    keeper = person(city.city)
    told = {make_user(department=city.eastern), person(city.east), person(city.town, Role.LEADER)}
    person(city.west)
    make_user(department=city.western)
    issuing.issue(build(SUMMARY, keeper, city.east).summary.pk, by=keeper, at=AT)
    found = Message.objects.filter(kind="summary_issue", channel="inbox")
    assert {message.recipient for message in found} == told


def test_a_bulletin_is_the_regions_and_says_so(city):
    keeper = person(city.city)
    run = build(DocumentRun.Kind.MONTHLY_BULLETIN, keeper, city.east)
    assert run.parameters["region"] == "510104"
    assert {file.name for file in run.files.all()} == {
        f"江东区2024年1月重点项目推进情况通报.{ending}" for ending in ("docx", "pdf", "xlsx")
    }
    assert issuer_of(city.east) == "江东区发展和改革委员会"
    whole = build(DocumentRun.Kind.MONTHLY_BULLETIN, person(None), None)
    assert whole.digest != run.digest
    assert set(visible_runs(person(city.east))) == {run}
    assert set(visible_runs(person(city.west))) == set()
    own = build(
        DocumentRun.Kind.MONTHLY_BULLETIN, make_user(role=Role.MANAGER, region=city.east), city.east
    )
    assert own.digest == run.digest


def test_the_forms_offer_the_regions_within_ones_bounds(city):
    offered = {}
    for where in (city.city, city.east, None):
        page = signed_in(person(where)).get("/documents/?kind=monthly_bulletin")
        field = page.context["form"].fields.get("region")
        offered[where] = [region.name for region in field.queryset] if field else None
    assert offered == {
        city.city: ["江东区", "江西区"],
        city.east: None,
        None: ["江城市", "江东区", "江西区"],
    }
    client = signed_in(make_user(role=Role.MANAGER, region=city.city))
    asked = {"kind": "monthly_bulletin", "year": 2024, "month": 1, "region": "510104"}
    client.post("/documents/build/", asked)
    assert DocumentRun.objects.get().region == city.east
    client.post("/summaries/build-month/", {"period": "2024-01", "region": "510105"})
    assert DocumentRun.objects.latest("pk").region == city.west


def test_what_names_no_region_is_built_of_everything_alone(city):
    client = signed_in(person(city.city))
    for kind in ("annual_report", "indicator_table"):
        asked = {"kind": kind, "year": 2024}
        assert client.post("/documents/build/", asked).status_code == HTTPStatus.FORBIDDEN


def test_the_frame_names_the_place_of_the_readers_office(city):
    assert place_name(person(city.east)) == "江城市江东区"
    assert place_name(make_user(department=city.western)) == "江城市江西区"
    assert place_name(person(None)) == place_name(None) == "江城市"
    assert (
        "江城市江东区" in signed_in(person(city.east, Role.LEADER)).get("/inbox/").content.decode()
    )


def test_the_frame_of_one_district_names_it_with_those_above():
    make_region("500101", parent=make_region("500000", name="重庆市", level="province"))
    assert place_name(None) == "重庆市万州区"
