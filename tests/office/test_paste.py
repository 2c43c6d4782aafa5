"""How a block copied from Excel or WPS is read."""

from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from office.paste import LARGEST_BLOCK, WORDS, Cell, Code, PasteError, Unit, number, rows

WAN, YI, YUAN, PERCENT, NONE = Unit.WAN_YUAN, Unit.YI_YUAN, Unit.YUAN, Unit.PERCENT, Unit.NONE


def texts(block: str) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows(block)]


def read(text: str, unit: Unit = WAN) -> Decimal | None:
    return number(Cell(3, 2, text), unit)


def quoted(text: str) -> str:
    """A cell as Excel copies it: in quotes where it holds a tab, a line break or a quote."""
    if any(mark in text for mark in '\t\n"'):
        return '"' + text.replace('"', '""') + '"'
    return text


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ("", []),
        ("1", [["1"]]),
        ("1\r\n", [["1"]]),
        ("1\t2\r\n3\t4\r\n", [["1", "2"], ["3", "4"]]),
        ("1\t2\n3\t4", [["1", "2"], ["3", "4"]]),
        ("1\r2\r", [["1"], ["2"]]),
        ("\r\n", [[""]]),
        ("\t", [["", ""]]),
        ("1\t\t3\r\n\t\t\r\n4\t5\t", [["1", "", "3"], ["", "", ""], ["4", "5", ""]]),
        ("1\r\n\r\n2\r\n", [["1"], [""], ["2"]]),
        (" a b\u3000\t\u00a0\r\n", [["a b", ""]]),
    ],
)
def test_tabs_part_cells_and_line_breaks_part_rows(block: str, found: list[list[str]]) -> None:
    assert texts(block) == found


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ('"一期完工\n二期开工"\t60\r\n', [["一期完工\n二期开工", "60"]]),
        ('"一期完工\r\n二期开工"\t60\r\n', [["一期完工\n二期开工", "60"]]),
        ('"a\tb"\tc', [["a\tb", "c"]]),
        ('"他说""好"""\t1', [['他说"好"', "1"]]),
        ('""\t1', [["", "1"]]),
        ('5" 管道\t1', [['5" 管道', "1"]]),
        ('"甲"项目\t1\n2\t3', [['"甲"项目', "1"], ["2", "3"]]),
        ('"没有结束\t1\n2\t3', [['"没有结束', "1"], ["2", "3"]]),
        ('a"b\nc"d', [['a"b'], ['c"d']]),
    ],
)
def test_quotes_hold_a_cell_together_only_where_they_enclose_it(
    block: str, found: list[list[str]]
) -> None:
    assert texts(block) == found


def test_cells_know_their_place() -> None:
    assert rows("a\tb\nc") == [[Cell(1, 1, "a"), Cell(1, 2, "b")], [Cell(2, 1, "c")]]


def test_too_large_a_block_is_refused() -> None:
    assert len(rows("1" * LARGEST_BLOCK)) == 1
    with pytest.raises(PasteError) as caught:
        rows("1" * (LARGEST_BLOCK + 1))
    assert caught.value.code is Code.BLOCK_TOO_LARGE


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1234.5", WAN, "1234.5"),
        ("0", WAN, "0"),
        ("-0.00", WAN, "0"),
        ("-12", WAN, "-12"),
        ("+12", WAN, "12"),
        (".5", WAN, "0.5"),
        ("12.", WAN, "12"),
        ("1,234,567.89", WAN, "1234567.89"),
        ("１，２３４．５", WAN, "1234.5"),
        ("−3", WAN, "-3"),
        ("(1,234)", WAN, "-1234"),
        ("（1,234.5）", WAN, "-1234.5"),
        ("¥1,234", YUAN, "0.1234"),
        ("￥ 1,234.00 ", WAN, "1234"),
        ("¥-1,234", WAN, "-1234"),
        ("-¥1,234", WAN, "-1234"),
        ("¥(1,234)", WAN, "-1234"),
        ("1200万元", WAN, "1200"),
        ("1200 万", WAN, "1200"),
        ("1.2亿元", WAN, "12000"),
        ("１．２亿", WAN, "12000"),
        ("5000元", WAN, "0.5"),
        ("1.2", YI, "12000"),
        ("300万元", YI, "300"),
        ("12345678", YUAN, "1234.5678"),
        ("85%", PERCENT, "85"),
        ("85.5 ％", PERCENT, "85.5"),
        ("85", PERCENT, "85"),
        ("0.85", PERCENT, "0.85"),
        ("12", NONE, "12"),
        ("12,345", NONE, "12345"),
        ("9999999999999.9999999999", WAN, "9999999999999.9999999999"),
        ("999,999,999,999,999.99", YI, "9999999999999999900"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, unit: Unit, value: str) -> None:
    result = read(text, unit)

    assert result == Decimal(value)
    assert "E" not in str(result)


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\u00a0\t"])
def test_a_blank_is_not_zero(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("约300", WAN, Code.NOT_A_NUMBER),
        ("三百", WAN, Code.NOT_A_NUMBER),
        ("1 234", WAN, Code.NOT_A_NUMBER),
        ("1.2.3", WAN, Code.NOT_A_NUMBER),
        ("1.234,5", WAN, Code.NOT_A_NUMBER),
        ("--5", WAN, Code.NOT_A_NUMBER),
        ("-(5)", WAN, Code.NOT_A_NUMBER),
        ("(5", WAN, Code.NOT_A_NUMBER),
        ("5)", WAN, Code.NOT_A_NUMBER),
        ("万元", WAN, Code.NOT_A_NUMBER),
        ("3千元", WAN, Code.NOT_A_NUMBER),
        ("2024-10-08", WAN, Code.NOT_A_NUMBER),
        ("NaN", WAN, Code.NOT_A_NUMBER),
        ("Infinity", WAN, Code.NOT_A_NUMBER),
        ("1_000", WAN, Code.NOT_A_NUMBER),
        ("٣", WAN, Code.NOT_A_NUMBER),
        ("9" * 40, WAN, Code.NOT_A_NUMBER),
        ("9" * 20 + ".99999", WAN, Code.NOT_A_NUMBER),
        ("1,23", WAN, Code.BAD_GROUPS),
        ("1234,567", WAN, Code.BAD_GROUPS),
        ("1,2345", WAN, Code.BAD_GROUPS),
        ("1,,234", WAN, Code.BAD_GROUPS),
        ("1.2E+05", WAN, Code.SCIENTIFIC),
        ("1e5", WAN, Code.SCIENTIFIC),
        ("########", WAN, Code.TOO_NARROW),
        ("#DIV/0!", WAN, Code.FORMULA_ERROR),
        ("#N/A", WAN, Code.FORMULA_ERROR),
        ("#NAME?", WAN, Code.FORMULA_ERROR),
        ("-", WAN, Code.NO_FIGURE),
        ("——", WAN, Code.NO_FIGURE),
        ("/", WAN, Code.NO_FIGURE),
        ("无", WAN, Code.NO_FIGURE),
        ("85%", WAN, Code.WRONG_UNIT),
        ("85%", NONE, Code.WRONG_UNIT),
        ("85万元", PERCENT, Code.WRONG_UNIT),
        ("¥85", PERCENT, Code.WRONG_UNIT),
        ("85元", NONE, Code.WRONG_UNIT),
    ],
)
def test_what_is_no_number_is_refused_with_its_place(text: str, unit: Unit, code: Code) -> None:
    with pytest.raises(PasteError) as caught:
        read(text, unit)

    error = caught.value
    assert (error.code, error.row, error.column, error.text) == (code, 3, 2, text)


def test_an_error_names_row_and_column() -> None:
    with pytest.raises(PasteError) as caught:
        read("约300")

    with override("en"):
        assert caught.value.message == "Row 3, column 2: “约300” is not a number."


def test_every_error_has_its_words() -> None:
    assert set(WORDS) == set(Code)
    with override("en"):
        assert all(PasteError(code, 1, 1, "x").message for code in Code)


plain_texts = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"])).map(
    lambda text: text.strip(" \u00a0\u3000\t\n\u200b\ufeff")
)


@given(
    st.lists(st.lists(plain_texts, min_size=1, max_size=4), max_size=4),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_excel_copies_is_what_is_read(table: list[list[str]], line_break: str) -> None:
    block = "".join("\t".join(map(quoted, row)) + line_break for row in table)

    assert texts(block) == table


@given(st.text(st.sampled_from('ab"\t\n\r1')))
def test_every_block_has_as_many_cells_as_it_is_read(block: str) -> None:
    found = rows(block)

    assert bool(found) == bool(block)
    for row_number, row in enumerate(found, start=1):
        assert [(cell.row, cell.column) for cell in row] == [
            (row_number, column) for column in range(1, len(row) + 1)
        ]


@given(st.decimals(-(10**14), 10**14, places=2), st.booleans(), st.booleans())
def test_a_number_survives_excels_dress(value: Decimal, groups: bool, is_full_width: bool) -> None:
    text = f"{value:,.2f}" if groups else f"{value:.2f}"
    if is_full_width:
        text = "".join(chr(ord(char) + 0xFEE0) for char in text)

    assert read(text) == value


@given(st.decimals(0, 10**9, places=4))
def test_units_agree_with_one_another(value: Decimal) -> None:
    assert read(f"{value}亿元") == read(f"{value}", YI) == 10000 * value
    assert read(f"{value}元") == read(f"{value}", YUAN) == value / 10000


@given(st.text(), st.sampled_from(Unit))
def test_any_text_is_a_number_a_blank_or_an_error_with_its_place(text: str, unit: Unit) -> None:
    try:
        value = read(text, unit)
    except PasteError as error:
        place = (error.row, error.column)
    else:
        place = (3, 2)
        assert value is None or value.is_finite()

    assert place == (3, 2)
