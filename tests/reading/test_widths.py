"""One width of each sign, and nothing moved."""

from hypothesis import given, settings
from hypothesis import strategies as st

from reading.widths import canonical, squeezed


@settings(max_examples=200)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_the_canonical_copy_is_as_long_as_the_text(text):
    assert len(canonical(text)) == len(text)


def test_digits_and_brackets_have_one_width():
    assert canonical("完成１２.5％(二期),") == "完成12.5%（二期），"
    assert canonical("3,200") == "3,200"
    assert canonical("１，２３４万元") == "1,234万元"
    assert squeezed("　表 1　") == "表1"
