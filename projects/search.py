"""Finding projects as officers type: part of a name, initials, the beginning of the pinyin, a code.

Each way has its index (migration 0010); which of them is walked, or whether the list is read in its
order until a page is full, is the database's to choose.
"""

import re

from django.db.models import F, Q
from django.db.models.functions import Reverse
from django.db.models.lookups import StartsWith

from office import pairs
from projects.models import AnnualPlan, Project

FEW = 500
"""Of so many projects an entry is found by their keys; of more by looking at entry after entry."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_PART = pairs.Part.lookup_name


def matching(text: str, prefix: str = "") -> Q:
    """Conditions on projects for every word of the text; `prefix` leads to the project ("project__").

    A word with Chinese in it is looked for anywhere in the name; any other also anywhere in the
    initials, at the beginning of the pinyin, and at both ends of the code.
    """
    condition = Q()
    for word in text.split():
        found = Q(**{f"{prefix}name__{_PART}": word})
        letters = _NOT_WORD.sub("", word.lower())
        if letters and not _HAN.search(word):
            found |= Q(**{f"{prefix}name_initials__{_PART}": letters})
            found |= Q(**{f"{prefix}name_pinyin__startswith": letters})
            code = word.upper()
            found |= Q(**{f"{prefix}code__startswith": code})
            found |= Q(StartsWith(Reverse(F(f"{prefix}code")), code[::-1]))
        condition &= found
    return condition


def matching_entries(text: str) -> Q:
    """Conditions on plan entries: their project matches, or the name that the year's table writes.

    An entry is also found by what another year's table calls its project. Asks the database which
    projects those are: no one index could find rows by words of two tables.
    """
    named = Project.objects.filter(matching(text)).order_by().values_list("pk", flat=True)
    cited = AnnualPlan.objects.filter(_cited(text)).order_by().values_list("project", flat=True)
    found = {*named[: FEW + 1], *cited[: FEW + 1]}
    if len(found) <= FEW:
        return Q(project__in=found)
    # Both names are mostly one: the second condition is told so that few more rows are expected of it.
    return matching(text, "project__") | (_cited(text) & _cited(text, "contains"))


def _cited(text: str, lookup: str = _PART) -> Q:
    condition = Q()
    for word in text.split():
        condition &= Q(**{f"cited_name__{lookup}": word})
    return condition
