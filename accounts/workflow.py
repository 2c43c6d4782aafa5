"""What is done with an account: a temporary password, an unlocked sign-in, a new password."""

import secrets

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User

# Letters and digits that are not mistaken for one another when read aloud or copied by hand.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 4


def new_temporary_password() -> str:
    """A random password of four groups of four, about 79 bits: "h4kp-…"."""
    return "-".join(
        "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP_LENGTH)) for _ in range(_GROUPS)
    )


@transaction.atomic
def set_temporary_password(user: User) -> str:
    """Give the account a random password that must be changed at once, and unlock its sign-in.

    Returns the password: it is stored nowhere else. The person's sessions end with the old one.
    """
    password = new_temporary_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    unlock(user)
    return password


def unlock(user: User) -> bool:
    """Forget the failed attempts of this user name; true where there were any."""
    return bool(reset(username=user.username))


def is_locked(user: User) -> bool:
    """Whether signing in is refused at present because of repeated failures."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    failures = AccessAttempt.objects.filter(username=user.username, attempt_time__gte=since)
    counts = failures.values_list("failures_since_start", flat=True)
    return bool(sum(counts) >= settings.AXES_FAILURE_LIMIT)
