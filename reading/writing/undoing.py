"""Taking back what a reading wrote, as a whole, while nothing has been built on it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from indicators import recording
from indicators.models import Observation
from office import runs
from projects import cell_marks
from projects.models import AnnualPlan, Project
from reading.models import ReadingRow, ReportReading
from reading.writing.outcome import put_back, stored

Key = tuple[str, int]


class BuiltOnError(Exception):
    """Something was built on what was written, or changed since; the message names it."""


def undo(reading_id: int, *, by: User, now: datetime) -> ReportReading:
    """Delete what the reading added and put back what it changed, all or nothing.

    Raises BuiltOnError, and nothing is taken back, where an added record has gained others, a
    history or another value since, or a changed field holds something else than was written.
    """
    with transaction.atomic():
        cell_marks.wait_for_other_moves()
        reading = ReportReading.objects.select_for_update().get(pk=reading_id)
        if reading.state != ReportReading.State.APPLIED:
            raise BuiltOnError(_("This reading is not written."))
        steps = [step for row in _rows(reading) for step in row.written]
        added = [_key(step) for step in steps if step["added"]]
        entries = [pk for label, pk in _keys(steps) if label == "projects.annualplan"]
        projects = [pk for label, pk in _keys(steps) if label == "projects.project"]
        of_projects = AnnualPlan.objects.filter(project__in=projects)
        with cell_marks.moving(lambda: AnnualPlan.objects.filter(pk__in=entries) | of_projects):
            for step in reversed(steps):
                _take_back(step, frozenset(added), by=by)
        document, reading.document = reading.document, None
        reading.state = ReportReading.State.UNDONE
        reading.log = [*reading.log, runs.event_of("undone", now, name=str(by))]
        reading.save(update_fields=["state", "document", "log"])
        if document is not None:
            document.delete()
    return reading


def _rows(reading: ReportReading) -> Iterable[ReadingRow]:
    """In the order in which they were written: by kind as writing sorts them, then by position."""
    return reading.rows.exclude(written=[]).order_by("position")


def _take_back(step: dict[str, Any], added: frozenset[Key], *, by: User) -> None:
    model = apps.get_model(step["model"])
    record = model._default_manager.select_for_update().filter(pk=step["pk"]).first()
    if record is None:
        raise BuiltOnError(_("%(name)s is gone.") % {"name": step["name"]})
    if step["added"]:
        _refuse_what_was_built_on(record, added)
        record.delete()
        return
    for name, _old, new in step["changes"]:
        if stored(record, name) != new:
            raise BuiltOnError(_("%(name)s was changed since.") % {"name": record})
    for name, old, _new in step["changes"]:
        put_back(record, name, old)
    if isinstance(record, Observation):
        # Who corrects a figure leaves a trace, also where he puts the old one back.
        recording.record(record.indicator, record.year, _figures(record), by=by)
        return
    record.save(update_fields=[name for name, _old, _new in step["changes"]])


def _refuse_what_was_built_on(record: Model, added: frozenset[Key]) -> None:
    if isinstance(record, (Project, AnnualPlan)) and record.version > 0:
        raise BuiltOnError(_("%(name)s has a history since.") % {"name": record})
    for relation in record._meta.related_objects:
        theirs = relation.related_model
        label = theirs._meta.label_lower
        found = theirs._base_manager.filter(**{relation.field.name: record.pk})
        for pk in found.values_list("pk", flat=True):
            if (label, pk) not in added:
                what = {"name": record, "what": theirs._meta.verbose_name}
                raise BuiltOnError(_("%(name)s has a %(what)s since.") % what)


def _figures(observation: Observation) -> dict[str, Any]:
    return {name: getattr(observation, name) for name in recording.FIELDS}


def _keys(steps: Iterable[dict[str, Any]]) -> Iterable[Key]:
    return [_key(step) for step in steps]


def _key(step: dict[str, Any]) -> Key:
    return step["model"], step["pk"]
