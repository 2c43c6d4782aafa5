"""Refusals, all in one shape (RFC 9457): what went wrong, and which field it is about."""

from collections.abc import Mapping
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as InvalidModel
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

TITLES: dict[int, Any] = {
    400: _("The request cannot be read"),
    401: _("Nobody is signed in"),
    403: _("Not allowed"),
    404: _("There is nothing here"),
    405: _("This is not done here"),
    406: _("There is no such form of the answer"),
    409: _("Not possible as things stand"),
    412: _("Somebody was faster"),
    413: _("Too large"),
    415: _("This kind of content is not read"),
    422: _("The figures do not allow it"),
    428: _("Say which version you have seen"),
    429: _("Too many requests"),
}


class Problem(exceptions.APIException):
    """A refusal with a code, the fields that it is about, and whatever else helps."""

    def __init__(
        self,
        status_code: int,
        code: str,
        detail: str,
        *,
        errors: Mapping[str, list[str]] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail, code)
        self.status_code = status_code
        self.errors = dict(errors or {})
        self.more = more


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The answer to a refusal; None for what is none, which then is a fault of ours."""
    refusal = _refusal(error)
    if refusal is None:
        return None
    headers = {}
    if auth_header := getattr(refusal, "auth_header", ""):
        headers["WWW-Authenticate"] = auth_header
    if wait := getattr(refusal, "wait", None):
        headers["Retry-After"] = str(ceil(wait))
    return Response(_body(refusal), status=refusal.status_code, headers=headers)


def _refusal(error: Exception) -> Any:
    match error:
        case Http404():
            return exceptions.NotFound()
        case PermissionDenied():
            return exceptions.PermissionDenied(*(str(each) for each in error.args))
        case InvalidModel():
            return Problem(422, "invalid", "", errors=_messages(error))
        case exceptions.APIException():
            return error
    return None


def _body(error: exceptions.APIException) -> dict[str, Any]:
    errors, more = getattr(error, "errors", {}), getattr(error, "more", {})
    code = error.get_codes() if isinstance(error.detail, str) else "invalid"
    detail = str(error.detail) if isinstance(error.detail, str) else ""
    if isinstance(error, exceptions.ValidationError):
        errors = dict(_flat("", error.detail))
    detail = detail or "; ".join(message for found in errors.values() for message in found)
    body = {
        "title": str(TITLES.get(error.status_code, error.default_detail)),
        "status": error.status_code,
        "code": code,
        "detail": detail,
    }
    return body | ({"errors": errors} if errors else {}) | more


def _messages(error: InvalidModel) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return {("" if k == "__all__" else k): v for k, v in error.message_dict.items()}
    return {"": error.messages}


def _flat(name: str, detail: Any) -> Any:
    """Messages by the path of their field: `figures.0.value`."""
    if isinstance(detail, Mapping):
        for key, found in detail.items():
            here = "" if key == api_settings.NON_FIELD_ERRORS_KEY else str(key)
            yield from _flat(".".join(filter(None, (name, here))), found)
    elif isinstance(detail, list) and any(isinstance(each, Mapping | list) for each in detail):
        for number, found in enumerate(detail):
            yield from _flat(f"{name}.{number}" if name else str(number), found)
    else:
        found = detail if isinstance(detail, list) else [detail]
        yield name, [str(message) for message in found]
