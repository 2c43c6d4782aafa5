from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from office import cell_values
from office.cell_values import CellError
from office.excel import Cell, Formula, Row
from office.intake import Field, Type
from tests.workbooks import whole

DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))
MONEY = st.decimals(0, 10**9, places=2)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def field(kind, **more):
    return Field("x", "栏", type=kind, **more)


def read(kind, value, **more):
    choices = more.pop("choices", None)
    made = field(kind, **({"choices": lambda: choices} if choices else {}))
    return cell_values.read(
        made, Cell("表", 2, 3, value), labels=cell_values.labels_of(made), **more
    )


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2024-03-05", date(2024, 3, 5)),
        ("2024/3/5", date(2024, 3, 5)),
        ("2024.3.5", date(2024, 3, 5)),
        ("2024年3月5日", date(2024, 3, 5)),
        ("２０２４年３月５日", date(2024, 3, 5)),
        (" 2024 年 3 月 5 日 ", date(2024, 3, 5)),
        ("20240305", date(2024, 3, 5)),
        (Decimal(20240305), date(2024, 3, 5)),
        (Decimal(45356), date(2024, 3, 5)),
        ("45356", date(2024, 3, 5)),
        (datetime(2024, 3, 5), date(2024, 3, 5)),  # noqa: DTZ001 - as the reading library gives it
        ("2024-03-05 00:00:00", date(2024, 3, 5)),
        ("", None),
        (None, None),
    ],
)
def test_days_as_officers_type_them(value, day):
    assert read(Type.DAY, value) == day


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2024年3月", "names a month and no day"),
        ("2024-02-30", "is no day"),
        ("三月五日", "is no day"),
        (Decimal("2024.3"), "names a month and no day"),
        (Decimal("0.85"), "is no day"),
        ("#DIV/0!", "is no day"),
    ],
)
def test_what_is_no_day_is_told_with_one_that_is(value, words):
    with pytest.raises(CellError, match=words) as error:
        read(Type.DAY, value)
    assert error.value.allowed == "A day, such as 2024-03-05"


@pytest.mark.parametrize(
    "value",
    ["2024-03", "2024年3月", "2024.3", "2024/03", "202403", Decimal(202403), "２０２４年３月"],
)
def test_months_as_officers_type_them(value):
    assert read(Type.MONTH, value) == "2024-03"


@pytest.mark.parametrize("value", [Decimal("2024.1"), "2024-13", "3月", "2024"])
def test_what_may_be_two_months_or_none_is_refused(value):
    with pytest.raises(CellError, match="is no month"):
        read(Type.MONTH, value)


@pytest.mark.parametrize(
    ("value", "unit", "amount"),
    [
        ("1,200.50", "", "1200.50"),
        ("１２００", "", "1200"),
        ("0.12亿元", "", "1200"),
        (Decimal("0.12"), "亿元", "1200"),
        ("0.12", "亿元", "1200"),
        ("300万元", "亿元", "300"),
        (Decimal(12_000_000), "元", "1200"),
        (Decimal(0), "", "0"),
    ],
)
def test_money_in_the_unit_that_cell_or_heading_names(value, unit, amount):
    assert read(Type.MONEY, value, unit=unit) == Decimal(amount)


@pytest.mark.parametrize("value", ["许多", "1,2,3", "85%", "—", True, "1.2E+05", "####"])
def test_what_is_no_money(value):
    with pytest.raises(CellError, match="not a figure"):
        read(Type.MONEY, value)


def test_a_percentage_below_one_in_an_old_file_is_refused():
    assert read(Type.PERCENT, "85%") == 85
    assert read(Type.PERCENT, Decimal("0.85")) == Decimal("0.85")
    with pytest.raises(CellError, match="a hundred times"):
        read(Type.PERCENT, Decimal("0.85"), has_formats=False)


def test_a_formula_without_its_value_is_no_blank():
    with pytest.raises(CellError, match="has no value"):
        read(Type.TEXT, Formula("=A1"))
    assert read(Type.TEXT, "=A1") == "=A1"


def test_choices_in_either_language_by_code_and_however_wide():
    choices = (("industry", translation.gettext_lazy("Industry")), ("other", "Ａ类"))
    for value in ("Industry", "产业发展", "industry", "产业 发展"):
        assert read(Type.CHOICE, value, choices=choices) == "industry"
    assert read(Type.CHOICE, "a类", choices=choices) == "other"
    with pytest.raises(CellError) as error:
        read(Type.CHOICE, "农业", choices=choices)
    assert error.value.allowed == "Industry · Ａ类"


def test_whole_numbers_and_long_words():
    assert read(Type.INTEGER, Decimal(3)) == 3
    with pytest.raises(CellError, match="no whole number"):
        read(Type.INTEGER, Decimal("3.5"))
    with pytest.raises(CellError, match="401 characters"):
        read(Type.TEXT, "字" * 401)


@settings(max_examples=60)
@given(DAYS, st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]))
def test_any_day_in_any_form_is_that_day(day, form):
    assert read(Type.DAY, day.strftime(form)) == day
    assert read(Type.DAY, Decimal((day - date(1899, 12, 30)) // timedelta(days=1))) == day


@settings(max_examples=60)
@given(MONEY)
def test_any_amount_reads_the_same_in_any_unit(amount):
    assert read(Type.MONEY, amount) == amount
    assert read(Type.MONEY, f"{amount:,}") == amount
    assert read(Type.MONEY, f"{amount.scaleb(-4):f}", unit="亿元") == amount
    assert read(Type.MONEY, amount.scaleb(4) + 0, unit="元") == amount


@settings(max_examples=60)
@given(
    st.sampled_from(Type), st.one_of(st.text(max_size=12), st.decimals(allow_nan=False), st.dates())
)
def test_whatever_stands_in_a_cell_is_read_or_refused_and_what_is_read_survives_storage(
    kind, value
):
    if isinstance(value, Decimal) and not value.is_finite():
        return
    made = field(kind)
    with suppress(CellError):
        found = read(kind, value)
        assert cell_values.revived(made, cell_values.plain(found)) == found


class TestHeadings:
    COLUMNS = (
        Field("code", "项目编码", required=True, type=Type.CODE, is_key=True),
        Field("invested", "累计完成投资（万元）", ("投资",), type=Type.MONEY),
        Field("percent", "形象进度（%）", ("形象进度",), type=Type.PERCENT),
    )

    def told(self, *lines):
        rows = [
            Row(
                "表", number, tuple(Cell("表", number, at, text) for at, text in enumerate(line, 1))
            )
            for number, line in enumerate(lines, 1)
        ]
        return whole(rows, self.COLUMNS)

    def test_titles_and_notes_may_stand_above_and_columns_in_any_order(self):
        found = self.told(
            ["三月填报表", None, None],
            ["填报单位：交通局", None, None],
            ["形象进度（％）", "累计完成投资 (万元)", "项目编码"],
            [Decimal(25), Decimal(300), "A1"],
        )
        assert found.faults == []
        assert found.records[0].text("code") == "A1"

    def test_merged_headings_of_two_rows_are_read_together(self):
        found = self.told(
            ["项目编码", "完成情况", None],
            [None, "投资", "形象进度"],
            ["A1", Decimal(300), Decimal(25)],
        )
        assert found.faults == []
        record = found.records[0]
        assert [record.text(name) for name in ("code", "invested", "percent")] == [
            "A1",
            "300",
            "25",
        ]
        assert record.address("percent") == "C3"

    def test_a_heading_may_name_another_unit_of_money_and_no_other_unit(self):
        found = self.told(["项目编码", "累计完成投资（亿元）"], ["A1", "3"])
        assert found.records[0].units == {"invested": "亿元"}
        wrong = self.told(["项目编码", "投资", "累计完成投资（美元）"], ["A1", "3", "4"])
        assert [fault.address for fault in wrong.faults] == ["C1"]
