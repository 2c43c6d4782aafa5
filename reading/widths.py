"""One shape for the signs that reports write in two widths, without moving any of them.

What is matched is the canonical copy of a line; what is quoted is the line. Both have the same
length, so that a place in one is the same place in the other.
"""

import re

_HALF = {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)}
_HALF |= {code: chr(code - 0xFEE0) for code in range(0xFF21, 0xFF3B)}
_HALF |= {code: chr(code - 0xFEE0) for code in range(0xFF41, 0xFF5B)}
_SHAPES = {
    **_HALF,
    ord("％"): "%",
    ord("﹪"): "%",
    ord("．"): ".",
    ord("＋"): "+",
    ord("－"): "-",
    ord("−"): "-",
    ord("＃"): "#",
    ord("＊"): "*",
    ord("＆"): "&",
    ord("／"): "/",
    ord("\u3000"): " ",
    ord("\u00a0"): " ",
    ord("("): "（",
    ord(")"): "）",
    ord("〔"): "（",
    ord("〕"): "）",
    ord(";"): "；",
    ord("﹔"): "；",
    ord("!"): "！",
    ord("?"): "？",
    ord("｡"): "。",
    ord("､"): "、",
    ord("["): "【",
    ord("]"): "】",
    ord("［"): "【",
    ord("］"): "】",
}
# Thousands typed at full width: the comma among such digits is theirs.
_WIDE_THOUSANDS = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?:[^０-９]|$))")
_COMMA = re.compile(r"(?<![0-9]),|,(?![0-9])")
_COLON = re.compile(r"(?<![0-9]):|:(?![0-9])")
_SPACES = re.compile(r"\s+")


def canonical(text: str) -> str:
    """The text with one width of each sign; as long as it was, sign for sign."""
    shaped = _WIDE_THOUSANDS.sub(",", text).translate(_SHAPES)
    return _COLON.sub("：", _COMMA.sub("，", shaped))


def squeezed(text: str) -> str:
    """The canonical text without any blank: for headings and for comparing names."""
    return _SPACES.sub("", canonical(text))
