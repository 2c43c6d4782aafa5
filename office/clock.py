"""The business date: the real one in Shanghai, or the one that the demo sets."""

from datetime import date

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """The date that the office works on (`WZ_TODAY` where it is set)."""
    if settings.WZ_TODAY:
        return date.fromisoformat(settings.WZ_TODAY)
    return timezone.localdate()
