"""Rows of tables as the readers of documents give them."""

from office.readers.rows import table_text


def test_offices_on_lines_of_one_cell_are_parted_and_broken_words_joined():
    rows = [["学校", "县教育局\n县文体局"], ["大桥", "县交通\n运输局"]]
    assert table_text(rows).strip() == "学校\t县教育局、县文体局\n大桥\t县交通运输局"
