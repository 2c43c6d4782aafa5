"""Entering what was measured: one transaction, and a row that tells who changed what."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from indicators.models import Area, Indicator, Observation, ObservationChange

FIELDS = ("status", "value", "text", "growth", "growth_unit", "note")


@transaction.atomic
def record(
    indicator: Indicator, year: int, figures: Mapping[str, Any], *, by: User
) -> ObservationChange | None:
    """Keep the district's figures of a whole year; None where nothing changed.

    `figures` holds values for all of FIELDS. A result that the report states keeps its citation,
    which then leads to what the report said. The caller has asked
    permissions.may_keep_indicators. Raises ValidationError where the model refuses the figures.
    """
    # One at a time, the first result of a year too, of which there is no row to lock.
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    key = {"indicator": indicator, "year": year, "month": None, "area": Area.DISTRICT}
    found = Observation.objects.filter(**key).first()
    observation = found or Observation(**key)
    before = _words(observation) if found else {}
    for name in FIELDS:
        setattr(observation, name, figures[name])
    after = _words(observation)
    changed = [name for name in FIELDS if before.get(name, "") != after[name]]
    if not changed:
        return None
    observation.full_clean()
    observation.save()
    return ObservationChange.objects.create(
        observation=observation,
        before={name: before[name] for name in changed if name in before},
        after={name: after[name] for name in changed},
        by=by,
    )


def _words(observation: Observation) -> dict[str, str]:
    return {name: _word(getattr(observation, name)) for name in FIELDS}


def _word(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}"
    return "" if value is None else str(value)
