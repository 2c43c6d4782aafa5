"""Finding projects as officers type: part of a name, initials, the beginning of the pinyin, a code.

Each way has its index (migration 0010); which of them is walked, or whether the list is read in its
order until a page is full, is the database's to choose.
"""

import re
from typing import Any

from django.db import connections
from django.db.models import F, Q
from django.db.models.functions import Reverse
from django.db.models.lookups import StartsWith

from office import memory, pairs
from office.keyset import Among
from projects.models import AnnualPlan, Project

FEW = 5_000
"""Of so many projects an entry is found by their keys; of more by looking at entry after entry."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
_PART = pairs.Part.lookup_name


def matching(text: str, prefix: str = "", part: str = _PART) -> Q:
    """Conditions on projects for every word of the text; `prefix` leads to the project ("project__").

    A word with Chinese in it is looked for anywhere in the name; any other also anywhere in the
    initials, at the beginning of the pinyin, and at both ends of the code. `part` is the lookup that
    finds a part: `contains` where rows are looked at one after the other anyway.
    """
    condition = Q()
    for word in text.split():
        found = Q(**{f"{prefix}name__{part}": word})
        letters = _NOT_WORD.sub("", word.lower())
        if letters and not _HAN.search(word):
            found |= Q(**{f"{prefix}name_initials__{part}": letters})
            found |= Q(**{f"{prefix}name_pinyin__startswith": letters})
            code = word.upper()
            found |= Q(**{f"{prefix}code__startswith": code})
            found |= Q(StartsWith(Reverse(F(f"{prefix}code")), code[::-1]))
        condition &= found
    return condition


def matching_entries(text: str) -> Q | Among:
    """Conditions on plan entries: their project matches, or the name that the year's table writes.

    An entry is also found by what another year's table calls its project. Asks the database which
    projects those are (no one index could find rows by words of two tables) and gives their keys.
    That a word is too common for that is remembered for a while: then the list is read in its order,
    which fills a page soon, and the years' own names are all that is looked at.
    """
    common = f"common word:{text}"
    if not memory.recalled(common):
        found = _projects(text)
        if len(found) <= FEW:
            return Among("project_id", found)
        memory.remember(common, True)
    return matching(text, "project__", "contains") | _cited(text, "contains")


def _projects(text: str) -> set[int]:
    """Keys of the projects that are called so, by themselves or by a year's table; of too many not all."""
    named = Project.objects.filter(matching(text)).order_by().values_list("pk", flat=True)
    cited = AnnualPlan.objects.filter(_cited(text)).order_by().values_list("project", flat=True)
    both: tuple[Any, Any] = named[: FEW + 1], cited[: FEW + 1]
    if connections[named.db].features.supports_slicing_ordering_in_compound:
        return set(both[0].union(both[1]))
    return {*both[0], *both[1]}


def _cited(text: str, lookup: str = _PART) -> Q:
    condition = Q()
    for word in text.split():
        condition &= Q(**{f"cited_name__{lookup}": word})
    return condition
