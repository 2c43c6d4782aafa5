"""The kinds of proposals and of matches: the words that rows are sorted by."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reading.proposals import (
    AmountFound,
    CommitmentFound,
    CountFound,
    IndicatorFound,
    ProjectFound,
    Proposal,
)


class Kind(models.TextChoices):
    """What a proposal is about."""

    INDICATOR = "indicator", _("Indicator")
    PROJECT = "project", pgettext_lazy("kind of record", "Project")
    COUNT = "count", _("Stated count")
    AMOUNT = "amount", _("Stated amount")
    COMMITMENT = "commitment", _("Commitment")


class Match(models.TextChoices):
    """What a proposal is to what is known already."""

    NEW = "new", _("New")
    KNOWN = "known", _("Recorded already")
    CARRY_OVER = "carry_over", _("Carried over")
    RENAMED = "renamed", _("Perhaps renamed")
    AMBIGUOUS = "ambiguous", _("More than one fits")


class Decision(models.TextChoices):
    """What an officer decided of a proposal."""

    UNDECIDED = "undecided", _("Undecided")
    ACCEPTED = "accepted", _("Accepted")
    CORRECTED = "corrected", _("Corrected")
    DROPPED = "dropped", pgettext_lazy("of a proposal", "Dropped")


PROPOSALS: dict[Kind, type[Proposal]] = {
    Kind.INDICATOR: IndicatorFound,
    Kind.PROJECT: ProjectFound,
    Kind.COUNT: CountFound,
    Kind.AMOUNT: AmountFound,
    Kind.COMMITMENT: CommitmentFound,
}
