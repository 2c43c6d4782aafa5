"""Plain text out of documents; and files that must not be read."""

import io
import re
import zipfile

import docx
import pytest
import typst

from office.texts import Code, Limits, TextError, extract

LINE = "二〇二六年重点项目推进情况：北环路、南门大桥等项目竣工，全年完成投资十二亿元。"


def refused(name, data, **limits):
    with pytest.raises(TextError) as caught:
        extract(name, data, Limits(**limits))
    assert caught.value.message
    return caught.value.code


def make_docx(build):
    document = docx.Document()
    build(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def plain_docx():
    return make_docx(lambda document: document.add_paragraph(LINE))


def repacked(data, changed, compression=zipfile.ZIP_DEFLATED):
    """The archive with parts put in the place of others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", compression) as new:
        for part in old.infolist():
            new.writestr(part.filename, changed.get(part.filename, old.read(part)))
        for name in changed.keys() - set(old.namelist()):
            new.writestr(name, changed[name])
    return out.getvalue()


class TestTxt:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    def test_comes_in_the_encodings_that_are_used(self, encoding):
        assert extract("甲.txt", LINE.encode(encoding)) == LINE

    def test_in_another_encoding_is_refused(self):
        assert (
            refused("a.txt", LINE.encode("utf-8")[1:200] + bytes(range(0x80, 0xA0)) * 9)
            is Code.NO_TEXT
        )
        assert refused("a.txt", b"\x00\x01\x02binary" * 20) is Code.NO_TEXT

    def test_that_is_blank_or_too_long_is_refused(self):
        assert refused("a.txt", b" \n ") is Code.EMPTY
        assert refused("a.txt", LINE.encode() * 10, signs=100) is Code.TOO_LARGE


class TestDocx:
    def test_gives_paragraphs_and_tables_in_their_order(self):
        def build(document):
            document.add_paragraph("表1 重点项目安排")
            table = document.add_table(rows=3, cols=3)
            for place, words in enumerate(("类别", "项目名称", "总投资（万元）")):
                table.cell(0, place).text = words
            table.cell(1, 0).merge(table.cell(2, 0)).text = "交通"
            table.cell(1, 1).merge(table.cell(1, 2)).text = "北环路\n改扩建"
            table.cell(2, 1).text = "南门大桥"
            document.add_paragraph("注：金额为上报数。")

        lines = [line for line in extract("a.docx", make_docx(build)).split("\n") if line]
        assert lines == [
            "表1 重点项目安排",
            "类别\t项目名称\t总投资（万元）",
            "交通\t北环路改扩建\t",
            "交通\t南门大桥\t",
            "注：金额为上报数。",
        ]

    def test_with_entities_is_refused_and_nothing_of_the_machine_is_read(self, plain_docx):
        part = (
            '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            "<w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
        )
        assert refused("a.docx", repacked(plain_docx, {"word/document.xml": part})) is Code.BROKEN

    def test_that_unpacks_to_too_much_is_refused(self, plain_docx):
        bomb = repacked(plain_docx, {"word/media/a.bin": b"\0" * 30_000_000})
        assert len(bomb) < 200_000
        assert refused("a.docx", bomb, unpacked_megabytes=20) is Code.UNPACKS_TOO_LARGE

    def test_that_takes_too_much_memory_or_time_is_refused(self, plain_docx):
        body = "<w:p><w:r><w:t>一</w:t></w:r></w:p>" * 300_000
        part = (
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body>{body}</w:body></w:document>"
        )
        bomb = repacked(plain_docx, {"word/document.xml": part})
        assert len(bomb) < 200_000
        assert refused("a.docx", bomb, memory_megabytes=200) in {Code.TOO_LARGE, Code.BROKEN}
        assert refused("a.docx", bomb, seconds=1) is Code.TOO_SLOW

    def test_that_is_broken_or_something_else_is_refused(self, plain_docx):
        assert refused("a.docx", plain_docx[:3000]) is Code.BROKEN
        assert refused("a.docx", LINE.encode()) is Code.NOT_WHAT_IT_SAYS
        assert (
            refused("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99)
            is Code.NOT_WHAT_IT_SAYS
        )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("xl/workbook.xml", "<a/>")
        assert refused("a.docx", out.getvalue()) is Code.NOT_WHAT_IT_SAYS
        assert refused("a.docx", make_docx(lambda document: None)) is Code.NO_TEXT


class TestHtml:
    def test_leaves_out_what_is_no_text_and_spreads_merged_cells(self):
        page = f"""<html><head><title>t</title><style>p{{}}</style></head><body>
        <nav>首页</nav><script>alert(1)</script><p>{LINE}</p>
        <table><tr><th rowspan=2>领域</th><th colspan=2>投资</th></tr><tr><th>总</th><th>年</th></tr>
        <tr><td>交通</td><td>1<br>2</td><td></td></tr></table><p>后文</p></body></html>"""
        lines = [line.strip(" ") for line in extract("a.html", page.encode()).split("\n")]
        assert [line for line in lines if line.strip()] == [
            LINE,
            "领域\t投资\t",
            "领域\t总\t年",
            "交通\t12\t",
            "后文",
        ]
        assert extract("a.htm", page.encode("gb18030")) == extract("a.htm", page.encode())

    def test_nested_thousands_deep_is_refused(self):
        page = "<div>" * 5000 + LINE + "</div>" * 5000
        assert refused("a.html", page.encode()) is Code.NO_TEXT

    def test_fetches_nothing(self):
        page = f'<!DOCTYPE html SYSTEM "http://127.0.0.1:9/x.dtd"><p>{LINE}<img src="http://127.0.0.1:9/"></p>'
        assert extract("a.html", page.encode()).strip() == LINE


@pytest.fixture(scope="module")
def printed():
    return typst.compile(
        (
            '#set text(font: ("Noto Serif CJK SC", "Noto Sans CJK SC"), lang: "zh")\n'
            f"{LINE}\n"
            "#table(columns: 3, [序号], [项目名称], [责任单位], [1], [北环路], [住建局])\n后文到此为止。"
        ).encode()
    )


class TestPdf:
    def test_gives_lines_and_tables_once(self, printed):
        text = extract("a.pdf", printed)
        assert "序号\t项目名称\t责任单位\n1\t北环路\t住建局" in text
        assert text.count("住建局") == 1
        assert text.index("完成投资") < text.index("序号") < text.index("后文")

    def test_without_text_says_that_it_is_a_picture(self):
        blank = typst.compile(b"#rect(width: 5cm, height: 5cm)")
        assert refused("a.pdf", blank) is Code.NO_TEXT_LAYER

    def test_with_too_many_pages_or_broken_is_refused(self, printed):
        assert refused("a.pdf", printed, pages=0) is Code.TOO_MANY_PAGES
        assert refused("a.pdf", b"%PDF-1.7\n" + b"x" * 500) in {Code.BROKEN, Code.NO_TEXT_LAYER}
        assert refused("a.pdf", LINE.encode()) is Code.NOT_WHAT_IT_SAYS

    def test_with_a_password_says_so(self, printed):
        """The standard handler with a key that no blank password opens."""
        keys = b"<</Filter/Standard/V 2/R 3/Length 128/P -4/O<%s>/U<%s>>>" % (
            b"00" * 32,
            b"11" * 32,
        )
        locked = re.sub(
            rb"(trailer\s*<<|/Type\s*/XRef)",
            lambda match: match[0] + b"/Encrypt " + keys,
            printed,
            count=1,
        )
        assert locked != printed
        assert refused("a.pdf", locked) is Code.PROTECTED


def test_other_files_are_refused_by_name_and_size():
    assert refused("a.xlsx", b"PK\x03\x04") is Code.WRONG_KIND
    assert refused("a", b"x") is Code.WRONG_KIND
    assert refused("a.txt", b"x" * 2_000_000, megabytes=1) is Code.FILE_TOO_LARGE
    assert refused("a.txt", b"%PDF-1.7") is Code.NOT_WHAT_IT_SAYS
