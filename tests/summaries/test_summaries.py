"""Issued summaries: read by everyone who works here, in either language, and taken away as JSON."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.html import escape

from summaries import builder, digest, issuing, workflow
from summaries.models import DocumentRun, ProgressSummary
from tests.factories import signed_in

pytestmark = pytest.mark.usefixtures("report_loaded")


def build(by, year=2024) -> ProgressSummary:
    kind = DocumentRun.Kind.PROGRESS_SUMMARY
    run = workflow.ask(kind=kind, parameters={"year": year}, by=by, now=timezone.now())
    builder.build(run.pk)
    return ProgressSummary.objects.latest("pk")


@pytest.mark.parametrize("persona", ["reporter", "outsider", "leader", "manager", "admin"])
def test_everyone_who_works_here_reads_summaries_and_only_some_build_them(
    persona, request, manager
):
    summary = build(manager)
    issuing.issue(summary.pk, by=manager, at=timezone.now())
    client = signed_in(request.getfixturevalue(persona))
    for path in (
        "/summaries/",
        summary.get_absolute_url(),
        f"/summaries/{summary.pk}/figures.json",
    ):
        assert client.get(path).status_code == 200
    offered = "/documents/build/" in client.get("/summaries/").content.decode()
    assert offered == (persona in ("manager", "admin"))
    runs = client.get("/documents/").context["rows"]
    assert bool(runs) == (persona not in ("reporter", "outsider"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("year", [2023, 2024])
def test_the_page_names_every_project_and_every_target(manager, language, year):
    summary = build(manager, year)
    client = signed_in(manager)
    client.cookies["django_language"] = language
    page = client.get(summary.get_absolute_url()).content.decode()
    for group in summary.figures["projects"]["groups"]:
        for project in group["projects"]:
            assert escape(project["name"]) in page
    for row in summary.figures["indicators"]["rows"]:
        assert escape(row["name"]) in page
    assert summary.digest in page


def test_the_links_of_the_counts_list_exactly_so_many_entries(manager):
    client = signed_in(manager)
    for year in (2023, 2024):
        page = client.get(build(manager, year).get_absolute_url()).context["page"]
        rows = [row for category in page.categories for row in category.rows]
        counted = [(row.url, row.count) for row in rows]
        counted += [(category.url, category.count) for category in page.categories]
        counted += [(url, count) for _kind, _stage, count, url in page.stage_totals]
        counted += [(row.url, row.named) for row in page.stated_counts if row.named is not None]
        for url, count in counted:
            assert client.get(url).context["totals"]["count"] == count, url


def test_the_json_holds_what_the_digest_covers(manager):
    summary = build(manager)
    response = signed_in(manager).get(f"/summaries/{summary.pk}/figures.json")
    assert "attachment" in response["Content-Disposition"]
    content = json.loads(response.content)
    covered = ("year", "month", "rule_version", "figures", "headline", "text")
    again = ProgressSummary(**{name: content[name] for name in covered})
    assert digest.of_summary(again) == content["digest"] == summary.digest
    assert content["cut_off"] == json.loads(json.dumps(summary.cut_off, cls=DjangoJSONEncoder))


def test_a_page_says_which_other_summary_says_the_same_and_which_is_newer(manager):
    first, second = build(manager), build(manager)
    client = signed_in(manager)
    context = client.get(first.get_absolute_url()).context
    assert (context["same"], context["newer"]) == (second, None)
    first.__class__.objects.filter(pk=second.pk).update(digest="f" * 64)
    context = client.get(first.get_absolute_url()).context
    assert (context["same"], context["newer"]) == (None, second)


def test_a_summary_changed_behind_the_system_s_back_is_told_apart(manager):
    summary = build(manager)
    client = signed_in(manager)
    assert client.get(summary.get_absolute_url()).context["intact"]
    ProgressSummary.objects.filter(pk=summary.pk).update(headline="更好看的一年")
    assert not client.get(summary.get_absolute_url()).context["intact"]


def test_a_summary_that_does_not_exist_is_not_found(manager):
    assert signed_in(manager).get("/summaries/404/").status_code == 404
    assert signed_in(manager).get("/summaries/404/figures.json").status_code == 404


def test_the_list_takes_the_same_number_of_queries_for_1_and_for_30_summaries(
    manager, django_assert_num_queries, django_assert_max_num_queries
):
    summary = build(manager)
    client = signed_in(manager)
    client.get("/summaries/")
    with django_assert_max_num_queries(20) as first:
        client.get("/summaries/")
    run = DocumentRun.objects.get()
    for _ in range(30):
        summary.pk = None
        summary.save()
        run.pk, run.summary = None, summary
        run.save()
    with django_assert_num_queries(len(first)):
        client.get("/summaries/")


def test_the_admin_site_shows_summaries_and_runs_and_changes_neither(admin, manager):
    summary = build(manager)
    client = signed_in(admin)
    for name, pk in (("progresssummary", summary.pk), ("documentrun", summary.runs.get().pk)):
        assert client.get(f"/admin/summaries/{name}/").status_code == 200
        assert client.get(f"/admin/summaries/{name}/{pk}/change/").status_code == 200
        assert client.post(f"/admin/summaries/{name}/{pk}/change/", {}).status_code == 403
        assert client.post(f"/admin/summaries/{name}/{pk}/delete/", {}).status_code == 403
        assert client.get(f"/admin/summaries/{name}/add/").status_code == 403
