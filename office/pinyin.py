"""Pinyin of Chinese names, for sorting them and for finding them by keyboard."""

import re

from pypinyin import Style, lazy_pinyin

_DIGITS = re.compile(r"\d+")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


def full(text: str) -> str:
    """The whole pinyin without tones, blanks or marks: 新田港 -> "xintiangang"."""
    return _NOT_WORD.sub("", "".join(lazy_pinyin(text)).lower())


def initials(text: str) -> str:
    """First letters of the syllables: 新田港二期 -> "xtgeq"; digits and Latin letters stay."""
    letters = lazy_pinyin(text, style=Style.FIRST_LETTER)
    return _NOT_WORD.sub("", "".join(letters).lower())


def sort_key(text: str) -> str:
    """A key that sorts names as a Chinese dictionary does, numbers by their size."""
    padded = _DIGITS.sub(lambda match: match.group().zfill(8), text)
    return " ".join(lazy_pinyin(padded)).lower()
