"""Writes an office document as Word does: A4, the margins and type of GB/T 9704, and the same bytes
for the same document. Opens in Word, WPS and LibreOffice.
"""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from io import BytesIO

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph as WordParagraph

from office import figures
from office.document import (
    Align,
    Block,
    Cell,
    Colophon,
    Document,
    Figure,
    Heading,
    NewPage,
    Paragraph,
    Table,
    as_cell,
)
from office.page import FIGURE_HEIGHT, LINE_PITCH, MARGINS, PAGE, TEXT_WIDTH

LATIN = "Times New Roman"
SONG, HEI, KAI, FANG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"
# What stands in where the office's own fonts are not installed.
FALLBACKS = {SONG: "宋体", HEI: "SimHei", KAI: "楷体", FANG: "仿宋", "宋体": "SimSun"}
# name → Chinese font, size in points, bold
STYLES = {
    "Normal": (FANG, 16, False),
    "Title": (SONG, 22, False),
    "Subtitle": (KAI, 16, False),
    "Heading 1": (HEI, 16, False),
    "Heading 2": (KAI, 16, False),
    "Heading 3": (FANG, 16, True),
    "Caption": (HEI, 14, False),
    "Cell": ("宋体", 10.5, False),
    "Head": (HEI, 10.5, False),
    "Dense cell": ("宋体", 8.5, False),
    "Dense head": ("黑体", 8.5, False),
    "Note": ("宋体", 9, False),
    "Picture": ("宋体", 10.5, False),
    "Footer": ("宋体", 14, False),
}
_ALIGN = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
}
_TWENTIETHS = 1440 / 25.4  # of a point, in a millimetre
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP archive can write


def write(document: Document, colophon: Colophon) -> bytes:
    """The document as a .docx; figures.NoChineseFontError where a figure cannot be drawn."""
    word = docx.Document()
    _set_styles(word)
    _set_page(word.sections[0], landscape=False)
    _number_pages(word)
    _set_properties(word, document, colophon)
    word.add_paragraph(document.title, style="Title")
    for line in document.under_title:
        word.add_paragraph(line, style="Subtitle")
    for block in document.blocks:
        _add(word, block)
    _add_colophon(word, colophon)
    return _reproducible(word)


def _add(word: WordDocument, block: Block) -> None:
    match block:
        case Heading():
            _indent(word.add_heading(block.text, block.level))
        case Paragraph():
            paragraph = word.add_paragraph(block.text)
            paragraph.alignment = (
                WD_ALIGN_PARAGRAPH.JUSTIFY if block.align is Align.LEFT else _ALIGN[block.align]
            )
            if block.indent:
                _indent(paragraph)
        case Table():
            _add_table(word, block)
        case Figure():
            _add_figure(word, block)
        case NewPage():
            section = word.add_section(WD_SECTION.NEW_PAGE)
            _set_page(section, landscape=block.landscape)


def _indent(paragraph: WordParagraph) -> None:
    """Two characters, whatever the size of the type."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "640")


# Page and type ------------------------------------------------------------------------------------


def _set_page(section: Section, *, landscape: bool) -> None:
    width, height = PAGE
    top, right, bottom, left = MARGINS
    if landscape:  # the sheet is turned: its top is at the left
        width, height = height, width
        top, right, bottom, left = left, top, right, bottom
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.footer_distance = Mm(min(bottom - 10, 24))
    section.header_distance = Mm(15)


def _set_styles(word: WordDocument) -> None:
    defaults = word.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    assert defaults is not None, "the template has defaults"
    for old in list(defaults):
        defaults.remove(old)
    defaults.append(_fonts(FANG))
    defaults.append(_element("w:lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA"))
    known = {style.name for style in word.styles}
    for name, (font, size, bold) in STYLES.items():
        if name not in known:
            word.styles.add_style(name, 1).base_style = word.styles["Normal"]
        style = word.styles[name]
        assert isinstance(style, ParagraphStyle)
        _set_style(style, font, size, bold=bold)
    for name in ("Title", "Subtitle", "Caption", "Head", "Dense head", "Picture"):
        word.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title = word.styles["Title"].paragraph_format
    title.line_spacing, title.space_after = Pt(34), Pt(LINE_PITCH)
    for border in word.styles["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
    for name in ("Cell", "Head", "Dense cell", "Dense head", "Note", "Picture"):
        style_format = word.styles[name].paragraph_format
        style_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for name in ("Caption", "Heading 1", "Heading 2", "Heading 3"):
        word.styles[name].paragraph_format.keep_with_next = True
    word.styles["Caption"].paragraph_format.space_before = Pt(6)


def _set_style(style: ParagraphStyle, font: str, size: float, *, bold: bool) -> None:
    properties = style.element.get_or_add_rPr()
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    properties.insert(0, _fonts(font))
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    for name in ("w:spacing", "w:kern"):  # letter-spacing of the template's title
        for old in properties.findall(qn(name)):
            properties.remove(old)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE_PITCH)
    layout.widow_control = True


def _fonts(chinese: str) -> BaseOxmlElement:
    return _element("w:rFonts", ascii=LATIN, hAnsi=LATIN, cs=LATIN, eastAsia=chinese)


def _number_pages(word: WordDocument) -> None:
    """— 1 —: at the outer edge, right on odd pages and left on even ones."""
    word.settings.odd_and_even_pages_header_footer = True
    section = word.sections[0]
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.style, paragraph.alignment = word.styles["Footer"], align
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        paragraph.add_run("— ")
        for kind, words in (("begin", ""), ("", "PAGE"), ("separate", ""), ("", "1"), ("end", "")):
            run = paragraph.add_run()
            if kind:
                run._r.append(_element("w:fldChar", fldCharType=kind))
            elif words == "PAGE":
                code = OxmlElement("w:instrText")
                code.text = words
                run._r.append(code)
            else:
                run.text = words
        paragraph.add_run(" —")


def _set_properties(word: WordDocument, document: Document, colophon: Colophon) -> None:
    properties = word.core_properties
    at = datetime.combine(colophon.on, time(0), UTC).replace(tzinfo=None)
    properties.title, properties.author = document.title[:255], document.issuer[:255]
    properties.last_modified_by, properties.comments = document.issuer[:255], ""
    properties.created = properties.modified = at
    properties.revision, properties.language = 1, "zh-CN"


# Tables and figures -------------------------------------------------------------------------------


def _add_table(word: WordDocument, table: Table) -> None:
    if table.caption:
        word.add_paragraph(table.caption, style="Caption")
    given = [*table.header, *table.rows]
    made = word.add_table(rows=len(given), cols=len(table.widths), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _set_widths(made, table.widths, _text_width(word.sections[-1]))
    styles = ("Dense cell", "Dense head") if table.dense else ("Cell", "Head")
    # Found once: the library looks through the whole table for each cell that it is asked for.
    grid = [[WordCell(cell, made) for cell in row.tc_lst] for row in made._tbl.tr_lst]
    for (row, column), cell in place(given, len(table.widths)):
        in_head = row < len(table.header)
        target = grid[row][column]
        if cell.rows > 1 or cell.columns > 1:
            target = target.merge(grid[row + cell.rows - 1][column + cell.columns - 1])
        align = cell.align or (table.align[column] if table.align else Align.LEFT)
        _fill(target, cell, styles[in_head], Align.CENTRE if in_head else align)
    for number, row_made in enumerate(made.rows):
        properties = row_made._tr.get_or_add_trPr()
        if not table.breaks or number < len(table.header):
            properties.append(_element("w:cantSplit"))
        if number < len(table.header):
            properties.append(_element("w:tblHeader"))
    for note in table.notes:
        word.add_paragraph(note, style="Note")
    word.add_paragraph(style="Note")


def place(
    rows: Sequence[Sequence[Cell | str]], columns: int
) -> Iterator[tuple[tuple[int, int], Cell]]:
    """Row and column at which each cell begins; ValueError where the rows do not fill the columns."""
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        free = (column for column in range(columns) if (number, column) not in taken)
        for given in row:
            cell = as_cell(given)
            column = next(free, -1)
            covered = {
                (number + down, column + across)
                for down in range(cell.rows)
                for across in range(cell.columns)
            }
            if column < 0 or covered & taken or column + cell.columns > columns:
                raise ValueError(f"row {number + 1} has more cells than columns")
            taken |= covered
            yield (number, column), cell
        if any((number, column) not in taken for column in range(columns)):
            raise ValueError(f"row {number + 1} has fewer cells than columns")


def _fill(target: WordCell, cell: Cell, style: str, align: Align) -> None:
    lines = cell.text.split("\n")
    for extra in target.paragraphs[1:]:  # what merging left behind
        extra._p.getparent().remove(extra._p)
    for number, line in enumerate(lines):
        paragraph = target.paragraphs[0] if number == 0 else target.add_paragraph()
        paragraph._p.style = style  # by its id: a name is looked up in every style each time
        paragraph.alignment = _ALIGN[align]
        run = paragraph.add_run(line)
        if cell.bold:
            run.bold = True
    target._tc.get_or_add_tcPr().append(_element("w:vAlign", val="center"))


def _set_widths(made: WordTable, shares: Sequence[float], width: float) -> None:
    """In Word's cells, in its grid and for the whole: every program believes another one."""
    twips = [round(width * share / sum(shares) * _TWENTIETHS) for share in shares]
    for column, wide in zip(made._tbl.tblGrid.findall(qn("w:gridCol")), twips, strict=True):
        column.set(qn("w:w"), str(wide))
    for row in made._tbl.tr_lst:
        for cell, wide in zip(row.tc_lst, twips, strict=True):
            given = cell.get_or_add_tcPr().get_or_add_tcW()
            given.set(qn("w:type"), "dxa")
            given.set(qn("w:w"), str(wide))
    properties = made._tbl.tblPr
    for old in properties.findall(qn("w:tblW")):
        properties.remove(old)
    properties.insert(1, _element("w:tblW", w=str(sum(twips)), type="dxa"))
    margins = OxmlElement("w:tblCellMar")
    for side, wide in (("top", 40), ("left", 90), ("bottom", 40), ("right", 90)):
        margins.append(_element(f"w:{side}", w=str(wide), type="dxa"))
    properties.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _add_figure(word: WordDocument, figure: Figure) -> None:
    width = _text_width(word.sections[-1])
    picture = figures.draw(figure.chart, width=width, height=FIGURE_HEIGHT)
    paragraph = word.add_paragraph(style="Picture")
    paragraph.paragraph_format.keep_with_next = True
    shape = paragraph.add_run().add_picture(BytesIO(picture), width=Mm(width))
    described = shape._inline.docPr
    described.set("descr", figure.caption)
    caption = word.add_paragraph(figure.caption, style="Caption")
    caption.paragraph_format.keep_with_next = bool(figure.notes)
    for note in figure.notes:
        word.add_paragraph(note, style="Note")
    word.add_paragraph(style="Note")


def _add_colophon(word: WordDocument, colophon: Colophon) -> None:
    lines = [f"{name}：{value}" for name, value in colophon.lines]
    for number, line in enumerate(lines):
        paragraph = word.add_paragraph(line, style="Note")
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.keep_with_next = number < len(lines) - 1
        if number == 0:
            border = OxmlElement("w:pBdr")
            border.append(_element("w:top", val="single", sz="6", space="4", color="000000"))
            properties = paragraph._p.get_or_add_pPr()
            properties.insert_element_before(border, "w:spacing", "w:ind", "w:jc", "w:rPr")


def _text_width(section: Section) -> float:
    """In millimetres."""
    sizes = (section.page_width, section.left_margin, section.right_margin)
    if None in sizes:
        return TEXT_WIDTH
    page, left, right = (size.mm for size in sizes if size is not None)
    return page - left - right


# The file -----------------------------------------------------------------------------------------


def _reproducible(word: WordDocument) -> bytes:
    """The file without the moment of its writing; its table of fonts names what stands in for ours."""
    made = BytesIO()
    word.save(made)
    target = BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(target, "w") as archive:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "word/fontTable.xml":
                content = _font_table().encode()
            plain = zipfile.ZipInfo(entry.filename, _EPOCH)
            plain.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(plain, content)
    return target.getvalue()


def _font_table() -> str:
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in FALLBACKS.items()
    )
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}<w:fonts xmlns:w="{space}">{rows}</w:fonts>'


def _element(name: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
