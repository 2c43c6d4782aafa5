"""A field's value as a fixture writes it, turned into Python; nothing is rounded or guessed."""

import re
import reprlib
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from projects.imports.files import RowError

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def field_of(model: type[models.Model], name: str) -> models.Field:
    """The model's field of this name that fixtures may state; raises RowError."""
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        raise RowError(name, _("unknown key")) from None
    if (
        not isinstance(found, models.Field)
        or found.name != name
        or found.primary_key
        or not found.editable
    ):
        raise RowError(name, _("unknown key"))
    return found


def text_value(name: str, given: Any) -> str:
    """A text that every database can store; raises RowError."""
    if not isinstance(given, str):
        raise RowError(name, _("must be text: %s") % brief(given))
    if "\0" in given or any("\ud800" <= sign <= "\udfff" for sign in given):
        raise RowError(name, _("has characters that are no text"))
    return given


def python_value(name: str, model_field: models.Field, given: Any) -> Any:
    """The value of a field that is no relation; raises RowError."""
    if given is None:
        return None if model_field.null else model_field.get_default()
    match model_field:
        case models.CharField() | models.TextField():
            return text_value(name, given)
        case models.BooleanField():
            if not isinstance(given, bool):
                raise RowError(name, _("must be true or false: %s") % brief(given))
        case models.IntegerField():
            if not isinstance(given, int) or isinstance(given, bool):
                raise RowError(name, _("must be a whole number: %s") % brief(given))
        case models.DecimalField():
            if not _is_number(given):
                raise RowError(name, _("must be a number: %s") % brief(given))
        case models.DateField():
            text_value(name, given)
    try:
        return model_field.to_python(given)
    except ValidationError as error:
        raise RowError(name, "; ".join(error.messages)) from error


def show(value: Any) -> str:
    """A value as reports print it; a composite key is joined, what is empty is left out."""
    if isinstance(value, tuple | list):
        return " · ".join(filter(None, map(show, value)))
    return "" if value is None else str(value)


def brief(given: Any) -> str:
    """What was given, short enough for a message."""
    words = given[:60] if isinstance(given, str) else reprlib.repr(given)
    return words.encode(errors="replace").decode()


def _is_number(given: Any) -> bool:
    if isinstance(given, str):
        return _NUMBER.fullmatch(given) is not None
    return isinstance(given, int | Decimal) and not isinstance(given, bool)
