"""Finding projects as officers type: part of a name, a code, pinyin or its initials."""

import re

from django.db.models import Q

_HAN = re.compile(r"[\u3400-\u9fff]")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def matching(text: str, prefix: str = "") -> Q:
    """Conditions for every word of the text; `prefix` leads to the project ("project__").

    A word with Chinese in it is looked for in the name; any other also in the code, the pinyin
    and the initials.
    """
    condition = Q()
    for word in text.split():
        found = Q(**{f"{prefix}name__contains": word})
        if prefix:
            found |= Q(cited_name__contains=word)
        letters = _NOT_WORD.sub("", word.lower())
        if letters and not _HAN.search(word):
            found |= (
                Q(**{f"{prefix}code__icontains": word})
                | Q(**{f"{prefix}name_initials__contains": letters})
                | Q(**{f"{prefix}name_pinyin__contains": letters})
            )
        condition &= found
    return condition
