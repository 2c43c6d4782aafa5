"""What an administrator changes in the admin site goes past no history."""

from datetime import date
from http import HTTPStatus

import pytest
from django.urls import reverse

from projects import lifecycle
from projects.lifecycle import StatusUpdate
from projects.models import AnnualPlan, Project, Status
from projects.verification import verify
from tests.factories import make_entry, signed_in
from tests.rounds import make_plan, moment

DAY = date(2024, 5, 1)


def posted(client, row, **changed):
    """Send the row's form as the browser does, with some fields changed."""
    address = reverse(f"admin:projects_{row._meta.model_name}_change", args=[row.pk])
    page = client.get(address)
    data = page.context["adminform"].form.initial
    for formset in page.context["inline_admin_formsets"]:
        data |= {
            f"{formset.formset.prefix}-{name}": value
            for name, value in formset.formset.management_form.initial.items()
        }
    data = {name: "" if value is None else value for name, value in data.items()}
    response = client.post(address, {**data, **changed})
    assert response.status_code == HTTPStatus.FOUND, response.context["errors"]
    row.refresh_from_db()


@pytest.fixture
def entry(reporter):
    return make_plan(reporter.department, entry={"goal": "started"})


def test_another_department_is_a_step_of_the_projects_history(entry, admin, outsider):
    posted(
        signed_in(admin),
        entry.project,
        department=outsider.department.pk,
        name="改名",
    )
    change = entry.project.changes.get()
    assert (entry.project.department, entry.project.name) == (outsider.department, "改名")
    assert (change.by, change.before["department"]) == (admin, "500101-JTW")
    assert change.after["department"] == "500101-SLJ"
    assert verify().findings == []


def test_a_new_name_is_found_by_its_pinyin(entry, admin):
    posted(signed_in(admin), entry.project, name="青龙水库")
    assert entry.project.name_initials == "qlsk"


def test_a_form_that_was_opened_before_a_step_does_not_undo_it(entry, admin, manager):
    """The row is written column by column: its head stays that of the step."""
    stale = Project.objects.get(pk=entry.project.pk)
    lifecycle.change_status(
        entry.project,
        StatusUpdate(Status.ACCELERATED),
        version=0,
        by=manager,
        on=DAY,
        at=moment(DAY),
    )
    stale.name = "改名"
    stale.save(update_fields=["name"])
    stale.refresh_from_db()
    assert (stale.name, stale.status, stale.version) == ("改名", "accelerated", 1)
    posted(signed_in(admin), stale, name="又改名", owner_unit="水利局")
    assert verify().findings == []


def test_an_adopted_plan_is_not_changed_in_the_admin_site(entry, admin):
    posted(signed_in(admin), entry, sector="交通", goal="completed", planned_investment="1")
    assert (entry.sector, entry.goal, entry.planned_investment) == ("交通", "started", 1200)
    assert verify().findings == []


def test_a_plan_that_is_not_adopted_is(reporter, admin):
    entry = make_entry()
    posted(signed_in(admin), entry, goal="completed", planned_investment="500")
    assert AnnualPlan.objects.get().goal == "completed"
