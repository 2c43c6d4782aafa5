"""Data in plain form for people who script: JSON, and tables of text that line up."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from unicodedata import east_asian_width


def as_json(data: object, indent: int | None = 2) -> str:
    """The data as JSON; a decimal becomes the number that it writes."""
    return json.dumps(data, ensure_ascii=False, indent=indent, default=_number)


def lined_up(rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines whose columns line up in a terminal, where a Chinese character takes two places."""
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*texts, strict=True)]
    return [
        "  ".join(
            text + " " * (width - _width(text)) for text, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in texts
    ]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _number(value: object) -> int | float | str:
    """A decimal as the JSON number of the same digits; in words where no number holds them all."""
    if not isinstance(value, Decimal):
        raise TypeError(f"not for JSON: {value!r}")
    if value == value.to_integral_value():
        return int(value)
    number = float(value)
    return number if Decimal(repr(number)) == value else str(value)
