"""How often a person may ask, whatever the number of tokens: counted in the cache, minute by minute."""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


class PersonThrottle(BaseThrottle):
    """settings.API_RATES; reading and writing are counted apart."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request; one increment in the cache."""
        if not request.user.is_authenticated:
            return True  # refused anyway
        kind = "read" if request.method in SAFE_METHODS else "write"
        number, _slash, unit = settings.API_RATES[kind].partition("/")
        length = SECONDS[unit]
        now = time.time()
        window = int(now // length)
        self.left = (window + 1) * length - now
        key = f"api-rate:{kind}:{request.user.pk}:{window}"
        try:
            count = cache.incr(key)
        except ValueError:
            cache.add(key, 0, timeout=length)
            count = cache.incr(key)
        return bool(count <= int(number))

    def wait(self) -> float:
        """Seconds until the next window."""
        return max(1.0, self.left)
