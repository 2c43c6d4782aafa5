"""Whose office a person works in: the name of its place, as the frame of every page shows it."""

from django.db.models import QuerySet

from accounts.models import Region, User
from accounts.permissions import place_of
from office.memory import remembered


def place_name(user: User | None) -> str:
    """重庆市万州区: the place of this person's office with those above it; of a stranger the installation's."""
    key = f"place:{user.region_id or ''}:{user.department_id or ''}" if user else "place"
    return remembered(key, lambda: full_name((place_of(user) if user else None) or lowest_of_all()))


def full_name(region: Region | None) -> str:
    """The names from the highest region down to this one; "" where there is none."""
    if region is None:
        return ""
    above: QuerySet[Region] = Region.objects.at_or_above(region).order_by("path")
    return "".join(above.values_list("name", flat=True))


def lowest_of_all() -> Region | None:
    """The lowest region that has every other one above or below it; None where none has.

    Towns do not count: a district is the place of its office though it has a single town.
    """
    regions = Region.objects.exclude(level=Region.Level.TOWN).order_by("path")
    last = regions.last()
    if last is None:
        return None
    beside = regions.exclude(path__in=last.paths_upwards).first()
    if beside is None:
        return last
    both = set(beside.paths_upwards) & set(last.paths_upwards)
    return regions.filter(path__in=both).last()
