"""How the API is described: titles in the reader's language, and the refusals of every operation."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema

REFUSALS = ("400", "401", "403", "404", "406", "429")
REFUSED_WRITES = ("409", "412", "413", "415", "422", "428")
PROBLEM = {"$ref": "#/components/responses/Problem"}


class TitledSchema(AutoSchema):
    """Reading is titled by the view's `title`; what writes says its own (extend_schema)."""

    def get_summary(self) -> Any:
        """One line; None where nobody wrote any."""
        title = getattr(self.view, "title", None)
        return None if title is None else str(title)


def add_refusals(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Say of every operation what it may be refused with: one shape for all (problems.py)."""
    result["components"]["responses"] = {"Problem": problem()}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            codes = REFUSALS if method == "get" else REFUSALS + REFUSED_WRITES
            operation["responses"] |= dict.fromkeys(codes, PROBLEM)
    return result


def problem() -> dict[str, Any]:
    """A refusal as OpenAPI says it."""
    words = {"type": "array", "items": {"type": "string"}}
    properties = {
        "title": {"type": "string", "description": str(_("What kind of refusal it is, in words."))},
        "status": {"type": "integer"},
        "code": {
            "type": "string",
            "description": str(_("What kind of refusal it is, for programs.")),
        },
        "detail": {"type": "string", "description": str(_("Why, in the reader's language."))},
        "errors": {
            "type": "object",
            "additionalProperties": words,
            "description": str(_("The messages by field; an empty name stands for the whole.")),
        },
    }
    required = ["title", "status", "code", "detail"]
    schema = {"type": "object", "required": required, "properties": properties}
    return {
        "description": str(_("Refused: the code says why.")),
        "content": {"application/problem+json": {"schema": schema}},
    }
