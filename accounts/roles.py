"""The one table of roles: which abilities each role has."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is in the office; everything allowed follows from ABILITIES."""

    STAFF = "staff", _("Reporting officer")
    MANAGER = "manager", _("Scheduling manager")
    ADMIN = "admin", _("System administrator")
    LEADER = "leader", _("Leader")


class Ability(StrEnum):
    """One thing that a role may or may not do."""

    SEE_ALL = "see_all"  # projects of every department, not only one's own
    UPDATE_OWN = "update_own"  # status and monthly reports of one's own department's projects
    UPDATE_ALL = "update_all"  # status and monthly reports of any project
    REVIEW = "review"  # approve, return and reopen monthly reports; judge lights
    RUN_ROUNDS = "run_rounds"  # move, lock and reopen the monthly rounds; remind
    KEEP_PLANS = "keep_plans"  # adopt and revise the year's plan, move obstacles
    BUILD_SUMMARY = "build_summary"
    KEEP_LIGHT_RULES = "keep_light_rules"  # write and adopt the rule of the lights
    KEEP_INDICATORS = "keep_indicators"  # enter what was measured
    ANSWER_QUESTIONS = "answer_questions"  # explain and close data questions
    PUBLISH = "publish"  # decide which lists are open data
    ADMINISTER = "administer"  # the admin site: reference data, users, fixtures


ABILITIES: dict[str, frozenset[Ability]] = {
    Role.STAFF: frozenset({Ability.UPDATE_OWN}),
    Role.MANAGER: frozenset(
        {
            Ability.SEE_ALL,
            Ability.UPDATE_OWN,
            Ability.UPDATE_ALL,
            Ability.REVIEW,
            Ability.RUN_ROUNDS,
            Ability.KEEP_PLANS,
            Ability.BUILD_SUMMARY,
            Ability.KEEP_INDICATORS,
            Ability.ANSWER_QUESTIONS,
            Ability.PUBLISH,
        }
    ),
    Role.ADMIN: frozenset(Ability),
    Role.LEADER: frozenset({Ability.SEE_ALL}),
}

REGIONAL_APPS = frozenset({"accounts"})
REGIONAL_PERMISSIONS = frozenset(
    f"accounts.{verb}_{model}"
    for verb in ("add", "change", "delete", "view")
    for model in ("user", "department")
)
"""What the administrator of a region keeps in the admin site: its people and its departments."""
