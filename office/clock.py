"""The business date: the real one in Shanghai, or the one that the demo sets."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The date that the office works on (`WZ_TODAY` where it is set)."""
    if settings.WZ_TODAY:
        return date.fromisoformat(settings.WZ_TODAY)
    return timezone.localdate()


def now() -> datetime:
    """This moment, on the business date: the demo's clock runs on the demo's day."""
    moment = timezone.localtime()
    day = today()
    return moment.replace(year=day.year, month=day.month, day=day.day)
