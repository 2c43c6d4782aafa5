"""Paragraphs out of lines: wraps, running heads, numbers of pages."""

from reading.layout import Paragraph, laid_out


def paragraphs(text):
    return [block.text for block in laid_out(text)[1] if isinstance(block, Paragraph)]


def test_lines_broken_by_width_are_joined_and_headings_are_not():
    text = (
        "一、上年情况\n"
        "    全年实施重点项目七十八个，完成投资一百二十三亿元，河西大道二期和柳河水厂提\n"
        "标改造建成投用，滨河公园和县人民医院门诊楼主体完工，柳南快速路开工建设，全县经\n"
        "济平稳。\n"
        "二、今年安排\n"
    )
    assert paragraphs(text) == [
        "一、上年情况",
        "全年实施重点项目七十八个，完成投资一百二十三亿元，河西大道二期和柳河水厂提标改造建成投用，"
        "滨河公园和县人民医院门诊楼主体完工，柳南快速路开工建设，全县经济平稳。",
        "二、今年安排",
    ]


def test_running_heads_and_page_numbers_are_left_out():
    pages = [f"某区人民代表大会文件\n第{each}段到此为止。\n- {each} -\n" for each in range(1, 5)]
    found = paragraphs("\f".join(pages))
    assert found.count("某区人民代表大会文件") == 1
    assert not any("-" in each for each in found)


def test_blanks_between_figures_and_words_are_left_out():
    assert paragraphs("增长 6.5% 左右，达到 320 亿元。") == ["增长6.5%左右，达到320亿元。"]


def test_a_row_is_a_line_and_so_is_a_paragraph():
    lines, blocks = laid_out("甲段。\n\n指标\t单位\n增速\t%\n")
    assert lines == ("甲段。", "指标\t单位", "增速\t%")
    assert blocks[1].rows[1].line == 3


def test_a_wide_table_does_not_hide_where_the_text_was_wrapped():
    text = (
        "全区实施重点项目八十六个，建成东岭水库、西河大\n桥，开工南山公路、北坡物流园，谋划南桥机场及其进\n场道路。\n\n"
        + "".join(
            f"{n}      北环路改造工程            12000      3000      住建局      区级      续建      2024-2026\n"
            for n in range(1, 9)
        )
    )
    assert "建成东岭水库、西河大桥，开工" in laid_out(text)[0][0]
