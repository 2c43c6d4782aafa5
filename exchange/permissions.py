"""Who reads and who decides on imports; who may bring in what, each kind says itself."""

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Ability
from exchange.models import ImportRun


def visible_runs(user: User) -> QuerySet[ImportRun]:
    """A person's own imports; an administrator's are everybody's."""
    if user.can(Ability.ADMINISTER):
        return ImportRun.objects.all()
    return ImportRun.objects.filter(by=user) if user.is_active else ImportRun.objects.none()


def may_decide(user: User, run: ImportRun) -> bool:
    """Write what was read, or take it back: whoever brought the file in."""
    return user.is_active and run.by_id == user.pk
