"""Departments and regions as the choices of a workbook: their code, and the name that people write."""

from collections import Counter

from accounts.models import Department, Region, TreeQuerySet


def departments() -> list[tuple[str, str]]:
    """The departments that still exist."""
    return _choices(Department.objects.offered())


def regions() -> list[tuple[str, str]]:
    """All regions."""
    return _choices(Region.objects.all())


def _choices(found: TreeQuerySet) -> list[tuple[str, str]]:
    """Codes with names; a name that stands twice is told apart by its code."""
    rows = list(found.order_by("path").values_list("code", "name"))
    names = Counter(name for _code, name in rows)
    return [(code, name if names[name] == 1 else f"{name} ({code})") for code, name in rows]
