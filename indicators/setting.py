"""Setting a year's targets, and revising them as a body decides; the report's own words stay."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from indicators.models import Indicator, Target, TargetRevision


@transaction.atomic
def keep(target: Target, changed: Collection[str]) -> None:
    """Store a target of which these fields were changed, or a new one; `text` only of a new one.

    The caller has validated it and asked permissions.may_keep_indicators.
    """
    if target._state.adding:
        target.save(force_insert=True)
    elif kept := set(changed) - {"text"}:
        target.save(update_fields=kept)


@transaction.atomic
def revise(revision: TargetRevision) -> None:
    """Put new words in force beside a target's own.

    Raises ValidationError where the model refuses the revision. The caller has asked
    permissions.may_keep_indicators.
    """
    # One at a time: what is revised is what is in force.
    Indicator.objects.select_for_update().get(pk=revision.target.indicator_id)
    revision.old_text = in_force(revision.target)
    revision.full_clean()
    revision.save(force_insert=True)


def in_force(target: Target) -> str:
    """The words that count: those of the last revision, else the target's own."""
    revisions = list(target.revisions.all())
    revisions.sort(key=lambda each: (each.approved_on or date.max, each.pk))
    return revisions[-1].new_text if revisions else target.text
