"""The codes of facts that a report states: the kind, the year, a running number."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Model

_NUMBER = re.compile(r"-(\d+)$")


@dataclass(slots=True)
class Numbers:
    """Gives out the next code of a model, year by year: count-2025-01, count-2025-02, …"""

    model: type[Model]
    prefix: str
    digits: int = 2
    _last: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def next(self, year: int, prefix: str = "") -> str:
        """A code that no row has."""
        head = f"{prefix or self.prefix}-{year}-"
        if head not in self._last:
            codes = self.model._default_manager.filter(code__startswith=head)
            numbers = [
                int(found[1])
                for code in codes.values_list("code", flat=True)
                if (found := _NUMBER.search(code))
            ]
            self._last[head] = max(numbers, default=0)
        self._last[head] += 1
        return f"{head}{self._last[head]:0{self.digits}}"
