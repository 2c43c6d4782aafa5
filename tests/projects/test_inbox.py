"""The reader's own inbox, and the number in the top bar."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from projects import outbox
from projects.models import Message
from tests.factories import signed_in
from tests.rounds import moment

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
NOW = moment(date(2024, 4, 2), 8)


def tell(person, count=1, url="/projects/", **more):
    params = {"project": "跨江大桥", "period": "2024-03", "who": "调度员", "note": "数字有误"}
    first = Message.objects.count()
    for number in range(count):
        key = f"{first}-{number}"
        outbox.post([person], "report_return", key=key, params=params | more, url=url, at=NOW)
    return list(Message.objects.filter(recipient=person, channel="inbox").order_by("pk"))[-count:]


def bar(client, address="/accounts/profile/"):
    """What a screen reader hears of the link to the inbox, and the number that is seen."""
    with translation.override("en"):
        page = client.get(address, headers={"Accept-Language": "en"}).content.decode()
    link = re.search(r'<a class="topbar-button" href="/inbox/">(.*?)</a>', page, re.DOTALL)[1]
    heard = re.search(r'<span class="visually-hidden">(.*?)</span>', link, re.DOTALL)[1]
    seen = re.search(r'<span class="count" aria-hidden="true">(.*?)</span>', link)
    return " ".join(heard.split()), seen and seen[1]


def test_shows_what_one_was_told_the_latest_first(reporter):
    tell(reporter, project="旧")
    tell(reporter, project="新")
    answer = signed_in(reporter).get("/inbox/")
    page = answer.content.decode()
    assert page.index("“新”") < page.index("“旧”")
    assert "数字有误" in page


def test_nobody_sees_anothers(reporter, outsider, admin):
    (message,) = tell(reporter)
    for other in (outsider, admin):
        client = signed_in(other)
        assert "跨江大桥" not in client.get("/inbox/").content.decode()
        assert client.get(f"/inbox/{message.pk}/").status_code == 404
        client.post("/inbox/read/")
    message.refresh_from_db()
    assert message.read_at is None


def test_an_e_mail_is_not_in_the_inbox(reporter):
    reporter.email = "li@example.cn"
    reporter.save()
    tell(reporter)
    mail = Message.objects.get(channel="email")
    client = signed_in(reporter)
    assert client.get("/inbox/").context["page"].paginator.count == 1
    assert client.get(f"/inbox/{mail.pk}/").status_code == 404


def test_opening_marks_as_read_and_leads_to_the_page(reporter):
    (message,) = tell(reporter, url="/plans/")
    client = signed_in(reporter)
    answer = client.get(f"/inbox/{message.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/plans/")
    message.refresh_from_db()
    first = message.read_at
    assert first is not None
    client.get(f"/inbox/{message.pk}/")
    message.refresh_from_db()
    assert message.read_at == first


def test_a_message_without_a_page_leads_back(reporter):
    (message,) = tell(reporter, url="")
    assert signed_in(reporter).get(f"/inbox/{message.pk}/")["Location"] == "/inbox/"


def test_unread_ones_are_marked(reporter):
    first, _second = tell(reporter, 2)
    client = signed_in(reporter)
    assert client.get("/inbox/").content.decode().count("badge-state-open") == 2
    client.get(f"/inbox/{first.pk}/")
    assert client.get("/inbox/").content.decode().count("badge-state-open") == 1


def test_all_are_marked_as_read_at_once(reporter, outsider):
    tell(reporter, 3)
    tell(outsider)
    client = signed_in(reporter)
    assert "/inbox/read/" in client.get("/inbox/").content.decode()
    assert client.post("/inbox/read/").status_code == 302
    assert not Message.objects.filter(recipient=reporter, read_at__isnull=True).exists()
    assert Message.objects.filter(recipient=outsider, read_at__isnull=True).exists()
    assert "/inbox/read/" not in client.get("/inbox/").content.decode()


def test_an_empty_inbox_says_so(reporter):
    assert 'class="empty"' in signed_in(reporter).get("/inbox/").content.decode()


def test_wrong_methods_are_refused_and_strangers_sign_in(reporter, client):
    (message,) = tell(reporter)
    own = signed_in(reporter)
    assert own.get("/inbox/read/").status_code == 405
    assert own.post("/inbox/").status_code == 405
    assert own.post(f"/inbox/{message.pk}/").status_code == 405
    for address in ("/inbox/", f"/inbox/{message.pk}/"):
        assert client.get(address).status_code == 302
        assert client.get(address)["Location"].startswith("/accounts/login/")


def test_the_top_bar_tells_how_many_wait(reporter):
    client = signed_in(reporter)
    assert bar(client) == ("Inbox: nothing unread", None)
    first, *_rest = tell(reporter)
    assert bar(client) == ("Inbox: 1 unread message", "1")
    tell(reporter)
    assert bar(client) == ("Inbox: 2 unread messages", "2")
    client.get(f"/inbox/{first.pk}/")
    assert bar(client) == ("Inbox: 1 unread message", "1")


def test_the_top_bar_does_not_count_beyond_what_it_shows(reporter):
    tell(reporter, 101)
    assert bar(signed_in(reporter)) == ("Inbox: more than 99 unread messages", "99+")


def test_a_stranger_has_no_inbox(client):
    assert "/inbox/" not in client.get("/accounts/login/").content.decode()


def test_the_number_costs_one_query_a_page(reporter):
    tell(reporter, 3)
    client = signed_in(reporter)
    with CaptureQueriesContext(connection) as queries:
        client.get("/accounts/profile/")
    assert sum("projects_message" in query["sql"] for query in queries) == 1


def test_the_inbox_takes_as_many_queries_for_one_message_as_for_thirty(reporter):
    client = signed_in(reporter)
    client.get("/inbox/")
    tell(reporter)

    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get("/inbox/")
        return len(found)

    one = queries()
    tell(reporter, 30)
    assert queries() == one


def test_fifty_stand_on_a_page(reporter):
    tell(reporter, 51)
    client = signed_in(reporter)
    assert len(client.get("/inbox/").context["lines"]) == 50
    assert len(client.get("/inbox/?page=2").context["lines"]) == 1
    assert len(client.get("/inbox/?page=abc").context["lines"]) == 50


@pytest.mark.parametrize("kind", sorted(outbox.WORDS))
def test_every_kind_has_words_that_its_parameters_fill(reporter, kind):
    params = dict.fromkeys(
        (
            *("project", "period", "who", "note", "text", "department"),
            *(
                "due",
                "locks",
                "count",
                "projects",
                "until",
                "reason",
                "number",
                "into",
                "obstacles",
            ),
        ),
        "某",
    )
    outbox.post([reporter], kind, key="1", params=params, url="", at=NOW)
    message = Message.objects.get()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert "%(" not in outbox.subject(message) + outbox.text(message)
