"""How money is written, in both languages."""

from decimal import Decimal

import pytest
from django.utils import translation

from projects.templatetags.projects_format import money, wan, yi


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_thousands_are_parted_alike_in_both_languages(language):
    with translation.override(language):
        assert money(Decimal("1234567.5")) == "1,234,567.50"
        assert money(None) == "—"


def test_chinese_money_has_its_unit_and_parts_thousands():
    with translation.override("zh-hans"):
        assert wan(Decimal(17800)) == "17,800.00万元"
        assert yi(Decimal(12345678)) == "1,234.6亿元"


def test_what_does_not_fit_is_rounded_and_not_cut_off():
    with translation.override("en"):
        assert yi(Decimal(12500)) == "1.3 hundred million yuan"
        assert money(Decimal("0.005")) == "0.01"
