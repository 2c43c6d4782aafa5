"""How the API is described: an operation bears its view's title, in the reader's language."""

from typing import Any

from drf_spectacular.openapi import AutoSchema


class TitledSchema(AutoSchema):
    """Reading is titled by the view's `title`; what writes says its own (extend_schema)."""

    def get_summary(self) -> Any:
        """One line; None where nobody wrote any."""
        title = getattr(self.view, "title", None)
        return None if title is None else str(title)
