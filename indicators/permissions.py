"""Who reads and who keeps indicators and commitments: they are the whole office's to read.

They name no region: they are those of the place whose office runs the installation.
"""

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import works_everywhere
from accounts.roles import Ability
from indicators.models import Commitment, Indicator, Observation


def visible_indicators(user: User) -> QuerySet[Indicator]:
    """All indicators: the report that states them is public."""
    return Indicator.objects.all() if user.is_active else Indicator.objects.none()


def visible_observations(user: User) -> QuerySet[Observation]:
    """What was measured of the visible indicators."""
    return Observation.objects.filter(indicator__in=visible_indicators(user))


def visible_commitments(user: User) -> QuerySet[Commitment]:
    """All commitments: the report that states them is public."""
    return Commitment.objects.all() if user.is_active else Commitment.objects.none()


def may_keep_indicators(user: User) -> bool:
    """Enter what was measured: the office that runs the installation."""
    return user.can(Ability.KEEP_INDICATORS) and works_everywhere(user)
