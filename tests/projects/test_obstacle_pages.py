"""The pages of obstacles: the list, raising one, an obstacle's own page, the panel of its project."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from office.clock import today
from projects import clearing
from projects.models import Obstacle, ObstacleAction, ObstacleState
from tests.factories import make_department, make_project, make_user, signed_in
from tests.rounds import make_plan, moment, open_rounds, report_of, save

pytestmark = pytest.mark.any_database

A = ObstacleAction
RAISED_ON = date(2024, 3, 1)


def raised(project: Any, by: Any, **fields: Any) -> Obstacle:
    given = {
        "kind": "land",
        "text": "红线内两户未签约",
        "responsible": make_department("500101-SLJ"),
        "due_on": today() + timedelta(days=10),
        "on": RAISED_ON,
        "at": moment(RAISED_ON),
        **fields,
    }
    return clearing.raise_obstacle(project, by=by, **given)


def take(obstacle: Obstacle, action: ObstacleAction, by: Any, **more: Any) -> None:
    obstacle.refresh_from_db()
    clearing.act(
        obstacle.pk,
        action,
        version=obstacle.version,
        by=by,
        on=today(),
        at=moment(today()),
        **{"note": "已核实", **more},
    )
    obstacle.refresh_from_db()


@pytest.fixture
def project(reporter):
    return make_project("成达万高铁", department=reporter.department)


@pytest.fixture
def obstacle(project, reporter, outsider):
    return raised(project, reporter)


def page_of(obstacle: Obstacle) -> str:
    return f"/obstacles/{obstacle.pk}/"


# The list


def listed(client: Any, query: str = "") -> list[str]:
    answer = client.get(f"/obstacles/{query}")
    assert answer.status_code == 200
    return [row.obstacle.text for row in answer.context["rows"]]


@pytest.fixture
def several(project, reporter, manager):
    """Four obstacles of two projects: one of them overdue, one replied to, one cleared."""
    other = make_project("新田港二期", department=make_department("500101-LYJ"))
    late = raised(project, reporter, text="逾期未办", due_on=RAISED_ON)
    replied = raised(other, manager, text="林地待批", kind="forest")
    cleared = raised(project, reporter, text="已经办结", kind="funds")
    moved = raised(project, reporter, text="管线迁改", responsible=make_department("500101-LYJ"))
    take(replied, A.REPLY, manager)
    take(cleared, A.CLEAR, manager)
    take(moved, A.ESCALATE, manager)
    return late, replied, cleared, moved


def test_without_a_query_the_list_shows_what_is_not_cleared_by_its_day(several, manager):
    client = signed_in(manager)
    assert listed(client) == ["逾期未办", "林地待批", "管线迁改"]
    assert listed(client, "?all=1") == ["逾期未办", "林地待批", "管线迁改", "已经办结"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=cleared", ["已经办结"]),
        ("state=replied", ["林地待批"]),
        ("state=uncleared&kind=land", ["逾期未办", "管线迁改"]),
        ("level=2", ["管线迁改"]),
        ("kind=forest", ["林地待批"]),
        ("department=500101-LYJ", ["管线迁改"]),
        ("overdue=yes", ["逾期未办"]),
        ("q=xintian", ["林地待批"]),
        ("q=迁改", ["管线迁改"]),
        ("q=高铁&state=open", ["逾期未办", "管线迁改"]),
    ],
)
def test_a_filter_finds_what_its_words_mean(several, manager, query, expected):
    assert listed(signed_in(manager), f"?{query}") == expected


def test_a_filter_that_makes_no_sense_finds_nothing_and_says_so(several, manager):
    answer = signed_in(manager).get("/obstacles/?level=9&state=nonsense")
    assert answer.status_code == 400
    assert answer.context["rows"] == []
    assert set(answer.context["filter"].form.errors) == {"level", "state"}


def test_the_totals_are_those_of_what_is_filtered(several, manager):
    client = signed_in(manager)
    totals = client.get("/obstacles/?all=1").context["totals"]
    assert totals == {"uncleared": 3, "overdue": 1, "district": 1, "city": 0}
    assert client.get("/obstacles/?kind=forest").context["totals"]["uncleared"] == 1


def test_what_is_overdue_says_by_how_many_days(several, manager):
    late = several[0]
    days = (today() - late.due_on).days
    with translation.override("en"):
        client = signed_in(manager)
        client.cookies["django_language"] = "en"
        page = client.get("/obstacles/?overdue=yes").content.decode()
    assert f"overdue by {days} days" in page
    assert "row-flag" in page


def test_each_sees_their_own_and_what_they_have_to_clear(several, reporter, outsider, leader):
    assert set(listed(signed_in(reporter), "?all=1")) == {"逾期未办", "已经办结", "管线迁改"}
    assert set(listed(signed_in(outsider), "?all=1")) == {"逾期未办", "林地待批", "已经办结"}
    assert len(listed(signed_in(leader), "?all=1")) == 4
    assert listed(signed_in(make_user(department=make_department("500101-WJW"))), "?all=1") == []


def test_a_project_that_the_reader_does_not_see_is_named_without_a_link(several, outsider):
    page = signed_in(outsider).get("/obstacles/").content.decode()
    assert "成达万高铁" in page
    assert several[0].project.get_absolute_url() not in page


def test_the_list_is_read_and_nothing_else(manager):
    assert signed_in(manager).post("/obstacles/").status_code == 405


def test_the_number_of_queries_does_not_grow_with_the_rows(project, reporter, manager):
    client = signed_in(manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/obstacles/")
        return len(captured)

    raised(project, reporter, text="第0处")
    queries()
    one = queries()
    for number in range(1, 31):
        unit = make_department(f"500101-U{number}")
        other = make_project(department=reporter.department)
        raised(other, reporter, text=f"第{number}处", responsible=unit)
    assert queries() == one


def test_pages_of_fifty_keep_the_filter(project, reporter, manager):
    for number in range(51):
        raised(project, reporter, text=f"第{number}处")
    client = signed_in(manager)
    assert len(listed(client, "?kind=land")) == 50
    assert len(listed(client, "?kind=land&page=2")) == 1
    assert "kind=land&amp;page=2" in client.get("/obstacles/?kind=land").content.decode()


# Raising


def form(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "clearance",
        "text": "三户未签征收协议",
        "level": "1",
        "responsible": "500101-SLJ",
        "due_on": (today() + timedelta(days=5)).isoformat(),
        **fields,
    }


def test_an_obstacle_is_raised_and_its_page_opens(project, reporter, outsider):
    client = signed_in(reporter)
    address = f"/projects/{project.code}/obstacles/new/"
    answer = client.post(address, form(), follow=True)
    obstacle = Obstacle.objects.get()
    assert answer.redirect_chain[-1][0] == page_of(obstacle)
    assert (obstacle.text, obstacle.raised_by, obstacle.raised_on) == (
        "三户未签征收协议",
        reporter,
        today(),
    )
    assert obstacle.events.get().action == A.RAISE


def test_one_raised_from_a_report_begins_with_its_problems_and_leads_back(reporter, outsider):
    entry = make_plan(reporter.department)
    open_rounds(2)
    report = report_of(entry, 2)
    save(report, reporter, problems="两户未签约")
    client = signed_in(reporter)
    address = f"/projects/{entry.project.code}/obstacles/new/?report={report.pk}"
    page = client.get(address)
    assert page.context["form"]["text"].value() == "两户未签约"
    client.post(address, form())
    obstacle = Obstacle.objects.get()
    assert obstacle.report == report
    assert report.get_absolute_url() in client.get(page_of(obstacle)).content.decode()


@pytest.mark.parametrize("named", ["other", "999999", "x", "-1", ""])
def test_another_project_s_report_is_not_found(project, reporter, named):
    if named == "other":
        entry = make_plan(reporter.department)
        open_rounds(1)
        named = str(report_of(entry, 1).pk)
    address = f"/projects/{project.code}/obstacles/new/?report={named}"
    assert signed_in(reporter).get(address).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("due_on", "2020-01-01"),
        ("due_on", "soon"),
        ("text", "  "),
        ("text", "长" * 401),
        ("kind", ""),
        ("kind", "weather"),
        ("level", "4"),
        ("responsible", "500101-XXX"),
    ],
)
def test_what_is_wrong_stands_by_its_field_and_what_was_typed_is_kept(
    project, reporter, outsider, field, value
):
    address = f"/projects/{project.code}/obstacles/new/"
    answer = signed_in(reporter).post(address, form(**{field: value}))
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {field}
    kept = "kind" if field == "text" else "text"
    assert answer.context["form"][kept].value() == form()[kept]
    assert not Obstacle.objects.exists()


def test_a_dissolved_department_is_not_offered(project, reporter, outsider):
    make_department("500101-OLD", name="撤并局", dissolved_into=outsider.department)
    page = signed_in(reporter).get(f"/projects/{project.code}/obstacles/new/").content.decode()
    assert outsider.department.name in page
    assert "撤并局" not in page


# An obstacle's page


def test_who_sees_it(obstacle, reporter, outsider, leader, manager):
    for person in (reporter, outsider, leader, manager):
        assert signed_in(person).get(page_of(obstacle)).status_code == 200
    stranger = make_user(department=make_department("500101-LYJ"))
    assert signed_in(stranger).get(page_of(obstacle)).status_code == 404
    assert signed_in(manager).get("/obstacles/999999/").status_code == 404
    assert signed_in(manager).post(page_of(obstacle)).status_code == 405


def test_who_has_to_clear_it_sees_it_without_a_way_to_the_project(obstacle, reporter, outsider):
    address = obstacle.project.get_absolute_url()
    assert address not in signed_in(outsider).get(page_of(obstacle)).content.decode()
    assert signed_in(outsider).get(address).status_code == 404
    assert address in signed_in(reporter).get(page_of(obstacle)).content.decode()


def test_the_page_says_when_it_climbs_and_to_whom(obstacle, reporter):
    page = signed_in(reporter).get(page_of(obstacle)).content.decode()
    assert "2024-03-17" in page
    assert "climbs_on" not in page
    clearing.escalate_due(on=date(2024, 3, 17), at=moment(date(2024, 3, 17)))
    assert "2024-04-17" in signed_in(reporter).get(page_of(obstacle)).content.decode()


def test_allowed_steps_have_their_form_and_the_others_their_reason(obstacle, outsider):
    page = signed_in(outsider).get(page_of(obstacle))
    steps = {step.offer.action: step for step in page.context["steps"]}
    assert {action for action, step in steps.items() if step.form} == {A.REPLY}
    text = page.content.decode()
    assert f'action="/obstacles/{obstacle.pk}/reply/"' in text
    assert f"/obstacles/{obstacle.pk}/clear/" not in text
    assert 'aria-describedby="why-clear"' in text
    assert steps[A.CLEAR].offer.why.replace("'", "&#x27;") in text


def test_the_timeline_tells_before_and_after_in_words(obstacle, manager):
    take(obstacle, A.MOVE, manager, responsible=make_department("500101-LYJ", name="林业局"))
    clearing.escalate_due(on=date(2030, 1, 1), at=moment(date(2030, 1, 1)))
    page = signed_in(manager).get(page_of(obstacle))
    (_climb, climbed), (_move, moved), (_raise, first) = page.context["history"]
    labels = {new: old for _label, old, new in moved}
    assert labels["林业局"] == "单位500101-SLJ"
    assert len(climbed) == 2
    assert [old for _label, old, _new in first] == ["", "", ""]
    assert "<ins>林业局</ins>" in page.content.decode()


def test_a_step_is_taken_by_its_form(obstacle, outsider):
    sent = {"version": "1", "note": "本周签约"}
    answer = signed_in(outsider).post(f"{page_of(obstacle)}reply/", sent)
    assert answer.status_code == 302
    obstacle.refresh_from_db()
    assert (obstacle.state, obstacle.events.last().note) == (ObstacleState.REPLIED, "本周签约")


def test_a_missing_note_is_shown_by_its_field_in_the_form_unfolded(obstacle, reporter):
    answer = signed_in(reporter).post(f"{page_of(obstacle)}clear/", {"version": "1", "note": " "})
    assert answer.status_code == 200
    (step,) = [step for step in answer.context["steps"] if step.is_unfolded]
    assert (step.offer.action, set(step.form.errors)) == (A.CLEAR, {"note"})


def test_a_move_without_a_department_is_shown_by_its_field_and_keeps_the_note(obstacle, manager):
    for code in ("", "500101-SLJ"):
        sent = {"version": "1", "note": "不属我局", "responsible": code}
        answer = signed_in(manager).post(f"{page_of(obstacle)}move/", sent)
        (step,) = [step for step in answer.context["steps"] if step.is_unfolded]
        assert set(step.form.errors) == {"responsible"}
        assert "不属我局" in answer.content.decode()


def test_a_stale_form_comes_back_with_what_was_typed_and_who_was_faster(
    obstacle, reporter, outsider
):
    take(obstacle, A.REPLY, outsider)
    client = signed_in(reporter)
    answer = client.post(f"{page_of(obstacle)}clear/", {"version": "1", "note": "写了很久"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert outsider.name in text
    assert "写了很久" in text
    assert 'name="version" value="2"' in text
    obstacle.refresh_from_db()
    assert obstacle.state == ObstacleState.REPLIED


def test_what_was_typed_is_kept_even_where_the_step_is_no_longer_there(
    obstacle, reporter, outsider
):
    take(obstacle, A.CLEAR, reporter)
    answer = signed_in(outsider).post(
        f"{page_of(obstacle)}reply/", {"version": "1", "note": "写了很久"}
    )
    assert answer.status_code == 409
    assert "写了很久" in answer.content.decode()
    assert reporter.name in answer.content.decode()


def test_steps_are_posted_and_known(obstacle, manager, leader):
    client = signed_in(manager)
    assert client.get(f"{page_of(obstacle)}clear/").status_code == 405
    for action in ("raise", "delete", "x"):
        assert client.post(f"{page_of(obstacle)}{action}/", {"version": "1"}).status_code == 404
    for sent in ({"version": "1", "note": "好"}, {}):
        assert signed_in(leader).post(f"{page_of(obstacle)}clear/", sent).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_history(obstacle, outsider, manager):
    client = signed_in(manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(page_of(obstacle))
        return len(captured)

    queries()
    short = queries()
    for _ in range(12):
        take(obstacle, A.REPLY, make_user(department=make_department("500101-SLJ")))
    assert queries() == short


# The project's page


def test_the_project_page_lists_its_obstacles_and_offers_to_raise_one(obstacle, reporter, leader):
    page = signed_in(reporter).get(obstacle.project.get_absolute_url()).content.decode()
    assert page_of(obstacle) in page
    assert f"/projects/{obstacle.project.code}/obstacles/new/" in page
    page = signed_in(leader).get(obstacle.project.get_absolute_url()).content.decode()
    assert page_of(obstacle) in page
    assert "/obstacles/new/" not in page
