"""E-mails that wait in the outbox: each is sent once, and none keeps another waiting."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import translation

from projects import notifications, outbox
from projects.models import Message
from projects.notifications import DELAYS, MOST_ATTEMPTS, deliver_waiting
from tests.factories import make_user
from tests.rounds import moment

NOW = moment(date(2024, 4, 2), 8)
PARAMS = {
    "period": "2024-03",
    "due": "2024-04-05",
    "locks": "2024-04-10",
    "count": 1,
    "projects": "跨江大桥",
    "who": "",
}


def post(*people, key="1", url="/month/2024/3/", **params):
    outbox.post(people, "round_due_soon", key=key, params=PARAMS | params, url=url, at=NOW)


def person(name, **more):
    return make_user(name, email=f"{name}@example.cn", **more)


def addressees():
    return sorted(message.to[0] for message in mail.outbox)


class FaultyPost(EmailBackend):
    """A mail server that refuses some addresses, or does not answer at all."""

    refused: ClassVar[set[str]] = set()
    is_down: ClassVar[bool] = False
    tried: ClassVar[list[str]] = []

    def open(self):
        if self.is_down:
            raise ConnectionRefusedError("nobody there")

    def send_messages(self, messages):
        for message in messages:
            self.tried.append(message.to[0])
            if message.to[0] in self.refused:
                raise OSError("550 no such user")
        return super().send_messages(messages)


@pytest.fixture
def faulty(settings):
    settings.EMAIL_BACKEND = f"{__name__}.FaultyPost"
    FaultyPost.refused, FaultyPost.is_down, FaultyPost.tried = set(), False, []
    yield FaultyPost
    FaultyPost.is_down = False


@pytest.mark.django_db
class TestSending:
    """What goes out."""

    def test_the_mail_has_subject_text_link_and_sender(self, settings):
        settings.SITE_URL = "https://zd.example.cn/"
        settings.DEFAULT_FROM_EMAIL = "office@example.cn"
        post(person("li"))
        assert deliver_waiting(at=NOW) == 1
        (sent,) = mail.outbox
        with translation.override("zh-hans"):
            message = Message.objects.get(channel="email")
            assert sent.subject == outbox.subject(message)
        assert "跨江大桥" in sent.body
        assert "https://zd.example.cn/month/2024/3/" in sent.body
        assert sent.from_email == "office@example.cn"
        assert sent.to == ["li@example.cn"]

    def test_it_is_marked_and_never_sent_again(self):
        post(person("li"))
        assert [deliver_waiting(at=NOW), deliver_waiting(at=NOW)] == [1, 0]
        message = Message.objects.get(channel="email")
        assert (message.sent_at, message.attempts, message.error) == (NOW, 1, "")
        assert len(mail.outbox) == 1

    def test_a_repeat_could_be_recognised_by_its_message_id(self, settings):
        settings.SITE_URL = "https://zd.example.cn"
        post(person("li"), person("wang"))
        first, second = (
            notifications.mail(message)
            for message in Message.objects.filter(channel="email").order_by("pk")
        )
        ids = [each.message()["Message-ID"] for each in (first, second)]
        assert ids[0] != ids[1]
        assert (
            ids[0]
            == notifications.mail(
                Message.objects.filter(channel="email").order_by("pk").first()
            ).message()["Message-ID"]
        )
        assert ids[0].endswith("@zd.example.cn>")

    def test_the_readers_language_is_not_that_of_whoever_starts_the_job(self):
        post(person("li"))
        with translation.override("en"):
            deliver_waiting(at=NOW)
            assert translation.get_language() == "en"
        with translation.override("zh-hans"):
            assert mail.outbox[0].subject == outbox.subject(Message.objects.first())

    def test_a_line_break_in_a_name_cannot_forge_a_header(self):
        post(person("li"), period="2024-03\r\nBcc: everybody@example.cn")
        assert deliver_waiting(at=NOW) == 1
        assert "\n" not in mail.outbox[0].subject
        assert mail.outbox[0].recipients() == ["li@example.cn"]

    def test_what_stands_in_the_inbox_is_no_e_mail(self):
        post(make_user("without"))
        assert Message.objects.count() == 1
        assert deliver_waiting(at=NOW) == 0

    def test_whoever_left_gets_none(self):
        left = person("left")
        post(left)
        left.is_active = False
        left.save()
        assert deliver_waiting(at=NOW) == 0

    def test_the_oldest_go_first_and_no_more_than_a_batch(self, monkeypatch):
        monkeypatch.setattr(notifications, "BATCH", 2)
        people = [person(f"p{number}") for number in range(3)]
        for number, each in enumerate(people):
            post(each, key=str(number))
        assert deliver_waiting(at=NOW) == 2
        assert addressees() == ["p0@example.cn", "p1@example.cn"]
        assert deliver_waiting(at=NOW) == 1


@pytest.mark.django_db
class TestFailing:
    """What cannot go out."""

    def test_a_wrong_address_does_not_stop_the_rest(self, faulty):
        faulty.refused = {"b@example.cn"}
        post(*map(person, "abc"))
        assert deliver_waiting(at=NOW) == 2
        assert addressees() == ["a@example.cn", "c@example.cn"]
        failed = Message.objects.get(recipient__username="b", channel="email")
        assert (failed.sent_at, failed.attempts) == (None, 1)
        assert "550" in failed.error

    def test_it_is_tried_again_ever_later_and_then_given_up(self, faulty):
        faulty.refused = {"b@example.cn"}
        post(person("b"))
        now = NOW
        for attempt, delay in enumerate((timedelta(0), *DELAYS), start=1):
            now += delay
            deliver_waiting(at=now - timedelta(seconds=1) if delay else now)
            assert len(faulty.tried) == (attempt - 1 if delay else attempt)
            deliver_waiting(at=now)
            assert len(faulty.tried) == attempt
        deliver_waiting(at=now + timedelta(days=30))
        assert len(faulty.tried) == MOST_ATTEMPTS
        assert list(DELAYS) == sorted(DELAYS)
        assert Message.objects.get(channel="email").attempts == MOST_ATTEMPTS

    def test_it_goes_out_when_the_fault_is_gone(self, faulty):
        faulty.refused = {"b@example.cn"}
        post(person("b"))
        deliver_waiting(at=NOW)
        faulty.refused = set()
        assert deliver_waiting(at=NOW) == 0
        assert deliver_waiting(at=NOW + DELAYS[0]) == 1
        message = Message.objects.get(channel="email")
        assert (message.attempts, message.error, message.retry_at) == (2, "", None)

    def test_while_the_server_is_away_nothing_counts_as_tried(self, faulty):
        faulty.is_down = True
        post(person("a"), person("b"))
        for minutes in range(30):
            assert deliver_waiting(at=NOW + timedelta(minutes=minutes)) == 0
        assert set(Message.objects.values_list("attempts", flat=True)) == {0}
        faulty.is_down = False
        assert deliver_waiting(at=NOW + timedelta(minutes=31)) == 2

    def test_an_address_that_was_taken_away_is_noted(self, faulty):
        li = person("li")
        post(li)
        li.email = ""
        li.save()
        assert deliver_waiting(at=NOW) == 0
        message = Message.objects.get(channel="email")
        assert message.error
        assert message.sent_at is None

    def test_a_kind_that_nobody_knows_any_more_keeps_no_other_waiting(self, faulty):
        post(person("a"), person("b"))
        Message.objects.filter(recipient__username="a").update(kind="of_old")
        assert deliver_waiting(at=NOW) == 1
        assert addressees() == ["b@example.cn"]


@pytest.mark.usefixtures("transactional_db")
def test_two_workers_at_one_moment_send_each_e_mail_once():
    post(*[person(f"p{number}") for number in range(12)])
    start = Barrier(2)

    def work(_):
        start.wait()
        try:
            return deliver_waiting(at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, range(2))) == 12
    assert addressees() == sorted(f"p{number}@example.cn" for number in range(12))
    assert not Message.objects.filter(sent_at__isnull=True).exists()
