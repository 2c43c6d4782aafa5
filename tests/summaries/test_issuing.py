"""A summary is issued once, stays as it was issued, and is replaced by another one that names it."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from projects import outbox
from projects.models import Message
from summaries import digest, issuing
from summaries.models import ProgressSummary, SummaryIssue
from tests.factories import make_department, make_user, signed_in
from tests.rounds import approve, make_plan, moment, open_rounds, report_of
from tests.summaries.month_summaries import ISSUED_ON, build_month, correct, issue_month


@pytest.fixture
def entry(reporter, manager):
    """A project of the reporter's, February approved with 150."""
    made = make_plan(make_department(), planned=1200)
    open_rounds(2)
    approve(report_of(made, 2), reporter, manager, invested=150)
    return made


def test_what_is_issued_has_its_figures_its_words_its_cut_off_and_its_digest(entry, manager):
    issue = issue_month(manager)
    summary = issue.summary
    assert (issue.number, issue.replaces, issue.by) == (1, None, manager)
    assert issue.at == moment(ISSUED_ON)
    assert summary.figures["groups"][0]["now"]["invested_ytd"] == "150.00"
    assert "完成投资" in summary.text
    assert summary.digest == digest.of_summary(summary)
    assert issuing.is_intact(issue)


def test_the_same_data_give_the_same_digest(entry, manager):
    assert build_month(manager).digest == build_month(manager).digest


def test_what_is_issued_stays_as_it_was_whatever_is_corrected_afterwards(entry, reporter, manager):
    issue = issue_month(manager)
    stored = ProgressSummary.objects.filter(pk=issue.summary_id).values().get()
    correct(entry, reporter, manager, 180)
    build_month(manager)
    assert ProgressSummary.objects.filter(pk=issue.summary_id).values().get() == stored
    page = signed_in(manager).get(issue.get_absolute_url()).content.decode()
    assert "150.00" in page
    assert issuing.is_intact(SummaryIssue.objects.get())


def test_a_month_is_issued_once(entry, manager, admin):
    issue = issue_month(manager)
    with pytest.raises(issuing.AlreadyIssuedError) as error:
        issuing.issue(issue.summary_id, by=admin, at=moment(ISSUED_ON))
    assert error.value.issue == issue
    newer = build_month(manager)
    with pytest.raises(issuing.AlreadyIssuedError):
        issuing.issue(newer.pk, by=admin, at=moment(ISSUED_ON))
    assert SummaryIssue.objects.get() == issue


def test_a_correction_is_a_new_issue_that_names_the_old_one_which_stays(entry, reporter, manager):
    first = issue_month(manager)
    correct(entry, reporter, manager, 180)
    second = issue_month(manager, reason="更正2月完成投资")
    assert (second.number, second.replaces) == (2, first)
    client = signed_in(reporter)
    for issue in (first, second):
        assert client.get(issue.get_absolute_url()).status_code == 200
    page = client.get(first.get_absolute_url()).content.decode()
    assert "更正2月完成投资" in page
    assert second.get_absolute_url() in page


def test_a_new_issue_needs_a_reason_and_something_new_to_say(entry, reporter, manager):
    first = issue_month(manager)
    with pytest.raises(issuing.SaysTheSameError):
        issue_month(manager, reason="再发一次")
    correct(entry, reporter, manager, 180)
    with pytest.raises(issuing.ReasonMissingError):
        issue_month(manager, reason="  ")
    assert SummaryIssue.objects.get() == first


def test_only_the_latest_draft_is_issued(entry, manager):
    old, new = build_month(manager), build_month(manager)
    with pytest.raises(issuing.OldDraftError) as error:
        issuing.issue(old.pk, by=manager, at=moment(ISSUED_ON))
    assert error.value.newer == new


def test_a_draft_that_was_changed_is_not_issued(entry, manager):
    draft = build_month(manager)
    ProgressSummary.objects.filter(pk=draft.pk).update(headline="形势大好")
    with pytest.raises(issuing.AlteredError):
        issuing.issue(draft.pk, by=manager, at=moment(ISSUED_ON))


def test_the_database_refuses_a_second_first_issue_and_a_later_one_without_reason(entry, manager):
    first = issue_month(manager)
    other = build_month(manager)
    common = {"summary": other, "year": 2024, "month": 2, "by": manager, "at": first.at}
    for wrong in (
        {"number": 1},
        {"number": 2},
        {"number": 2, "replaces": first, "reason": ""},
        {"number": 3, "reason": "无所替代"},
        {"number": 1, "replaces": first, "reason": "首次"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SummaryIssue.objects.create(**common, **wrong)


@pytest.mark.parametrize(
    ("column", "value"),
    [("headline", "更好看的一月"), ("text", ""), ("rule_version", "0"), ("histories", {})],
)
def test_a_summary_changed_behind_the_system_s_back_is_told(entry, manager, column, value):
    issue = issue_month(manager)
    call_command("verify_summaries", stdout=io.StringIO())
    ProgressSummary.objects.filter(pk=issue.summary_id).update(**{column: value})
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify_summaries", stdout=out)
    assert "2024-02 #1" in out.getvalue()
    assert not signed_in(manager).get(issue.get_absolute_url()).context["issue_intact"]


@pytest.mark.parametrize("column", ["by", "at", "reason"])
def test_who_issued_and_when_cannot_be_changed_unseen(entry, reporter, manager, column):
    issue_month(manager)
    correct(entry, reporter, manager, 180)
    second = issue_month(manager, reason="更正")
    value = {"by": make_user(), "at": moment(ISSUED_ON, 11), "reason": "笔误"}[column]
    SummaryIssue.objects.filter(pk=second.pk).update(**{column: value})
    assert issuing.altered() == [second]


def test_everybody_who_works_here_is_told_but_who_issued_it(
    entry, reporter, outsider, leader, manager
):
    gone = make_user("gone", is_active=False)
    first = issue_month(manager)
    told = set(
        Message.objects.filter(kind="summary_issue").values_list("recipient__username", flat=True)
    )
    assert {"reporter", "outsider", "leader"} <= told
    assert not {manager.username, gone.username} & told
    correct(entry, reporter, manager, 180)
    second = issue_month(manager, reason="更正2月完成投资")
    message = Message.objects.get(kind="summary_reissue", recipient=reporter)
    assert message.url == second.get_absolute_url() != first.get_absolute_url()
    assert "更正2月完成投资" in outbox.text(message)


@pytest.mark.parametrize("persona", ["reporter", "outsider", "leader", "manager", "admin"])
def test_who_reads_drafts_and_who_issues_them(entry, persona, request, manager):
    draft = build_month(manager)
    client = signed_in(request.getfixturevalue(persona))
    sees = persona in ("leader", "manager", "admin")
    issues = persona in ("manager", "admin")
    assert client.get(draft.get_absolute_url()).status_code == (200 if sees else 404)
    assert client.get(f"{draft.get_absolute_url()}figures.json").status_code == (
        200 if sees else 404
    )
    response = client.post(f"{draft.get_absolute_url()}issue/", {"replaces": ""})
    assert response.status_code == (302 if issues else 403 if sees else 404)
    assert SummaryIssue.objects.exists() == issues


@pytest.mark.parametrize("persona", ["reporter", "outsider", "leader", "manager", "admin"])
def test_everyone_reads_what_is_issued_and_those_who_see_all_what_differs(
    entry, persona, request, manager
):
    issue = issue_month(manager)
    client = signed_in(request.getfixturevalue(persona))
    response = client.get(issue.get_absolute_url())
    assert response.status_code == 200
    assert (response.context["drift"] is not None) == (persona in ("leader", "manager", "admin"))
    assert client.get("/summaries/").status_code == 200


@pytest.mark.parametrize("path", ["build-month/", "{pk}/issue/"])
def test_nothing_is_built_or_issued_by_looking(entry, manager, path):
    address = f"/summaries/{path.format(pk=build_month(manager).pk)}"
    client = signed_in(manager)
    assert client.get(address).status_code == 405
    assert client.put(address).status_code == 405


def test_a_manager_builds_a_month_whose_round_is_open_and_no_other(entry, manager, leader):
    client = signed_in(manager)
    response = client.post("/summaries/build-month/", {"period": "2024-02"})
    assert response["Location"].startswith("/documents/")
    for period in ("2024-12", "2031-01", "", "x"):
        response = client.post("/summaries/build-month/", {"period": period})
        assert response["Location"] == "/summaries/"
    assert (
        signed_in(leader).post("/summaries/build-month/", {"period": "2024-02"}).status_code == 403
    )


def test_of_two_who_issue_the_second_is_told(entry, reporter, manager, admin):
    draft = build_month(manager)
    for user in (manager, admin):
        response = signed_in(user).post(
            f"{draft.get_absolute_url()}issue/", {"replaces": ""}, follow=True
        )
        texts = [str(message) for message in response.context["messages"]]
    assert SummaryIssue.objects.get().by == manager
    assert str(manager) in texts[0]


def test_a_month_of_the_grid_shows_its_latest_issue_and_a_newer_draft(entry, reporter, manager):
    first = issue_month(manager)
    correct(entry, reporter, manager, 180)
    draft = build_month(manager)

    def february(user):
        (row,) = [cells for year, cells in signed_in(user).get("/summaries/").context["grid"]]
        return row[1]

    assert (february(manager).issue, february(manager).draft) == (first, draft.pk)
    assert (february(reporter).issue, february(reporter).draft) == (first, None)
    second = issue_month(manager, reason="更正")
    assert (february(manager).issue, february(manager).draft) == (second, None)


def test_the_list_takes_as_many_queries_for_30_issues_as_for_one(
    entry, reporter, manager, django_assert_num_queries, django_assert_max_num_queries
):
    issue = issue_month(manager)
    client = signed_in(manager)
    client.get("/summaries/")
    with django_assert_max_num_queries(25) as first:
        client.get("/summaries/")
    summary = issue.summary
    for number in range(2, 31):
        summary.pk = None
        summary.save(force_insert=True)
        issue = SummaryIssue.objects.create(
            summary=summary,
            year=2024,
            month=2,
            number=number,
            replaces=issue,
            reason="更正",
            by=manager,
            at=issue.at,
            digest="",
        )
    with django_assert_num_queries(len(first)):
        client.get("/summaries/")


def test_the_admin_site_shows_issues_and_changes_none(entry, admin, manager):
    issue = issue_month(manager)
    client = signed_in(admin)
    address = "/admin/summaries/summaryissue/"
    assert client.get(address).status_code == 200
    assert client.get(f"{address}{issue.pk}/change/").status_code == 200
    assert client.post(f"{address}{issue.pk}/change/", {}).status_code == 403
    assert client.post(f"{address}{issue.pk}/delete/", {}).status_code == 403
