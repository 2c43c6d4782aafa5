"""Reads the cells of a workbook as officers fill them in: money, percentages, days, months, choices.

What can be read in two ways is refused, with what would be clear.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from office.excel import Cell, Formula
from office.intake import UNITS, Field, Type, Value
from office.paste import Cell as TypedCell
from office.paste import PasteError, Unit, number

FIRST_SERIAL, LAST_SERIAL = 18_264, 73_050
"""The days that spreadsheets number so: 1950 to 2099."""

_EPOCH = date(1899, 12, 30)
_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?"
)
_SHORT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")
_SHORT_MONTH = re.compile(r"(\d{4})(\d{2})")


class CellError(ValueError):
    """A cell cannot be read; `allowed` is what would be right."""

    def __init__(self, message: str, allowed: str) -> None:
        super().__init__(message)
        self.message = message
        self.allowed = allowed


def read(
    field: Field,
    cell: Cell,
    *,
    labels: Mapping[str, str],
    unit: str = "",
    has_formats: bool = True,
) -> Value:
    """The value of a cell; None, for words "", where it is blank.

    `labels` are labels_of(field), `unit` is the one that the heading names. `has_formats` tells whether a percentage that is
    shown as 85% arrives as that: from a file of the old kind it arrives as 0.85. Raises CellError.
    """
    value = cell.value
    is_words = field.type in (Type.TEXT, Type.CODE, Type.CHOICE)
    if value is None or value == "":
        return "" if is_words else None
    if isinstance(value, str):
        if isinstance(value, Formula):
            message = _("The formula “%(text)s” has no value. Enter what it gives.")
            raise CellError(message % {"text": value[:40]}, _allowed(field))
        value = value.strip()
        if not value:
            return "" if is_words else None
    if field.type in _FIGURES:
        return _figure(field, cell, value, unit, has_formats=has_formats)
    if field.type is Type.DAY:
        return _day(field, value)
    if field.type is Type.MONTH:
        return _month(field, value)
    if field.type is Type.CHOICE:
        return _choice(field, cell.text, labels)
    return _words(field, cell.text)


def labels_of(field: Field) -> dict[str, str]:
    """The codes of a field's choices by their labels in the site's languages, and by themselves."""
    choices = field.choices()
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES if choices else ():
        with translation.override(language):
            found |= {_folded(str(label)): code for code, label in choices}
    return found | {_folded(code): code for code, _label in choices}


def shown(field: Field, value: Value) -> str | Decimal | int | date:
    """A value as a workbook shows it: the label of a choice, 1200 and no 1200.00; "" for none."""
    if value is None or value == "":
        return ""
    if field.type is Type.CHOICE:
        return next((str(label) for code, label in field.choices() if code == value), str(value))
    if isinstance(value, Decimal):
        return value.normalize() + 0
    return str(value) if isinstance(value, bool) else value


def told(field: Field, value: Value) -> str:
    """A value in words for the page; "" for none."""
    found = shown(field, value)
    if isinstance(found, Decimal):
        return f"{found:,f}"
    return found.isoformat() if isinstance(found, date) else str(found)


def plain(value: Value) -> str | int | bool | None:
    """A value in what JSON knows."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def revived(field: Field, value: str | int | bool | None) -> Value:
    """What plain() made of a value of this field, as it was."""
    if value is None:
        return None
    if field.type in _FIGURES and field.type is not Type.INTEGER:
        return Decimal(str(value))
    return date.fromisoformat(str(value)) if field.type is Type.DAY else value


_FIGURES: Mapping[Type, Unit] = {
    Type.MONEY: Unit.WAN_YUAN,
    Type.PERCENT: Unit.PERCENT,
    Type.INTEGER: Unit.NONE,
    Type.NUMBER: Unit.NONE,
}


def _figure(
    field: Field, cell: Cell, value: object, unit: str, *, has_formats: bool
) -> Decimal | int:
    column = Unit(unit) if unit and field.type is Type.MONEY else _FIGURES[field.type]
    if isinstance(value, Decimal):
        found: Decimal | None = value
        if column is Unit.YI_YUAN:
            found = value.scaleb(4) + 0
        elif column is Unit.YUAN:
            found = value.scaleb(-4) + 0
        if field.type is Type.PERCENT and not has_formats and 0 < value < 1:
            message = _("“%(text)s” may be that many percent, or a hundred times as many.")
            raise CellError(message % {"text": cell.text}, _allowed(field))
    elif isinstance(value, str):
        try:
            found = number(TypedCell(1, 1, value), column)
        except PasteError as error:
            message = _("“%(text)s” is not a figure that can be read.")
            raise CellError(message % {"text": value[:40]}, _allowed(field)) from error
    else:
        found = None
    if found is None:
        message = _("“%(text)s” is not a figure that can be read.")
        raise CellError(message % {"text": cell.text[:40]}, _allowed(field))
    if field.type is not Type.INTEGER:
        return found
    if found != found.to_integral_value() or abs(found) >= 2**31:
        message = _("“%(text)s” is no whole number.")
        raise CellError(message % {"text": cell.text[:40]}, _allowed(field))
    return int(found)


def _day(field: Field, value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _narrow(value)
    if text.isdecimal() and FIRST_SERIAL <= int(text) <= LAST_SERIAL:
        return _EPOCH + timedelta(days=int(text))
    found = _DAY.fullmatch(text) or _SHORT_DAY.fullmatch(text)
    if found is not None:
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            pass
    if _MONTH.fullmatch(text):
        message = _("“%(text)s” names a month and no day.")
    else:
        message = _("“%(text)s” is no day.")
    raise CellError(message % {"text": text[:40]}, _allowed(field))


def _month(field: Field, value: object) -> str:
    if isinstance(value, date):
        return f"{value.year}-{value.month:02d}"
    text = _narrow(value)
    found = _MONTH.fullmatch(text) or _SHORT_MONTH.fullmatch(text)
    is_cut = isinstance(value, Decimal) and text.endswith(".1")  # 2024.10, or 2024.1?
    if found is None and text.isdecimal() and FIRST_SERIAL <= int(text) <= LAST_SERIAL:
        return _month(field, _EPOCH + timedelta(days=int(text)))
    if found is None or is_cut or not 1 <= int(found[2]) <= 12:
        message = _("“%(text)s” is no month of a year.")
        raise CellError(message % {"text": text[:40]}, _allowed(field))
    return f"{found[1]}-{int(found[2]):02d}"


def _choice(field: Field, text: str, labels: Mapping[str, str]) -> str:
    found = labels.get(_folded(text))
    if found is None:
        allowed = " · ".join(str(label) for _code, label in field.choices()[:30])
        message = _("“%(text)s” is not in the list.")
        raise CellError(message % {"text": text[:40]}, allowed)
    return found


def _words(field: Field, text: str) -> str:
    if field.type is Type.CODE:
        text = _narrow(text)
    if len(text) > field.longest:
        message = _("The text has %(count)s characters.") % {"count": len(text)}
        allowed = _("At most %(limit)s characters") % {"limit": field.longest}
        raise CellError(message, allowed)
    return text.replace("\r\n", "\n")


def _narrow(value: object) -> str:
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return unicodedata.normalize("NFKC", text).strip()


def _folded(text: str) -> str:
    return "".join(_narrow(text).split()).casefold()


def _allowed(field: Field) -> str:
    return str(UNITS[field.type])
