"""Asking for a summary, watching its run, asking again: who may, and what comes of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from summaries import builder, workflow
from summaries.models import DocumentRun
from tests.factories import make_entry, signed_in

pytestmark = pytest.mark.any_database


@pytest.fixture
def entry(db):
    """Something to sum up."""
    return make_entry(year=2024, goal="started")


@pytest.fixture
def run(entry, manager) -> DocumentRun:
    """A run that waits."""
    kind = DocumentRun.Kind.PROGRESS_SUMMARY
    return workflow.ask(kind=kind, parameters={"year": 2024}, by=manager, now=timezone.now())


@pytest.fixture
def failed(run) -> DocumentRun:
    """A run that failed."""
    workflow.fail(
        workflow.claim(run.pk, now=timezone.now()), ValueError("disk full"), now=timezone.now()
    )
    run.refresh_from_db()
    return run


@pytest.fixture
def person(request):
    """The persona whose name the test gives."""
    return request.getfixturevalue(request.param)


ASKED = {"kind": "progress_summary", "year": 2024}
# persona → asking for a summary, looking at a run, asking again
MATRIX = {
    "reporter": (403, 404, 404),
    "outsider": (403, 404, 404),
    "leader": (403, 200, 403),
    "manager": (302, 200, 302),
    "admin": (302, 200, 302),
}


@pytest.mark.parametrize("person", MATRIX, indirect=True)
def test_who_may_do_what(person, failed, request):
    client = signed_in(person)
    expected = MATRIX[request.node.callspec.params["person"]]
    look = client.get(f"/documents/{failed.pk}/").status_code
    ask = client.post("/documents/build/", ASKED).status_code
    DocumentRun.objects.exclude(pk=failed.pk).delete()
    again = client.post(f"/documents/{failed.pk}/retry/").status_code
    assert (ask, look, again) == expected


def test_strangers_are_sent_to_the_door(client, failed):
    for path in ("/", "/summaries/", failed.get_absolute_url()):
        assert client.get(path).status_code == 302
    assert client.post("/documents/build/", ASKED).status_code == 302
    assert DocumentRun.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/documents/build/"),
        ("get", "/documents/{pk}/retry/"),
        ("post", "/documents/{pk}/"),
        ("post", "/summaries/"),
        ("delete", "/documents/{pk}/"),
        ("post", "/"),
    ],
)
def test_wrong_methods_are_refused(manager, failed, method, path):
    assert getattr(signed_in(manager), method)(path.format(pk=failed.pk)).status_code == 405


def test_asking_queues_a_run_and_sends_it_after_the_commit(
    entry, manager, broker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as callbacks:
        response = signed_in(manager).post("/documents/build/", ASKED)
        assert broker.llen("wz:celery") == 0
    run = DocumentRun.objects.get()
    assert response.url == run.get_absolute_url()
    assert (run.state, run.parameters, run.asked_by) == ("queued", {"year": 2024}, manager)
    for callback in callbacks:
        callback()
    assert broker.llen("wz:celery") == 1


def test_asking_twice_leads_to_the_run_under_way(run, admin):
    response = signed_in(admin).post("/documents/build/", ASKED, follow=True)
    assert response.redirect_chain == [(run.get_absolute_url(), 302)]
    assert DocumentRun.objects.count() == 1


@pytest.mark.parametrize("year", ["", "1999", "abc", "2024; DROP", "9" * 5000])
def test_a_year_of_which_nothing_is_recorded_cannot_be_asked_for(entry, manager, year):
    response = signed_in(manager).post("/documents/build/", {**ASKED, "year": year})
    assert response.url == "/documents/?kind=progress_summary"
    assert not DocumentRun.objects.exists()


def test_the_page_fetches_itself_while_the_run_is_under_way_and_then_stops(run, manager):
    client = signed_in(manager)
    url = run.get_absolute_url()
    assert f'hx-get="{url}"' in client.get(url).content.decode()
    fragment = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith("<section")
    assert 'hx-trigger="every 1s"' in fragment
    builder.build(run.pk)
    fragment = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in fragment
    assert DocumentRun.objects.get().summary.get_absolute_url() in fragment


def test_a_failure_shows_its_reason_and_the_way_to_run_it_again(failed, manager, leader):
    page = signed_in(manager).get(failed.get_absolute_url()).content.decode()
    assert "ValueError" in page
    assert "disk full" in page
    assert "Traceback" not in page
    assert "/retry/" in page
    assert "/retry/" not in signed_in(leader).get(failed.get_absolute_url()).content.decode()


def test_run_again_queues_and_sends_the_failed_run(
    failed, admin, broker, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(admin).post(f"/documents/{failed.pk}/retry/")
    failed.refresh_from_db()
    assert (failed.state, failed.asked_by) == ("queued", admin)
    assert broker.llen("wz:celery") == 1


def test_run_again_of_a_run_under_way_changes_nothing(run, admin, broker):
    response = signed_in(admin).post(f"/documents/{run.pk}/retry/")
    assert response.url == run.get_absolute_url()
    run.refresh_from_db()
    assert len(run.log) == 1
    assert broker.llen("wz:celery") == 0


def test_a_run_without_a_sign_of_life_offers_to_run_it_again(run, manager):
    workflow.claim(run.pk, now=timezone.now() - workflow.PATIENCE - timedelta(seconds=5))
    page = signed_in(manager).get(run.get_absolute_url())
    assert page.context["lost"]
    assert "/retry/" in page.content.decode()


def test_a_run_that_does_not_exist_is_not_found(manager, db):
    assert signed_in(manager).get("/documents/404/").status_code == 404
    assert signed_in(manager).post("/documents/404/retry/").status_code == 404
