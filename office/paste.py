"""Reads a block that was copied from Excel or WPS: its cells, and the numbers in them."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

LARGEST_BLOCK = 1_000_000
"""Characters; more is no block that a person copied from a table by hand."""

MOST_DIGITS = 24
"""Of one number, so that no unit makes it longer than a Decimal is exact (28)."""


class Unit(StrEnum):
    """What a bare number in a column means. Money becomes 万元, whatever it was written in."""

    WAN_YUAN = "万元"
    YI_YUAN = "亿元"
    YUAN = "元"
    PERCENT = "%"
    NONE = ""


class Code(StrEnum):
    """Why a block or a cell cannot be read."""

    BLOCK_TOO_LARGE = "block_too_large"
    NOT_A_NUMBER = "not_a_number"
    BAD_GROUPS = "bad_groups"
    SCIENTIFIC = "scientific"
    TOO_NARROW = "too_narrow"
    FORMULA_ERROR = "formula_error"
    NO_FIGURE = "no_figure"
    WRONG_UNIT = "wrong_unit"


WORDS = {
    Code.BLOCK_TOO_LARGE: _("The block is too large to be pasted: import it as a file."),
    Code.NOT_A_NUMBER: _("Row %(row)s, column %(column)s: “%(text)s” is not a number."),
    Code.BAD_GROUPS: _(
        "Row %(row)s, column %(column)s: the commas of “%(text)s” do not part thousands."
    ),
    Code.SCIENTIFIC: _(
        "Row %(row)s, column %(column)s: “%(text)s” has lost digits."
        " Show the cell as a number and copy it again."
    ),
    Code.TOO_NARROW: _(
        "Row %(row)s, column %(column)s: the column was too narrow to show its number."
        " Widen it and copy it again."
    ),
    Code.FORMULA_ERROR: _("Row %(row)s, column %(column)s: the formula gives “%(text)s”."),
    Code.NO_FIGURE: _(
        "Row %(row)s, column %(column)s: “%(text)s” is neither 0 nor blank."
        " Enter 0 or leave it empty."
    ),
    Code.WRONG_UNIT: _(
        "Row %(row)s, column %(column)s: “%(text)s” is not in the unit of its column."
    ),
}


class PasteError(ValueError):
    """The block or a cell cannot be read; rows and columns are counted from 1 within the block."""

    def __init__(self, code: Code, row: int = 0, column: int = 0, text: str = "") -> None:
        super().__init__(f"row {row}, column {column}: {code.value}: {text!r}")
        self.code = code
        self.row = row
        self.column = column
        self.text = text

    @property
    def message(self) -> str:
        """The error in the reader's language."""
        params = {"row": self.row, "column": self.column, "text": self.text[:40]}
        return WORDS[self.code] % params


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a pasted block: its place, counted from 1, and its text; "" where it is blank."""

    row: int
    column: int
    text: str


def rows(block: str) -> list[list[Cell]]:
    """Take a copied block apart into its rows of cells.

    Cells are parted by tabs, rows by line breaks; a cell that contains either stands in double
    quotes, its own quotes doubled. A quotation mark that opens no such cell is text. The line
    break at the end, which Excel and WPS add, opens no row; blank cells and rows in between stay,
    so that everything keeps its place. Blanks around a cell's text are dropped. Rows may differ
    in length.

    Raises PasteError where the block is larger than LARGEST_BLOCK characters.
    """
    if len(block) > LARGEST_BLOCK:
        raise PasteError(Code.BLOCK_TOO_LARGE)
    block = _LINE_BREAK.sub("\n", block)
    found: list[list[Cell]] = []
    row: list[Cell] = []
    position = 0
    while (position < len(block) or row) and (match := _CELL.match(block, position)):
        quoted = match["quoted"]
        text = match.group() if quoted is None else quoted.replace('""', '"')
        row.append(Cell(len(found) + 1, len(row) + 1, text.strip(_BLANKS)))
        position = match.end() + 1
        if block[match.end() : position] != "\t":
            found.append(row)
            row = []
    return found


def number(cell: Cell, unit: Unit) -> Decimal | None:
    """Read a cell as a number; None where it is blank, which is not zero.

    `unit` is that of the column. A cell may name its own: 1.2亿元, 300万 and 5000元 all become
    万元, and a percentage loses its sign (85% is 85; a bare 0.85 is 0.85%). Full-width
    characters, commas between thousands, a sign of yuan, and brackets around a negative amount
    are understood.

    Raises PasteError, naming row and column, for anything else: text, misplaced commas, digits lost
    to the display (1.2E+05, ####), the error of a formula, a dash or 无 for nothing, a unit of
    another kind.
    """
    text = cell.text.translate(_HALF_WIDTH).strip(_BLANKS)
    if not text:
        return None
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise PasteError(_why_no_number(text), cell.row, cell.column, cell.text)
    digits, named = match["digits"], match["unit"] or ""
    if "," in digits and not _GROUPED.fullmatch(digits):
        raise PasteError(Code.BAD_GROUPS, cell.row, cell.column, cell.text)
    factor = _factor(unit, named, is_yuan="¥" in text)
    if factor is None:
        raise PasteError(Code.WRONG_UNIT, cell.row, cell.column, cell.text)
    plain_digits = digits.replace(",", "")
    if len(plain_digits) > MOST_DIGITS:
        raise PasteError(Code.NOT_A_NUMBER, cell.row, cell.column, cell.text)
    value = Decimal(plain_digits).scaleb(factor) + 0  # 12000, not 1.2E+4
    is_negative = match["sign"] == "-" or match["open"] is not None
    return -value if is_negative and value else value


_LINE_BREAK = re.compile(r"\r\n?")
_CELL = re.compile(r'"(?P<quoted>[^"]*+(?:""[^"]*+)*+)"(?=[\t\n]|\Z)|[^\t\n]*')
_BLANKS = " \u00a0\u3000\t\n\u200b\ufeff"

# Full-width ASCII and the other shapes of minus, yuan and percent.
_HALF_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    0x00A0: " ",
    0x3000: " ",
    0x2212: "-",
    0xFE63: "-",
    0xFF65: ".",
    0xFE6A: "%",
    0xFFE5: "¥",
}
_STANDS_FOR_NOTHING = frozenset("-‐‑‒–—―/无")
_NUMBER = re.compile(
    r"""
    ¥? [ ]* (?P<sign>[+-](?![ ¥]*\())? [ ]* ¥? [ ]* (?P<open>\()? [ ]*
    (?P<digits>[0-9][0-9,]{0,23}(?:\.[0-9]{0,10})?|\.[0-9]{1,10})
    [ ]* (?P<unit>%|万元?|亿元?|元)? [ ]*
    (?(open)\))
    """,
    re.VERBOSE,
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?[Ee][+-]?[0-9]+")
_FORMULA_ERROR = re.compile(r"#[A-Z0-9/_]+[!?]?", re.IGNORECASE)

# Powers of ten by which an amount becomes 万元.
_TO_WAN = {"元": -4, "万": 0, "万元": 0, "亿": 4, "亿元": 4}


def _factor(unit: Unit, named: str, *, is_yuan: bool) -> int | None:
    """The power of ten to the column's own measure, None where the kinds differ."""
    if unit is Unit.PERCENT:
        return 0 if named in ("", "%") and not is_yuan else None
    if unit is Unit.NONE:
        return 0 if not named and not is_yuan else None
    return _TO_WAN.get(named or unit.value)


def _why_no_number(text: str) -> Code:
    if set(text) <= _STANDS_FOR_NOTHING:
        return Code.NO_FIGURE
    if set(text) == {"#"}:
        return Code.TOO_NARROW
    if _FORMULA_ERROR.fullmatch(text):
        return Code.FORMULA_ERROR
    if _SCIENTIFIC.fullmatch(text):
        return Code.SCIENTIFIC
    return Code.NOT_A_NUMBER
