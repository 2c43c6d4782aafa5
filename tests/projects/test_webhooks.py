"""Webhooks: what is told, how it is signed, what becomes of it when nobody answers."""

import json
import re
import threading
from datetime import date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from projects import clearing, colouring, deliveries, webhooks
from projects.models import (
    DeliveryAttempt,
    Message,
    ObstacleKind,
    Webhook,
    WebhookEvent,
    WebhookStep,
)
from projects.tasks import deliver_webhooks
from tests.factories import make_department, make_user, signed_in
from tests.receiver import receiving
from tests.rounds import approve, make_plan, moment, open_rounds, report_of
from tests.summaries.month_summaries import issue_month
from tests.worker import eventually

pytestmark = pytest.mark.django_db
DAY = date(2024, 4, 2)
AT = moment(DAY)
LIST = reverse("projects:webhook-list")


@pytest.fixture(autouse=True)
def _this_machine(settings):
    settings.WEBHOOK_ALLOW_HTTP = True
    settings.WEBHOOK_OWN_HOSTS = ["127.0.0.1"]


@pytest.fixture
def receiver():
    with receiving() as running:
        yield running


def listen(url="https://hooks.example.cn/", events=WebhookEvent.values, name="数据平台"):
    return webhooks.add(name, url, events, by=make_user(role=Role.ADMIN), at=AT)


def told(event):
    return list(Message.objects.filter(kind=event, channel=Message.Channel.WEBHOOK))


def announce(count=1, url="/reports/1/"):
    occasions = [(str(number), {"project": "500101-0001"}, url) for number in range(count)]
    webhooks.announce(WebhookEvent.REPORT_APPROVED, occasions, at=AT)


# What is told -------------------------------------------------------------------------------------


def test_an_approval_is_told_with_its_figures_and_without_names(reporter, manager):
    listen()
    entry = make_plan(reporter.department, planned=1200, name="跨江大桥")
    open_rounds(1)
    report = approve(report_of(entry, 1), reporter, manager, invested=90)
    (message,) = told(WebhookEvent.REPORT_APPROVED)
    assert message.params["invested_ytd"] == "90.00"
    assert message.params["project"] == entry.project.code
    assert message.url == report.get_absolute_url()
    assert "先生" not in json.dumps(message.params, ensure_ascii=False)


def test_what_is_not_done_after_all_is_not_told(reporter, manager):
    listen()
    entry = make_plan(reporter.department)
    open_rounds(1)
    with transaction.atomic():
        approve(report_of(entry, 1), reporter, manager, invested=90)
        assert len(told(WebhookEvent.REPORT_APPROVED)) == 1
        transaction.set_rollback(True)
    assert told(WebhookEvent.REPORT_APPROVED) == []


def test_a_light_that_turns_red_is_told_once(reporter, manager):
    listen()
    entry = make_plan(reporter.department, planned=1200)
    open_rounds(7)
    approve(report_of(entry, 1), reporter, manager, invested=100)
    assert told(WebhookEvent.LIGHT_RED) == []
    approve(report_of(entry, 6), reporter, manager, invested=110)
    approve(report_of(entry, 7), reporter, manager, invested=111)
    (message,) = told(WebhookEvent.LIGHT_RED)
    assert (message.params["month"], message.params["project"]) == (6, entry.project.code)


def test_a_light_that_turns_red_again_is_told_again(reporter, manager):
    listen()
    entry = make_plan(reporter.department, planned=1200)
    open_rounds(3)
    approve(report_of(entry, 1), reporter, manager, invested=100)
    for colour, day in (("red", 20), ("green", 21), ("red", 22)):
        report = report_of(entry, 1)
        colouring.judge_otherwise(
            report,
            colour,
            version=report.version,
            reason="现场核实",
            by=manager,
            at=moment(date(2024, 2, day)),
        )
    assert len(told(WebhookEvent.LIGHT_RED)) == 2


def test_an_obstacle_that_climbs_is_told(reporter):
    listen()
    obstacle = clearing.raise_obstacle(
        make_plan(reporter.department).project,
        kind=ObstacleKind.LAND,
        text="红线内两户未签约",
        responsible=make_department("500101-SLJ"),
        due_on=DAY + timedelta(days=20),
        by=reporter,
        on=DAY,
        at=AT,
    )
    clearing.escalate_due(on=obstacle.level_due_on + timedelta(days=1), at=AT)
    (message,) = told(WebhookEvent.OBSTACLE_ESCALATED)
    assert (message.params["level"], message.params["by_clock"]) == (2, True)


def test_a_summary_that_is_issued_is_told(reporter, manager):
    listen()
    entry = make_plan(make_department(), planned=1200)
    open_rounds(2)
    approve(report_of(entry, 2), reporter, manager, invested=150)
    issue = issue_month(manager)
    (message,) = told(WebhookEvent.SUMMARY_ISSUED)
    assert message.params == {
        "year": 2024,
        "month": 2,
        "number": 1,
        "replaces": None,
        "digest": issue.digest,
    }


def test_only_who_asked_for_an_event_and_is_switched_on_is_told(admin):
    asked = listen(name="甲", events=["report.approved"]).webhook
    listen(name="乙", events=["light.red"])
    webhooks.switch(listen(name="丙").webhook, on=False, by=admin, at=AT)
    announce()
    assert [message.webhook for message in told(WebhookEvent.REPORT_APPROVED)] == [asked]


def test_an_occasion_is_told_once():
    listen()
    announce()
    announce()
    assert len(told(WebhookEvent.REPORT_APPROVED)) == 1


def test_a_message_goes_to_a_person_or_to_a_webhook(admin):
    webhook = listen().webhook
    for wrong in (
        {"channel": "webhook", "recipient": admin},
        {"channel": "inbox", "webhook": webhook},
        {"channel": "webhook", "webhook": webhook, "recipient": admin},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.create(kind="x", key="1", created_at=AT, **wrong)


# How it arrives -----------------------------------------------------------------------------------


def example():
    """The function that docs/webhooks.md gives receivers."""
    text = Path(site_settings.BASE_DIR, "docs", "webhooks.md").read_text(encoding="utf-8")
    found: dict[str, Any] = {}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], found)
    return found["is_ours"]


def headers_of(request):
    return {name.lower(): value for name, value in request.headers.items()}


def test_the_receiver_of_the_docs_knows_our_messages_and_no_others(receiver):
    secret = listen(receiver.url).secret
    announce()
    assert deliveries.deliver_waiting(at=AT) == 1
    (got,) = receiver.received
    headers, is_ours = headers_of(got), example()
    assert is_ours(secret, headers, got.body)
    assert not is_ours(secret, headers, got.body + b" ")
    assert not is_ours(secret, {**headers, "webhook-id": "other"}, got.body)
    assert not is_ours(secret, {**headers, "webhook-timestamp": "1700000000"}, got.body)
    assert not is_ours("whsec_" + "A" * 44, headers, got.body)
    assert json.loads(got.body) == {
        "id": "report.approved:0",
        "event": "report.approved",
        "at": AT.isoformat(),
        "url": f"{site_settings.SITE_URL}/reports/1/",
        "data": {"project": "500101-0001"},
    }


def test_both_secrets_sign_for_a_day(receiver, admin):
    old = listen(receiver.url)
    new = webhooks.rotate(old.webhook, by=admin, at=AT, real=timezone.now())
    announce(1)
    deliveries.deliver_waiting(at=AT)
    (got,) = receiver.received
    assert example()(old.secret, headers_of(got), got.body)
    assert example()(new, headers_of(got), got.body)
    later = timezone.now() + webhooks.OVERLAP
    assert webhooks.secrets_of(old.webhook, at=later) == [new]


def test_the_database_alone_does_not_know_the_secret(receiver):
    added = listen(receiver.url)
    row = Webhook.objects.values().get(pk=added.webhook.pk)
    assert added.secret.startswith("whsec_")
    assert not any(str(value) in added.secret for value in row.values() if len(str(value)) > 20)


def test_what_was_not_answered_well_is_tried_again_later_and_then_given_up(receiver):
    listen(receiver.url)
    receiver.answers = [(500, "数据库忙".encode(), {})]
    announce()
    at: datetime = AT
    for delay in webhooks.DELAYS:
        assert deliveries.deliver_waiting(at=at) == 0
        assert deliveries.deliver_waiting(at=at + delay - timedelta(seconds=1)) == 0
        at += delay
    assert deliveries.deliver_waiting(at=at) == 0
    message = Message.objects.get()
    assert webhooks.is_given_up(message)
    assert len(receiver.received) == webhooks.MOST_ATTEMPTS
    assert {got.headers["webhook-id"] for got in receiver.received} == {"report.approved:0"}
    assert deliveries.deliver_waiting(at=at + timedelta(days=30)) == 0
    attempt = DeliveryAttempt.objects.last()
    assert (attempt.status, attempt.excerpt) == (500, "数据库忙")


def test_what_was_given_up_can_be_sent_again_by_hand(receiver, admin):
    listen(receiver.url)
    announce()
    Message.objects.update(attempts=webhooks.MOST_ATTEMPTS)
    webhooks.send_again(Message.objects.get(), by=admin, at=AT)
    assert deliveries.deliver_waiting(at=AT) == 1
    assert WebhookStep.objects.filter(action="send_again", by=admin).exists()


def test_one_that_does_not_answer_keeps_no_other_waiting(receiver):
    with receiving() as other:
        other.answers = [(503, b"", {})]
        listen(other.url, name="甲")
        listen(receiver.url, name="乙")
        announce(5)
        assert deliveries.deliver_waiting(at=AT) == 5
        assert len(other.received) == 1


def test_a_redirect_is_no_arrival(receiver):
    listen(receiver.url)
    receiver.answers = [(302, b"", {"Location": "https://elsewhere.example/"})]
    announce()
    assert deliveries.deliver_waiting(at=AT) == 0
    assert DeliveryAttempt.objects.get().status == 302


def test_an_address_that_became_ours_is_not_written_to(receiver, settings):
    listen(receiver.url)
    settings.WEBHOOK_OWN_HOSTS = []
    announce()
    assert deliveries.deliver_waiting(at=AT) == 0
    assert receiver.received == []
    assert DeliveryAttempt.objects.get().error in ("port", "private")


def test_what_is_being_sent_is_left_alone(receiver):
    listen(receiver.url)
    announce()
    message = Message.objects.get()
    assert deliveries._claim(message.pk, at=AT) is not None
    assert deliveries._claim(message.pk, at=AT) is None
    assert deliveries.deliver_waiting(at=AT) == 0
    assert deliveries.deliver_waiting(at=AT + deliveries.LEASE) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_a_message_that_is_delivered_later(
    start_worker, receiver
):
    listen(receiver.url)
    announce()
    receiver.hold = threading.Event()
    first = start_worker(WEBHOOK_ALLOW_HTTP="true", WEBHOOK_OWN_HOSTS="127.0.0.1")
    deliver_webhooks.delay()
    eventually(lambda: receiver.received)
    first.kill()
    receiver.hold.set()
    assert Message.objects.get().sent_at is None
    Message.objects.update(retry_at=None)  # as if the two minutes were over
    assert deliveries.deliver_waiting(at=timezone.now()) == 1
    one, two = receiver.received
    assert one.headers["webhook-id"] == two.headers["webhook-id"]
    assert one.body == two.body


# The pages ----------------------------------------------------------------------------------------

ENTERED = {"name": "数据平台", "url": "https://hooks.example.cn/in", "events": ["light.red"]}


def test_an_administrator_adds_an_address_and_sees_its_secret_once(admin):
    browser = signed_in(admin)
    page = browser.post(LIST, ENTERED).content.decode()
    webhook = Webhook.objects.get()
    (secret,) = webhooks.secrets_of(webhook, at=timezone.now())
    assert secret in page.replace("&#x2B;", "+")
    assert secret not in browser.get(webhook.get_absolute_url()).content.decode()
    assert WebhookStep.objects.get().by == admin


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.8/", "https://127.0.0.2/", "https://a:b@example.cn/", "ftp://example.cn/", "x"],
)
def test_an_address_that_is_none_is_refused_with_a_reason(admin, url, settings):
    settings.WEBHOOK_ALLOW_HTTP = False
    response = signed_in(admin).post(LIST, {**ENTERED, "url": url})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "errorlist" in response.content.decode()
    assert not Webhook.objects.exists()


def test_name_address_and_events_can_be_changed_and_the_old_ones_stay_on_record(admin):
    webhook = listen().webhook
    signed_in(admin).post(webhook.get_absolute_url(), ENTERED)
    webhook.refresh_from_db()
    assert (webhook.url, webhook.events) == (ENTERED["url"], ["light.red"])
    assert "https://hooks.example.cn/ " in WebhookStep.objects.get(action="change").note


def test_the_buttons_renew_switch_test_and_send_again(admin, receiver):
    webhook = listen(receiver.url).webhook
    browser = signed_in(admin)
    before = webhook.salt
    page = browser.post(reverse("projects:webhook-rotate", args=[webhook.pk])).content.decode()
    webhook.refresh_from_db()
    assert webhook.salt != before
    assert "whsec_" in page
    browser.post(reverse("projects:webhook-test", args=[webhook.pk]))
    assert deliveries.deliver_waiting(at=timezone.now()) == 1
    page = browser.get(webhook.get_absolute_url()).content.decode()
    assert "200" in page
    again = reverse("projects:webhook-again", args=[Message.objects.get().pk])
    browser.post(again)
    assert deliveries.deliver_waiting(at=timezone.now()) == 1
    browser.post(reverse("projects:webhook-switch", args=[webhook.pk]), {"on": "0"})
    webhook.refresh_from_db()
    assert not webhook.is_active


@pytest.mark.parametrize("person", ["reporter", "manager", "leader"])
def test_nobody_else_learns_of_the_pages(request, person):
    webhook = listen().webhook
    browser = signed_in(request.getfixturevalue(person))
    assert browser.get(LIST).status_code == HTTPStatus.NOT_FOUND
    assert browser.post(LIST, ENTERED).status_code == HTTPStatus.NOT_FOUND
    assert browser.get(webhook.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND
    for name in ("rotate", "switch", "test", "again"):
        address = reverse(f"projects:webhook-{name}", args=[webhook.pk])
        assert browser.post(address).status_code == HTTPStatus.NOT_FOUND
    assert Webhook.objects.count() == 1


def test_nothing_is_done_by_a_visit(admin):
    webhook = listen().webhook
    for name in ("rotate", "switch", "test", "again"):
        address = reverse(f"projects:webhook-{name}", args=[webhook.pk])
        assert signed_in(admin).get(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_the_pages_cost_the_same_for_one_message_and_for_thirty(
    admin, django_assert_max_num_queries
):
    webhook = listen().webhook
    browser = signed_in(admin)
    announce(1)
    with django_assert_max_num_queries(12):
        browser.get(webhook.get_absolute_url())
    announce(30)
    for message in Message.objects.all():
        DeliveryAttempt.objects.create(message=message, at=AT, status=500, milliseconds=3)
    with django_assert_max_num_queries(12):
        browser.get(webhook.get_absolute_url())
    for number in range(30):
        listen(name=f"平台{number}")
    with django_assert_max_num_queries(10):
        browser.get(LIST)


def test_what_a_stranger_answered_is_shown_as_text(admin):
    webhook = listen().webhook
    announce()
    DeliveryAttempt.objects.create(
        message=Message.objects.get(),
        at=AT,
        status=500,
        excerpt="<script>alert(1)</script>",
        milliseconds=3,
    )
    page = signed_in(admin).get(webhook.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
