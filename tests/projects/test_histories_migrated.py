"""The histories that part one wrote without digests are chained when the site is brought up to date."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from projects import audit, chains
from projects.models import AnnualPlan, PlanRevision, Project, StatusChange

BEFORE = [("projects", "0001_initial")]


@pytest.fixture
def old_apps(transactional_db):
    executor = MigrationExecutor(connection)
    newest = executor.loader.graph.leaf_nodes()
    executor.migrate(BEFORE)
    yield executor.loader.project_state([*BEFORE, ("accounts", "0002_dissolved_into")]).apps
    MigrationExecutor(connection).migrate(newest)


def test_steps_taken_before_there_were_chains_are_chained(old_apps):
    get = old_apps.get_model
    person = get("accounts", "User").objects.create(username="zhang", role="manager")
    project = get("projects", "Project").objects.create(code="500101-0001", name="路", version=3)
    entry = get("projects", "AnnualPlan").objects.create(project=project, year=2024)
    for old, new in (("started", "accelerated"), ("accelerated", "completed")):
        get("projects", "StatusChange").objects.create(
            project=project, old_status=old, new_status=new, by=person, after={"status": new}
        )
    recorded = timezone.now()
    get("projects", "PlanRevision").objects.create(
        entry=entry,
        field="goal",
        old="started",
        new="completed",
        approved_by="区人大常委会",
        approved_on=recorded.date(),
        reason="中期调整",
        recorded_by=person,
    )

    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())

    for model, owner in (
        (StatusChange, Project.objects.get()),
        (PlanRevision, AnnualPlan.objects.get()),
    ):
        head = ""
        for number, step in enumerate(model.objects.order_by("number"), start=1):
            assert (step.number, step.previous) == (number, head)
            assert step.digest == audit.digest(head, chains.payload(step))
            head = step.digest
        assert (owner.version, owner.head) == (number, head)
    revision = PlanRevision.objects.get()
    assert (revision.before, revision.after) == ({"goal": "started"}, {"goal": "completed"})
    assert (revision.by.username, revision.action) == ("zhang", "revise")
    assert revision.at >= recorded
