"""The code that the system gives a new project: the region's, a dash, the next number of the region."""

import re

from accounts.models import Region
from projects.models import Project

_NUMBER = re.compile(r"-(\d+)$")


def next_code(region: Region) -> str:
    """A code that no project of the region has; call it inside the transaction that uses it."""
    codes = Project.objects.filter(code__startswith=f"{region.code}-").values_list(
        "code", flat=True
    )
    numbers = [int(found[1]) for code in codes if (found := _NUMBER.search(code))]
    return f"{region.code}-{max(numbers, default=0) + 1:04}"
