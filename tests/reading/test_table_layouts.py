"""Tables of plain text, whatever parts their cells."""

import pytest

from reading.layout import Grid, laid_out

ROWS = [("序号", "项目名称", "责任单位"), ("1", "北环路", "住建局"), ("2", "南门大桥", "交通局")]


def rows(text):
    (grid,) = [block for block in laid_out(text)[1] if isinstance(block, Grid)]
    return [row.cells for row in grid.rows]


@pytest.mark.parametrize(
    "text",
    [
        "前文到此。\n序号\t项目名称\t责任单位\n1\t北环路\t住建局\n2\t南门大桥\t交通局\n后文到此。",
        "|序号|项目名称|责任单位|\n|---|---|---|\n|1|北环路|住建局|\n|2|南门大桥|交通局|\n",
        "序号   项目名称    责任单位\n1      北环路      住建局\n2      南门大桥    交通局\n\n后文。",
        "\t序号\n\t项目名称\n\t责任单位\n\n\t1\n\t北环路\n\t住建局\n\n\t2\n\t南门大桥\n\t交通局\n\n\n后文。",
    ],
    ids=["tabs", "pipes", "blanks", "a cell a line"],
)
def test_the_same_table_in_four_layouts(text):
    assert rows(text) == ROWS


def test_cells_that_run_over_lines_are_joined_in_a_ruled_table():
    text = "┌──┬────┐\n│序│项目│\n│号│名称│\n├──┼────┤\n│1 │北环│\n│  │路  │\n├──┼────┤\n│2 │大桥│\n└──┴────┘\n"
    assert rows(text) == [("序号", "项目名称"), ("1", "北环路"), ("2", "大桥")]


def test_a_blank_line_within_a_cell_does_not_end_it():
    text = "\t指标\n\t目标\n\n\t研发占比\n\t较上年提升\n\n0.2个百分点\n\n\t就业\n\t3000\n\n\n后文。"
    assert rows(text) == [("指标", "目标"), ("研发占比", "较上年提升0.2个百分点"), ("就业", "3000")]


def test_a_short_line_between_rows_heads_those_below():
    text = "序号\t项目名称\n一、续建项目（1个）\n1\t北环路\n"
    assert rows(text) == [("序号", "项目名称"), ("一、续建项目（1个）", ""), ("1", "北环路")]


def test_columns_that_single_blanks_part_below_a_row_that_names_them():
    text = "序号 项目名称 总投资 责任单位\n1 北环路 1,200 住建局\n2 石坪 光伏电站 800 发改局\n一、续建\n"
    assert rows(text) == [
        ("序号", "项目名称", "总投资", "责任单位"),
        ("1", "北环路", "1,200", "住建局"),
        ("2", "石坪光伏电站", "800", "发改局"),
        ("一、续建", "", "", ""),
    ]


def test_indented_paragraphs_are_no_table():
    blocks = laid_out("    一是开工。\n    二是竣工。\n    三是投产。\n")[1]
    assert not [block for block in blocks if isinstance(block, Grid)]
