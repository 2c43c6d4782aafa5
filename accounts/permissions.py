"""Who may administer; the rest of the rules stand with what they are about."""

from accounts.models import User
from accounts.roles import Ability


def may_administer(user: User) -> bool:
    """Open the admin site: reference data, users, fixtures."""
    return user.is_authenticated and user.can(Ability.ADMINISTER)
