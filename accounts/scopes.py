"""What a token may be used for: a closed list; none grants more than its owner's role."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.roles import ABILITIES, Ability


class Scope(models.TextChoices):
    """One kind of work that a program may be trusted with."""

    READ = "read", _("Read what I may see")
    REPORT = "report", _("Save and submit monthly reports")
    REVIEW = "review", _("Approve, return and reopen monthly reports")
    OBSTACLES = "obstacles", _("Raise obstacles and take the steps of clearing them")
    KEEP = "keep", _("Enter indicators' results, answer data questions")


NEEDS: dict[Scope, frozenset[Ability]] = {
    Scope.READ: frozenset(),
    Scope.REPORT: frozenset({Ability.UPDATE_OWN, Ability.UPDATE_ALL}),
    Scope.REVIEW: frozenset({Ability.REVIEW}),
    Scope.OBSTACLES: frozenset({Ability.UPDATE_OWN, Ability.UPDATE_ALL, Ability.KEEP_PLANS}),
    Scope.KEEP: frozenset({Ability.KEEP_INDICATORS, Ability.ANSWER_QUESTIONS}),
}
"""A scope is of use to a role that has one of these abilities; reading is everybody's."""


def offered(role: str) -> list[Scope]:
    """The scopes that a person of this role has any use for."""
    return [scope for scope in Scope if not NEEDS[scope] or NEEDS[scope] & ABILITIES[role]]
