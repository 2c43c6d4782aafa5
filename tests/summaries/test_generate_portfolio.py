"""A generated portfolio: the same for the same seed, true to every rule and constraint, and readable."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.models import Department, Region, User
from accounts.sample import has_sample_data
from projects import colouring
from projects.models import (
    AnnualPlan,
    LatestFigures,
    Obstacle,
    ProgressReport,
    Project,
    ReportLight,
)
from projects.sample import words
from projects.verification import verify
from summaries import keeping

YEAR, ENTRIES, REGIONS = 2024, 120, 3
TODAY = "2024-10-28"


@pytest.fixture(autouse=True)
def demo(db, settings):
    settings.DEMO = True
    settings.WZ_TODAY = TODAY


def generate(capsys, **changed) -> str:
    """Make one; returns its digest."""
    options = {"entries": ENTRIES, "months": 10, "regions": REGIONS, "seed": 7, **changed}
    call_command("generate_portfolio", **options)
    return capsys.readouterr().out.split()[-1]


def test_a_portfolio_holds_together(capsys):
    generate(capsys)
    connection.check_constraints()
    assert has_sample_data()
    assert AnnualPlan.objects.count() == Project.objects.count() == ENTRIES
    assert Region.objects.filter(level="district").count() == REGIONS
    assert ProgressReport.objects.count() == 12 * ENTRIES
    assert set(ProgressReport.objects.values_list("state", flat=True)) >= {
        "not_due",
        "due",
        "draft",
        "submitted",
        "approved",
    }
    assert set(Obstacle.objects.values_list("state", flat=True)) == {"open", "replied", "cleared"}
    assert set(User.objects.values_list("role", flat=True)) == {
        "staff",
        "manager",
        "leader",
        "admin",
    }
    narratives = ProgressReport.objects.exclude(narrative="")
    assert not narratives.exclude(narrative__startswith=words.MARK).exists()


def rows_of(model) -> list[dict[str, object]]:
    return list(model.objects.order_by("pk").values())


def test_its_columns_are_what_the_rules_would_have_written(capsys):
    generate(capsys, entries=60)
    models = (LatestFigures, ReportLight, Project, Department, Region)
    before = {model: rows_of(model) for model in models}
    for model in (Project, Department, Region):
        for record in model.objects.all():
            record.save()
    reports = ProgressReport.objects.filter(period__year=YEAR)
    colouring.recolour(reports, at="2024-10-28T00:00:00Z")
    for model in models:
        assert rows_of(model) == before[model], model
    assert keeping.differences(YEAR) == []
    found = {finding.chain.partition(":")[0] for finding in verify().findings}
    assert found == {"report", "obstacle"}  # which have no histories; plans have theirs
    assert all(report.full_clean() is None for report in reports[:40])


def test_the_same_seed_makes_the_same_portfolio_and_another_another(capsys):
    digests = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            digests.append(generate(capsys, entries=40, seed=seed))
            transaction.set_rollback(True)
    assert digests[0] == digests[1] != digests[2]


def test_a_site_that_is_no_demo_or_not_empty_is_left_alone(capsys, settings):
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="belong into a demo"):
        generate(capsys)
    settings.DEMO = True
    Region.objects.create(code="500101", name="万州区", level="district")
    with pytest.raises(CommandError, match="此处已有数据"):
        generate(capsys)
    with pytest.raises(CommandError, match="每个区划至少一个条目"):
        generate(capsys, entries=2)
    assert not Project.objects.exists()


def test_its_pages_answer_and_say_that_it_is_sample_data(capsys, client):
    generate(capsys)
    for username, address, shown in (
        ("diaodu", f"/plans/?year={YEAR}", "示例"),
        ("diaodu", f"/?year={YEAR}&month=9", str(ENTRIES)),
        ("tianbao", "/month/", "data-row="),
        ("diaodu", "/review/", 'name="report"'),
        ("diaodu", Project.objects.order_by("pk")[0].get_absolute_url(), "示例"),
    ):
        client.force_login(User.objects.get(username=username))
        page = client.get(address, follow=True)
        assert page.status_code == 200, address
        text = page.content.decode()
        assert "sample-band" in text, address
        assert shown in text, address
