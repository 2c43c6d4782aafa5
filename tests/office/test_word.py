"""Word files: the page and the type of the office, tables that say what was given, the same bytes."""

from datetime import date
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from office import typeset, word
from office.document import (
    Align,
    Cell,
    Chart,
    Colophon,
    Document,
    Figure,
    Heading,
    Mark,
    NewPage,
    Paragraph,
    Series,
    Table,
    digest_of,
)

COLOPHON = Colophon(date(2024, 1, 5), (("数据截止", "2024年1月5日"), ("内容摘要", "ab" * 32)))
HEADED = Table(
    "表1  年度投资",
    (1, 3, 2, 2),
    (("1", "甲项目（#1 *重点*）", "100", "第一段\n第二段"), ("2", "乙项目", "—", "")),
    header=(
        (Cell("序号", rows=2), Cell("项目", rows=2), Cell("投资（万元）", columns=2)),
        ("计划", "完成"),
    ),
    align=(Align.CENTRE, Align.LEFT, Align.RIGHT, Align.RIGHT),
    notes=("注：“—”为暂无数据。",),
)
CHART = Chart(
    ("2021", "2022", "2023"),
    (Series("总量", (None, "1100", "1179.4"), Mark.BAR), Series("增速", (None,) * 3, right=True)),
    "亿元",
    "%",
)


def document(*blocks) -> Document:
    return Document("一份报告", blocks, issuer="区发展改革委")


def written(*blocks):
    return docx.Document(BytesIO(word.write(document(*blocks), COLOPHON)))


def test_the_page_is_the_office_s():
    section = written(Paragraph("正文")).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    sides = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
    assert [round(side.mm) for side in sides] == [37, 26, 35, 28]


@pytest.mark.parametrize(
    ("style", "chinese", "size"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Normal", "仿宋_GB2312", 16),
    ],
)
def test_every_style_names_its_chinese_and_its_latin_font(style, chinese, size):
    found = written().styles[style]
    fonts = found.element.rPr.find(qn("w:rFonts"))
    assert fonts.get(qn("w:eastAsia")) == chinese
    assert fonts.get(qn("w:ascii")) == "Times New Roman"
    assert fonts.get(qn("w:asciiTheme")) is None
    assert found.font.size == Pt(size)
    language = written().styles.element.find(f".//{qn('w:lang')}")
    assert language.get(qn("w:eastAsia")) == "zh-CN"


def test_running_text_is_indented_by_two_characters_at_the_office_s_pitch():
    made = written(Paragraph("正文"))
    indent = made.paragraphs[1]._p.pPr.find(qn("w:ind"))
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert made.styles["Normal"].paragraph_format.line_spacing == Pt(28)


def test_a_table_reads_back_as_it_was_given_and_repeats_its_head():
    table = written(HEADED).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows == [
        ["序号", "项目", "投资（万元）", "投资（万元）"],
        ["序号", "项目", "计划", "完成"],
        ["1", "甲项目（#1 *重点*）", "100", "第一段\n第二段"],
        ["2", "乙项目", "—", ""],
    ]
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert repeated == [True, True, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert table.cell(0, 2)._tc is table.cell(0, 3)._tc


@pytest.mark.parametrize(
    "rows",
    [
        (("1", "2", "3"),),
        (("1",),),
        ((Cell("1", rows=2), "2"), ("3", "4")),
        ((Cell("1", columns=3),),),
    ],
)
def test_a_table_whose_cells_do_not_fill_it_is_refused(rows):
    with pytest.raises(ValueError, match="row"):
        written(Table("", (1, 1), rows))


def test_pages_are_numbered_at_their_outer_edge():
    section = written().sections[0]
    for footer in (section.footer, section.even_page_footer):
        assert footer.paragraphs[0].text == "— 1 —"
        assert "PAGE" in footer._element.xml
    assert (
        section.footer.paragraphs[0].alignment != section.even_page_footer.paragraphs[0].alignment
    )


def test_the_last_lines_say_of_what_the_document_was_made():
    made = written(Heading("一、概况"), Figure("图1", CHART, ("注：2021年暂无数据。",)))
    assert [paragraph.text for paragraph in made.paragraphs][-2:] == [
        "数据截止：2024年1月5日",
        f"内容摘要：{'ab' * 32}",
    ]
    assert made.inline_shapes[0].width > Mm(150)


def test_a_page_may_lie_across():
    made = written(Paragraph("竖"), NewPage(landscape=True), HEADED, NewPage(), Paragraph("竖"))
    assert [section.page_width > section.page_height for section in made.sections] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("write", [word.write, typeset.write])
def test_the_same_document_gives_the_same_bytes_and_another_one_others(write):
    blocks = (Heading("一、概况"), Paragraph("正文"), HEADED, Figure("图1", CHART))
    first = write(document(*blocks), COLOPHON)
    assert write(document(*blocks), COLOPHON) == first
    assert write(document(*blocks, Paragraph("又一段")), COLOPHON) != first


def test_a_pdf_is_set_whatever_the_words_are():
    odd = '#import "x" $a$ \\ _b_ *c* <d> @e “引号” 𠮷'
    blocks = (Paragraph(odd), Table(odd, (1,), ((odd,),)), NewPage(landscape=True), Heading(odd))
    assert typeset.write(document(*blocks), COLOPHON).startswith(b"%PDF-")


def test_the_digest_is_of_what_is_said():
    first = digest_of(document(Paragraph("正文")), rule_version="1")
    assert digest_of(document(Paragraph("正文")), rule_version="1") == first
    assert digest_of(document(Paragraph("正文")), rule_version="2") != first
    assert digest_of(document(Heading("正文")), rule_version="1") != first
    assert digest_of(document(Paragraph("正文", indent=False)), rule_version="1") != first
