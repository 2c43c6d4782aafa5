"""Light rules as data, who changes colour under a new one, and a manager's own judgement."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects import back_test, colouring
from projects.models import LatestFigures, LightRule, ReportLight
from tests.factories import signed_in
from tests.rounds import approve, make_plan, moment, open_rounds, report_of

pytestmark = pytest.mark.any_database

STRICT = {
    "version": "2",
    "measure": "rate",
    "yellow_gap": "10",
    "red_gap": "30",
    "yellow_rate": "95",
    "red_rate": "85",
    "red_start_months": "3",
    "suspended": "red",
    "long_red_days": "90",
    "basis": "某市办法",
}
DAY = date(2024, 4, 9)


@pytest.fixture(autouse=True)
def _in_april(settings):
    settings.WZ_TODAY = DAY.isoformat()


@pytest.fixture
def entry(reporter, manager):
    """January on schedule, February and March at eighty percent of it."""
    made = make_plan(reporter.department)
    open_rounds(3)
    for month, invested in ((1, 100), (2, 160), (3, 240)):
        approve(report_of(made, month), reporter, manager, invested=invested)
    return made


def draft(**fields):
    return LightRule.objects.create(
        version="2", measure="rate", yellow_rate=95, red_rate=85, **fields
    )


def test_the_office_starts_with_the_published_gap_rule(entry):
    rule = LightRule.objects.get()
    assert (rule.version, rule.measure) == ("1", "gap")
    assert (rule.yellow_gap, rule.red_gap, rule.red_start_months) == (10, 30, 3)
    assert rule.adopted_at is not None


def test_a_new_version_first_shows_who_changes_colour(entry, admin):
    rule = draft()
    tested = back_test.back_test(rule, since=date(2024, 1, 1))
    assert tested.months == 3
    assert [(c.report.period.month, c.before, c.after) for c in tested.changes] == [
        (2, "green", "red"),
        (3, "green", "red"),
    ]
    assert tested.matrix == [("green", "red", 2)]
    html = signed_in(admin).get(f"/lights/{rule.pk}/").content.decode()
    assert html.count(f">{entry.project.name}<") == 2
    assert ReportLight.objects.filter(shown="red").count() == 0


def test_adoption_judges_the_months_from_its_month_on_and_no_earlier_one(entry, admin):
    rule = draft()
    response = signed_in(admin).post(f"/lights/{rule.pk}/adopt/", {"applies_from": "2024-03"})
    assert response.status_code == 302
    lights = dict(ReportLight.objects.values_list("report__period__month", "shown"))
    assert lights == {1: "green", 2: "green", 3: "red"}
    assert ReportLight.objects.get(report__period__month=3).rule == rule
    latest = LatestFigures.objects.get(entry=entry)
    assert (latest.light, latest.streak, latest.red_since) == ("red", 1, date(2024, 3, 31))


def test_an_adopted_version_is_not_changed_nor_adopted_again(entry, admin):
    rule = draft()
    client = signed_in(admin)
    client.post(f"/lights/{rule.pk}/adopt/", {"applies_from": "2024-03"})
    assert client.post(f"/lights/{rule.pk}/", STRICT).status_code == 403
    response = client.post(f"/lights/{rule.pk}/adopt/", {"applies_from": "2024-02"})
    assert response.status_code == 422
    other = LightRule.objects.create(version="3")
    response = client.post(f"/lights/{other.pk}/adopt/", {"applies_from": "2024-03"})
    assert response.context["adopting"].errors.keys() == {"applies_from"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("red_gap", "5"), ("red_rate", "99"), ("yellow_gap", "-1"), ("version", "1")],
)
def test_thresholds_that_cannot_be_are_refused_by_their_field(entry, admin, field, value):
    response = signed_in(admin).post("/lights/new/", {**STRICT, field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert LightRule.objects.count() == 1


def test_administrators_write_rules_reviewers_read_them_others_do_not(
    entry, admin, manager, leader, reporter
):
    rule = draft()
    assert signed_in(admin).get("/lights/new/").status_code == 200
    assert signed_in(manager).get(f"/lights/{rule.pk}/").status_code == 200
    for person in (manager, leader, reporter):
        client = signed_in(person)
        assert client.post("/lights/new/", {**STRICT, "version": "9"}).status_code == 403
        assert client.post(f"/lights/{rule.pk}/adopt/", {}).status_code == 403
    for person in (leader, reporter):
        assert signed_in(person).get("/lights/").status_code == 403
    assert signed_in(admin).get(f"/lights/{rule.pk}/adopt/").status_code == 405


def judge(client, report, light="red", reason="现场停工"):
    report.refresh_from_db()
    typed = {"version": report.version, "light": light, "reason": reason}
    return client.post(f"/reports/{report.pk}/judge/", typed)


def test_a_judgement_stands_beside_the_computed_light_and_survives_recolouring(entry, manager):
    report = report_of(entry, 3)
    client = signed_in(manager)
    assert judge(client, report).status_code == 302
    colouring.recolour(type(report).objects.filter(pk=report.pk), at=moment(date(2024, 4, 2)))
    light = ReportLight.objects.get(report=report)
    assert (light.computed, light.judged, light.shown) == ("green", "red", "red")
    assert (light.judged_reason, light.judged_by) == ("现场停工", manager)
    assert LatestFigures.objects.get(entry=entry).light == "red"
    event = report.events.get(action="judge")
    assert (event.before["judged"], event.after["judged"]) == ("", "red")
    assert "现场停工" in client.get(f"/reports/{report.pk}/").content.decode()


def test_a_judgement_is_taken_back_and_needs_its_reason(entry, manager):
    report = report_of(entry, 3)
    client = signed_in(manager)
    assert judge(client, report, reason=" ").status_code == 422
    judge(client, report)
    assert judge(client, report, light="", reason="已复工").status_code == 302
    light = ReportLight.objects.get(report=report)
    assert (light.judged, light.shown) == ("", "green")


def test_a_stale_judgement_says_what_happened(entry, manager, reporter):
    report = report_of(entry, 3)
    version = report.version
    client = signed_in(manager)
    judge(client, report)
    typed = {"version": version, "light": "yellow", "reason": "我的理由"}
    response = client.post(f"/reports/{report.pk}/judge/", typed)
    assert response.status_code == 409
    assert "我的理由" in response.content.decode()
    assert ReportLight.objects.get(report=report).judged == "red"


def test_who_does_not_review_does_not_judge(entry, reporter, outsider, leader):
    address = f"/reports/{report_of(entry, 3).pk}/judge/"
    assert signed_in(reporter).get(address).status_code == 403
    assert signed_in(leader).get(address).status_code == 403
    assert signed_in(outsider).get(address).status_code == 404


def test_a_month_without_a_light_cannot_be_judged(entry, manager):
    assert signed_in(manager).get(f"/reports/{report_of(entry, 4).pk}/judge/").status_code == 404


def test_a_month_that_is_not_reported_does_not_end_a_red_streak(reporter, manager):
    made = make_plan(reporter.department, months=[Decimal(1200)] * 12)
    open_rounds(3)
    for month, invested in ((1, 100), (2, 150)):
        approve(report_of(made, month), reporter, manager, invested=invested)
    period = report_of(made, 3).period
    period.locked_at = moment(period.locks_on)
    period.save()
    colouring.recolour(made.reports.all(), at=moment(date(2024, 4, 2)))
    shown = made.reports.filter(light__isnull=False).order_by("period__month")
    assert [report.light.shown for report in shown] == ["red", "red", "grey"]
    assert LatestFigures.objects.get(entry=made).red_since == date(2024, 1, 31)


def test_figures_of_lists_are_those_of_the_last_approved_month(entry):
    latest = LatestFigures.objects.get(entry=entry)
    assert (latest.month, latest.invested_ytd, latest.planned_ytd) == (3, 240, 300)
    assert (latest.completion_rate, latest.on_schedule_rate) == (Decimal(20), Decimal(80))
    assert latest.gap == Decimal(-5)


def test_colouring_takes_as_many_queries_for_thirty_entries_as_for_one(reporter, manager):
    made = [make_plan(reporter.department)]
    open_rounds(1)
    approve(report_of(made[0], 1), reporter, manager)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            colouring.recolour(made[0].reports.model.objects.all(), at=moment(date(2024, 4, 2)))
        return len(captured)

    queries()
    one = queries()
    for _ in range(10):
        made.append(make_plan(reporter.department))
        approve(report_of(made[-1], 1), reporter, manager)
    assert queries() == one
