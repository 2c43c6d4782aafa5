"""Who may administer, what an administrator may not do, and whose tokens are whose."""

from collections.abc import Iterable

from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import ApiToken, User
from accounts.roles import Ability, Role


def may_administer(user: User) -> bool:
    """Open the admin site: reference data, users, fixtures."""
    return user.is_authenticated and user.can(Ability.ADMINISTER)


@transaction.atomic
def leaves_no_administrator(leaving: Iterable[User]) -> bool:
    """Whether nobody could administer any more without these people.

    The administrators' rows stay locked to the end of the surrounding transaction, so that two
    of them cannot take the role from each other at the same moment.
    """
    administrators = set(
        User.objects.select_for_update()
        .filter(role=Role.ADMIN, is_active=True)
        .values_list("pk", flat=True)
    )
    return administrators != set() and administrators <= {user.pk for user in leaving}


def own_tokens(user: User) -> QuerySet[ApiToken]:
    """A person's own tokens; administrators revoke others' in the admin site."""
    return ApiToken.objects.filter(user=user)


def has_left_traces(user: User) -> bool:
    """Whether the admin site's log names this person; deleting the account would delete the log."""
    return LogEntry.objects.filter(user=user).exists()
