"""Writing answers."""

from typing import Any

from rest_framework import renderers

PROBLEM = "application/problem+json"


class JSONRenderer(renderers.JSONRenderer):
    """UTF-8 JSON; an answer with an error has the media type of a problem (RFC 9457)."""

    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> Any:
        """The answer's bytes."""
        response = (renderer_context or {}).get("response")
        if response is not None and response.status_code >= 400:
            response["Content-Type"] = PROBLEM
        return super().render(data, accepted_media_type, renderer_context)
