"""Reading what a program sends: JSON of bounded size, in which nothing is doubtful."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser


class TooLargeError(APIException):
    """More than anybody has to say."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    """UTF-8 JSON; no NaN, no name twice, no tower of brackets."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> object:
        """The value; raises ParseError or TooLargeError, saying why."""
        content = stream.read(settings.API_BODY_BYTES + 1)
        if len(content) > settings.API_BODY_BYTES:
            size = settings.API_BODY_BYTES // 1024
            raise TooLargeError(_("The body is larger than %(size)s KiB.") % {"size": size})
        try:
            return json.loads(content.decode(), parse_constant=_no_number, object_pairs_hook=_once)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deep.")) from error
        except ValueError as error:
            raise ParseError(_("This is no JSON: %(why)s.") % {"why": error}) from error


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _once(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found
