"""Whether invented sample data are loaded, so that every page can say so."""

from django.core.cache import cache

from accounts.models import Department

_KEY = "accounts.has_sample_data"


def has_sample_data() -> bool:
    """True where a department of the demo exists; remembered for a minute."""
    found = cache.get(_KEY)
    if found is None:
        found = Department.objects.filter(is_sample=True).exists()
        cache.set(_KEY, found, 60)
    return bool(found)


def forget_sample_data() -> None:
    """Ask the database again; called after sample data were loaded or removed."""
    cache.delete(_KEY)
