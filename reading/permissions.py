"""Who has reports read and writes what they say: those who keep the year's list, of all regions.

A report is held against all that the site knows, and its indicators are the whole installation's.
"""

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import works_everywhere
from accounts.roles import Ability
from reading.models import ReadingRow, ReportReading


def may_read_reports(user: User) -> bool:
    """Upload a report, review what was found in it, write it; hold a draft against the data."""
    return user.can(Ability.KEEP_PLANS) and works_everywhere(user)


def visible_readings(user: User) -> QuerySet[ReportReading]:
    """All readings for those who may have reports read; for others there are none."""
    return ReportReading.objects.all() if may_read_reports(user) else ReportReading.objects.none()


def visible_rows(user: User) -> QuerySet[ReadingRow]:
    """Rows of the visible readings."""
    return ReadingRow.objects.filter(reading__in=visible_readings(user))
