"""Validators: whether a reader has the present state already, and which version a writer has seen."""

import json
from hashlib import blake2b
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.request import Request

VARY = ("Accept-Language", "Authorization", "Cookie")


def tag_of(content: bytes, version: int | None = None) -> str:
    """A validator of this content; with a version it can be sent back as If-Match."""
    digest = blake2b(content, digest_size=12).hexdigest()
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'


def version_of(tag: str) -> int | None:
    """The version within a validator that tag_of made; None where it has none."""
    version, dash, _digest = tag.strip().removeprefix("W/").strip('"').partition("-")
    if not dash or not (version.isascii() and version.isdecimal() and len(version) < 10):
        return None
    return int(version)


def is_known(request: Request, tag: str) -> bool:
    """Whether the reader says that it has this state."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or tag in {each.removeprefix("W/") for each in known}


def encode(body: Any) -> bytes:
    """JSON as the API writes it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def respond(request: Request, body: Any, *, tag: str = "", version: int | None = None) -> Any:
    """The body with its validator, or 304 where the reader has it; `tag` where it is known already."""
    content = encode(body)
    tag = tag or tag_of(content, version)
    if is_known(request, tag):
        return not_modified(tag)
    return _validated(HttpResponse(content, content_type="application/json"), tag)


def not_modified(tag: str) -> HttpResponse:
    """304."""
    return _validated(HttpResponseNotModified(), tag)


def _validated(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, VARY)
    return response
