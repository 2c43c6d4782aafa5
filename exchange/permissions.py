"""Who reads and who decides on imports; who may bring in what, each kind says itself."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import visible_users, works_everywhere
from accounts.roles import Ability
from exchange.models import ImportRun


def visible_runs(user: User) -> QuerySet[ImportRun]:
    """A person's own imports; for an administrator those of everybody whose account they keep."""
    if user.can(Ability.ADMINISTER) and works_everywhere(user):
        return ImportRun.objects.all()
    if user.can(Ability.ADMINISTER):
        return ImportRun.objects.filter(by__in=visible_users(user))
    return ImportRun.objects.filter(by=user) if user.is_active else ImportRun.objects.none()


def may_decide(user: User, run: ImportRun) -> bool:
    """Write what was read, or take it back: whoever brought the file in."""
    return user.is_active and run.by_id == user.pk
