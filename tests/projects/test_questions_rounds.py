"""Data questions of the monthly rounds: raised at once, explained, taken back, opened again."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from projects import lifecycle, questions, schedule
from projects.models import DataQuestion, ReportAction, ReportingPeriod
from projects.planning import Adoption, adopt
from projects.questions.rounds import OWN_KINDS, find_own
from projects.schedule_curves import spread_evenly
from tests.factories import make_entry, make_project, signed_in
from tests.rounds import (
    DECISION,
    approve,
    make_plan,
    moment,
    open_rounds,
    report_of,
    save,
    step,
    submit,
)

OPEN, CLOSED, GONE = (
    DataQuestion.State.OPEN,
    DataQuestion.State.CLOSED,
    DataQuestion.State.GONE,
)
IN_ROUND = date(2024, 4, 5)
"""The day on which March falls due: January and February are overdue then."""
CURVE, NEW_YEAR = spread_evenly(Decimal(1200)), moment(date(2025, 1, 15))


@pytest.fixture
def entry(reporter):
    made = make_plan(reporter.department)
    open_rounds(4)
    return made


@pytest.fixture
def months(entry, reporter, manager):
    """January to March approved, on the due day of each."""
    for month in (1, 2, 3):
        approve(report_of(entry, month), reporter, manager, invested=100 * month)
    return entry


def asked(kind, **conditions):
    return {q.key.split("/")[1]: q for q in DataQuestion.objects.filter(kind=kind, **conditions)}


def states(kind):
    return {key: question.state for key, question in asked(kind).items()}


def correct(entry, month, manager, reporter, **filled):
    """Reopen a month, and have it approved with other figures, all on its due day."""
    report = report_of(entry, month)
    step(report, ReportAction.REOPEN, manager, note="更正")
    approve(report, reporter, manager, correction="上月误填", **filled)


# A falling figure


def test_a_month_approved_below_the_one_before_is_asked_about_at_once(months, reporter, manager):
    assert states("figure_falls") == {}
    correct(months, 3, manager, reporter, invested=150)
    (question,) = asked("figure_falls").values()
    assert (question.state, question.project, question.year) == (OPEN, months.project, 2024)
    assert question.params == {
        "name": months.project.name,
        "period": "2024-03",
        "now": "150",
        "last_period": "2024-02",
        "last": "200",
    }
    with translation.override("en"):
        assert "less than 200 for 2024-02" in questions.title(question)


def test_it_stands_on_the_project_page_at_once(months, reporter, manager):
    client = signed_in(reporter)
    before = client.get(months.project.get_absolute_url()).context["questions"]
    assert before == []
    correct(months, 3, manager, reporter, invested=150)
    page = client.get(months.project.get_absolute_url())
    (title,) = [title for _question, title in page.context["questions"]]
    assert title in page.content.decode()
    assert "150" in title


def test_what_fell_once_is_asked_about_once_however_long_it_stays_lower(months, reporter, manager):
    correct(months, 2, manager, reporter, invested=50)
    correct(months, 3, manager, reporter, invested=70)
    assert states("figure_falls") == {"2024-02": OPEN}


def test_an_explained_fall_stays_explained_until_its_figures_change(months, reporter, manager):
    correct(months, 3, manager, reporter, invested=150)
    questions.close(DataQuestion.objects.get(kind="figure_falls"), explanation="冲销", by=manager)
    questions.refresh(questions.find(on=IN_ROUND))
    questions.refresh_project(months.project, on=IN_ROUND)
    assert states("figure_falls") == {"2024-03": CLOSED}
    correct(months, 3, manager, reporter, invested=160)
    assert states("figure_falls") == {"2024-03": OPEN}
    assert asked("figure_falls")["2024-03"].explanation == "冲销"


def test_a_fall_that_is_mended_is_taken_back_and_raised_again_when_it_returns(
    months, reporter, manager
):
    correct(months, 3, manager, reporter, invested=150)
    correct(months, 3, manager, reporter, invested=300)
    assert states("figure_falls") == {"2024-03": GONE}
    correct(months, 3, manager, reporter, invested=150)
    assert states("figure_falls") == {"2024-03": OPEN}


def test_the_figure_of_a_reopened_month_stays_in_force(months, reporter, manager):
    correct(months, 3, manager, reporter, invested=150)
    step(report_of(months, 3), ReportAction.REOPEN, manager, note="再核")
    assert states("figure_falls") == {"2024-03": OPEN}


# The same words


@pytest.fixture
def stale(entry, reporter, manager):
    """January and February are described in the same words but for the spaces."""
    approve(report_of(entry, 1), reporter, manager, invested=100, narrative="主体 施工中")
    submit(report_of(entry, 2), reporter, invested=200, narrative=" 主体  施工中\n")
    return entry


def test_the_same_words_in_two_months_are_asked_about_when_the_second_is_submitted(stale):
    (question,) = asked("narrative_repeated").values()
    assert (question.params["first"], question.params["last"], question.params["count"]) == (
        "2024-01",
        "2024-02",
        2,
    )


def test_a_longer_run_is_the_same_question_and_opens_it_again(stale, reporter, manager):
    questions.close(
        DataQuestion.objects.get(kind="narrative_repeated"), explanation="冬歇", by=manager
    )
    step(report_of(stale, 2), ReportAction.APPROVE, manager)
    assert states("narrative_repeated") == {"2024-01": CLOSED}
    submit(report_of(stale, 3), reporter, invested=300, narrative="主体 施工中")
    assert states("narrative_repeated") == {"2024-01": OPEN}
    assert asked("narrative_repeated")["2024-01"].params["count"] == 3


def test_other_words_take_it_back(stale, reporter, manager):
    report = report_of(stale, 2)
    step(report, ReportAction.RETURN, manager, note="请更新")
    assert states("narrative_repeated") == {"2024-01": GONE}
    submit(report, reporter, invested=200, narrative="主体封顶")
    assert states("narrative_repeated") == {"2024-01": GONE}


def test_months_that_do_not_follow_one_another_and_projects_at_rest_are_not_asked_about(
    entry, reporter, manager
):
    for month, words in ((1, "甲"), (2, "乙"), (3, "甲")):
        approve(report_of(entry, month), reporter, manager, invested=100 * month, narrative=words)
    other = make_plan(reporter.department, status="suspended")
    for month in (1, 2):
        submit(report_of(other, month), reporter, invested=0, narrative="停工", status="suspended")
    assert states("narrative_repeated") == {}


def test_a_draft_is_not_asked_about(entry, reporter, manager):
    approve(report_of(entry, 1), reporter, manager, invested=100, narrative="主体施工中")
    save(report_of(entry, 2), reporter, invested=200, narrative="主体施工中")
    questions.refresh(questions.find(on=IN_ROUND))
    assert states("narrative_repeated") == {}


def test_the_same_words_run_over_the_turn_of_the_year(reporter, manager):
    entry = make_plan(reporter.department)
    open_rounds(12)
    approve(report_of(entry, 12), reporter, manager, narrative="主体施工中")
    following = make_entry(entry.project, 2025)
    adopt([Adoption(following.pk, Decimal(1200), CURVE)], DECISION, by=manager, at=NEW_YEAR)
    open_rounds(1, 2025)
    submit(report_of(following, 1), reporter, narrative="主体施工中")
    assert states("narrative_repeated") == {"2024-12": OPEN}
    assert states("figure_falls") == {}


# A missing report


def test_one_question_for_each_month_that_is_overdue(entry):
    questions.refresh(questions.find(on=date(2024, 3, 5)))
    assert states("report_missing") == {"2024-01": OPEN}
    questions.refresh(questions.find(on=date(2024, 3, 6)))
    assert states("report_missing") == {"2024-01": OPEN, "2024-02": OPEN}
    assert asked("report_missing")["2024-01"].params["due"] == "2024-02-05"


def test_a_round_that_is_locked_before_its_day_has_missing_reports(entry):
    period = ReportingPeriod.objects.get(year=2024, month=4)
    period.locked_at = moment(date(2024, 4, 28))
    period.save()
    found = [f.key for f in find_own(on=date(2024, 4, 28)) if f.kind == "report_missing"]
    assert f"{entry.project.code}/2024-04" in found


def test_submitting_takes_it_back_at_once_and_a_return_brings_it_again(entry, reporter, manager):
    questions.refresh(questions.find(on=IN_ROUND))
    late = date(2024, 2, 8)
    submit(report_of(entry, 1), reporter, on=late)
    assert states("report_missing")["2024-01"] == GONE
    step(report_of(entry, 1), ReportAction.RETURN, manager, on=late, note="请核对")
    assert states("report_missing")["2024-01"] == OPEN


def test_an_explained_gap_stays_explained(entry, manager):
    questions.refresh(questions.find(on=date(2024, 3, 1)))
    questions.close(DataQuestion.objects.get(), explanation="单位合并", by=manager)
    questions.refresh(questions.find(on=date(2024, 3, 2)))
    assert states("report_missing") == {"2024-01": CLOSED}


def test_neither_a_month_before_the_project_entered_nor_a_reopened_one_is_missing(
    reporter, manager
):
    entry = make_plan(reporter.department, enters_in=2)
    open_rounds(3)
    approve(report_of(entry, 2), reporter, manager)
    step(report_of(entry, 2), ReportAction.REOPEN, manager, note="更正")
    found = [f for f in find_own(on=date(2024, 3, 20)) if f.kind == "report_missing"]
    assert found == []


# A status that went back


def test_a_status_that_goes_back_is_asked_about_at_once(reporter):
    project = make_project(status="accelerated", department=reporter.department)
    lifecycle.change_status(
        project,
        lifecycle.StatusUpdate(lifecycle.S, reason="征地受阻"),
        version=0,
        by=reporter,
        on=IN_ROUND,
        at=timezone.now(),
    )
    (question,) = asked("status_taken_back").values()
    assert (question.project, question.state) == (project, OPEN)
    with translation.override("en"):
        assert "from Accelerated to Started" in questions.title(question)
        assert "征地受阻" in questions.title(question)


def test_the_status_page_raises_it(reporter):
    project = make_project(status="accelerated", department=reporter.department)
    client = signed_in(reporter)
    client.post(
        f"/projects/{project.code}/status/",
        {"version": "0", "status": "preparation", "reason": "重新选址"},
    )
    page = client.get(project.get_absolute_url())
    assert [q.kind for q, _title in page.context["questions"]] == ["status_taken_back"]


# At once, and only there


def test_the_page_of_another_project_is_left_alone(months, reporter, manager):
    other = make_plan(reporter.department)
    questions.refresh(questions.find(on=IN_ROUND))
    untouched = DataQuestion.objects.filter(project=other.project)
    before = list(untouched.values_list("key", "state", "params"))
    assert before
    correct(months, 3, manager, reporter, invested=150)
    assert list(untouched.values_list("key", "state", "params")) == before


def test_questions_of_another_sort_about_the_project_are_left_alone(months, reporter, manager):
    finding = questions.Finding("names_alike", "a、b", {"names": "甲、乙"}, project=months.project)
    questions.refresh([finding])
    questions.refresh_project(months.project, on=IN_ROUND)
    assert DataQuestion.objects.get(kind="names_alike").state == OPEN


def test_what_is_raised_at_once_is_what_the_night_would_raise(months, reporter, manager):
    correct(months, 3, manager, reporter, invested=150)
    day = report_of(months, 3).period.due_on
    at_once = list(
        DataQuestion.objects.order_by("key").values_list("kind", "key", "params", "state")
    )
    questions.refresh(questions.find(on=day))
    again = DataQuestion.objects.filter(kind__in=OWN_KINDS).exclude(kind="report_missing")
    assert [row for row in at_once if row[0] != "report_missing"] == list(
        again.order_by("key").values_list("kind", "key", "params", "state")
    )


def test_every_kind_has_its_words():
    assert set(questions.KINDS) >= OWN_KINDS


def test_the_number_of_queries_does_not_grow_with_the_projects(reporter, manager):
    def count():
        with CaptureQueriesContext(connection) as queries:
            found = list(find_own(on=date(2024, 3, 20)))
        with CaptureQueriesContext(connection) as kept:
            questions.refresh(found)
        return len(found), len(queries), len(kept)

    def plans(number):
        for _ in range(number):
            entry = make_plan(reporter.department)
            schedule.await_reports(entry.reports.all())
            for month, invested in ((1, 100), (2, 200)):
                submit(report_of(entry, month), reporter, invested=invested, narrative="施工中")

    open_rounds(3)
    plans(1)
    one = count()
    plans(5)
    assert one[0] == 1
    six = count()
    assert six[0] == 6
    assert six[1:] == one[1:]


def test_a_saved_row_asks_nothing(entry, reporter):
    report = report_of(entry, 2)
    save(report, reporter, invested=1)
    with CaptureQueriesContext(connection) as queries:
        save(report, reporter, invested=Decimal(2))
    assert not any("dataquestion" in query["sql"] for query in queries)
