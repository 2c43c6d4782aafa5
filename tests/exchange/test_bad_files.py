"""Files that would take the site down, or that say something else than they seem to: refused in words."""

import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from exchange.models import ImportRun
from tests.exchange.bringing import check, faults
from tests.exchange.test_months import HEAD, row
from tests.factories import signed_in
from tests.rounds import make_plan, open_rounds
from tests.workbooks import make_xlsx, upload

pytestmark = pytest.mark.any_database

State = ImportRun.State


@pytest.fixture(autouse=True)
def _today(settings):
    settings.WZ_TODAY = "2024-03-29"


@pytest.fixture
def entry(reporter):
    made = make_plan(reporter.department)
    open_rounds(3)
    return made


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The same archive with other or further parts; their names with __ for slashes."""
    out = io.BytesIO()
    named = {name.replace("__", "/"): content for name, content in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            if part.filename not in named:
                new.writestr(part.filename, old.read(part))
        for name, content in named.items():
            new.writestr(name, content)
    return out.getvalue()


def bomb(entry) -> bytes:
    return repacked(make_xlsx(表=[HEAD, row(entry)]), xl__media__a=b"\0" * (250 * 1024 * 1024))


def macros(entry) -> bytes:
    return repacked(make_xlsx(表=[HEAD, row(entry)]), **{"xl__vbaProject.bin": b"\xd0\xcf"})


def links(entry) -> bytes:
    part = {"xl__externalLinks__externalLink1.xml": b"<externalLink/>"}
    return repacked(make_xlsx(表=[HEAD, row(entry)]), **part)


def broken(entry) -> bytes:
    return make_xlsx(表=[HEAD, row(entry)])[:-400]


def far_corner(entry) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "项目编码")
        sheet.write(1_048_575, 16_383, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "name", "words"),
    [
        (bomb, "a.xlsx", "unpacks to more than"),
        (macros, "a.xlsx", "has macros"),
        (macros, "a.xlsm", "has macros"),
        (links, "a.xlsx", "links to other workbooks"),
        (broken, "a.xlsx", "damaged"),
        (far_corner, "a.xlsx", "too much memory"),
        (lambda entry: b"%PDF-1.7", "a.xlsx", "not what its name says"),
        (lambda entry: b"%PDF-1.7", "a.pdf", "is no .xlsx"),
        (lambda entry: b"", "a.csv", "no row"),
        (lambda entry: make_xlsx(表=[HEAD, row(entry)]), "a.et", "not what its name says"),
    ],
)
def test_each_is_refused_in_words_and_nothing_is_written(reporter, entry, make, name, words):
    run = check(reporter, "months", data=make(entry), name=name)

    assert run.state == State.FAULTY
    assert words in faults(run)[0][1]


def test_a_million_blank_rows_are_no_rows(reporter, entry):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate([HEAD, row(entry)]):
            sheet.write_row(number, 0, line)
        sheet.set_row(1_048_575, 30)
    assert check(reporter, "months", data=out.getvalue()).state == State.READY


def test_what_is_too_large_is_not_even_kept(reporter, entry):
    client = signed_in(reporter)
    large = upload(b"PK\x03\x04" + b"0" * (21 * 1024 * 1024))
    response = client.post("/imports/new/months/", {"upload": large})

    assert response.status_code == 422
    assert "20 MB" in response.content.decode()
    assert not ImportRun.objects.exists()


def test_a_formula_counts_by_its_value_and_without_one_is_told(reporter, entry):
    book = openpyxl.Workbook()
    for line in [HEAD, row(entry)]:
        book.active.append(line)
    book.active["D2"] = "=100+200"
    out = io.BytesIO()
    book.save(out)
    run = check(reporter, "months", data=out.getvalue())

    assert [address for address, _message in faults(run)] == ["D2"]
    assert "=100+200" in faults(run)[0][1]


def test_words_that_look_like_a_formula_stay_words(reporter, entry):
    lines = [",".join(HEAD), f"{entry.project.code},,2024-03,300,25,=cmd|'/c calc'!A1"]
    run = check(reporter, "months", data="\n".join(lines).encode(), name="a.csv")
    after = run.pages.get(group="changed").rows[0]["after"]
    assert after["narrative"] == "=cmd|'/c calc'!A1"


def test_a_table_without_its_columns_says_which(reporter, entry):
    run = check(reporter, "months", ["项目编码", "投资额", "形象进度"], [entry.project.code, 1, 2])

    told = [message for _address, message in faults(run)]
    assert told == [
        "“投资额” is no column of this table.",
        "The column “Month” is missing.",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_as_chinese_offices_write_it(reporter, entry, encoding):
    lines = [",".join(HEAD), f'{entry.project.code},,2024年3月,"1,200",85%,主体']
    run = check(reporter, "months", data="\r\n".join(lines).encode(encoding), name="三月.csv")
    assert run.pages.get(group="changed").rows[0]["after"] == {
        "invested_ytd": "1200",
        "physical_progress": "85",
        "narrative": "主体",
    }


def test_faults_of_a_csv_come_back_in_a_workbook(reporter, entry):
    lines = [",".join(HEAD), f"{entry.project.code},,2024-03,许多,25,主体"]
    run = check(reporter, "months", data="\n".join(lines).encode("gb18030"), name="三月.csv")
    file = run.files.get(role="marked")
    sheet = openpyxl.load_workbook(io.BytesIO(bytes(file.content))).active

    assert file.name == "三月 (faults marked).xlsx"
    assert sheet["D2"].value == "许多"
    assert "许多" in sheet["D2"].comment.text
