"""Chains the histories that were written before there were chains."""

from itertools import groupby

from django.db import migrations

from projects import audit

NOT_DIGESTED = frozenset({"id", "previous", "digest", "seal_id"})
REPLACED = frozenset({"field", "old", "new", "recorded_by_id", "recorded_at"})


def chain(apps, schema_editor):
    """Give each old step its number and digests, and each owner its version and head."""
    get = apps.get_model
    for revision in get("projects", "PlanRevision").objects.iterator():
        revision.before = {revision.field: revision.old}
        revision.after = {revision.field: revision.new}
        revision.by_id = revision.recorded_by_id
        revision.at = revision.recorded_at
        revision.save()
    get("projects", "Project").objects.update(version=0)
    _link(get("projects", "StatusChange"), get("projects", "Project"), "project")
    _link(get("projects", "PlanRevision"), get("projects", "AnnualPlan"), "entry")


def _link(model, owner_model, owner):
    steps = model.objects.order_by(f"{owner}_id", "at", "pk").iterator()
    for pk, chained in groupby(steps, key=lambda step: getattr(step, f"{owner}_id")):
        head, number = "", 0
        for number, step in enumerate(chained, start=1):
            step.number = number
            step.before, step.after = audit.plain(step.before), audit.plain(step.after)
            payload = {
                field.attname: getattr(step, field.attname)
                for field in model._meta.concrete_fields
                if field.attname not in NOT_DIGESTED | REPLACED
            }
            step.previous = head
            step.digest = head = audit.digest(head, {"chain": f"{owner}:{pk}", **payload})
            step.save()
        owner_model.objects.filter(pk=pk).update(version=number, head=head)


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_monthly_round")]

    operations = [migrations.RunPython(chain, migrations.RunPython.noop)]
