"""The keys of the invented reports say nothing that their reports do not say."""

import json
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import docx
import pdfplumber
import pytest
from lxml import html

from projects.models import Category, Comparator, Level, Stage

REPORTS = Path(__file__).with_name("reports")
KEYS = sorted(REPORTS.glob("*/*.json"))
FIELDS = {
    "indicators": "name unit year target actual binding parent text",
    "projects": "name year part verb stage category level total_investment planned_investment department text",
    "counts": "year part subject comparator count text",
    "amounts": "year part subject comparator value unit growth growth_unit text",
    "commitments": "year kind title text",
    "measures": "subject comparator value unit text",
    "either": "kind text",
}


def narrow(words: str) -> str:
    """Without full-width digits and thousands separators, which a key leaves out."""
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", unicodedata.normalize("NFKC", words))


def plain(words: str) -> str:
    """The same without space: names and sentences run over lines."""
    return re.sub(r"\s", "", narrow(words))


def words_of_pdf(path: Path) -> str:
    with pdfplumber.open(path) as pdf:
        pages = [page.crop((0, 70, page.width, page.height - 70)) for page in pdf.pages]
        cells = [
            cell or ""
            for page in pages
            for table in page.extract_tables()
            for row in table
            for cell in row
        ]
        return "".join(page.extract_text() for page in pages) + "\n".join(cells)


def words_of_docx(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def words_of_txt(path: Path) -> str:
    return re.sub(r"(?m)^ *- \d+ -$", "", path.read_text(encoding="utf-8"))


def words_of_html(path: Path) -> str:
    return " ".join(html.fromstring(path.read_bytes()).itertext())


READERS = {
    ".txt": words_of_txt,
    ".docx": words_of_docx,
    ".html": words_of_html,
    ".pdf": words_of_pdf,
}


def report_of(key: Path) -> Path:
    (report,) = [key.with_suffix(ext) for ext in READERS if key.with_suffix(ext).exists()]
    return report


@pytest.fixture(scope="module", params=KEYS, ids=lambda key: key.stem)
def pair(request):
    """A report's words, and its key."""
    report = report_of(request.param)
    return READERS[report.suffix](report), json.loads(request.param.read_text(encoding="utf-8"))


def stands(number: str, words: str) -> bool:
    """Whether a number stands there as a whole, not as a part of a longer one."""
    digits = re.escape(plain(number).lstrip("-"))
    return re.search(rf"(?<![\d.]){digits}(?!\d|\.\d)", words) is not None


def test_every_format_is_there_to_work_with_and_to_judge_with():
    found = sorted((key.parent.name, report_of(key).suffix) for key in KEYS)
    parts = ("dev", "heldout", "unseen")
    blind = [("blind", ext) for ext in (".docx", ".html", ".txt")]

    assert found == sorted([*blind, *((part, ext) for part in parts for ext in READERS)])


def test_every_entry_has_the_fields_that_the_readme_names(pair):
    _, key = pair

    assert set(key) == {"year", "region", *FIELDS}
    for name, fields in FIELDS.items():
        assert all(list(entry) == fields.split() for entry in key[name]), name


def test_the_values_are_those_of_our_own_vocabulary(pair):
    _, key = pair

    assert {entry["stage"] for entry in key["projects"]} <= {"", *Stage.values}
    assert {entry["category"] for entry in key["projects"]} <= {"", *Category.values}
    assert {entry["level"] for entry in key["projects"]} <= {"", *Level.values}
    compared = [*key["counts"], *key["amounts"], *key["measures"]]
    assert {entry["comparator"] for entry in compared} <= set(Comparator.values)
    assert {entry["kind"] for entry in key["commitments"]} == {"livelihood", "task"}


def test_every_name_stands_in_the_report(pair):
    report, key = pair
    words = plain(report)
    named = [key["region"]]
    for indicator in key["indicators"]:
        # 增长6%以上 is "6以上" of "%", named after what grows: its words are checked below.
        if not indicator["text"]:
            named += [indicator[field] for field in ("name", "target", "actual", "parent")]
    for project in key["projects"]:
        named += [project["name"], project["verb"], *project["department"].split("、")]
    named += [commitment["title"] for commitment in key["commitments"]]

    assert [name for name in named if plain(name) not in words] == []


def test_the_words_that_an_entry_is_from_stand_in_the_report(pair):
    report, key = pair
    words = plain(report)
    quoted = [entry["text"] for name in FIELDS for entry in key[name]]

    assert [text for text in quoted if plain(text) not in words] == []


def test_every_number_stands_in_the_words_that_it_is_from(pair):
    _, key = pair
    figures = [(str(entry["count"]), entry["text"]) for entry in key["counts"]]
    for entry in [*key["amounts"], *key["measures"]]:
        stated = (entry["value"], entry.get("growth"))
        figures += [(number, entry["text"]) for number in stated if number]
    for entry in key["indicators"]:
        stated = re.findall(r"[\d.]+", plain(entry["target"] + entry["actual"]))
        figures += [(number, entry["text"]) for number in stated if entry["text"]]
        limit = re.sub(r"[\d.\-]", "", plain(entry["target"]))
        assert not entry["text"] or limit in plain(entry["text"])

    assert [figure for figure in figures if not stands(figure[0], plain(figure[1]))] == []


def test_every_projects_money_stands_in_the_report_in_its_own_unit(pair):
    report, key = pair
    words = narrow(report)
    money = [
        project[field]
        for project in key["projects"]
        for field in ("total_investment", "planned_investment")
        if project[field]
    ]

    def written(amount: str) -> list[str]:
        in_yi = Decimal(amount) / 10000
        return [amount, f"{in_yi.normalize():f}", f"{in_yi:.2f}"]

    assert [m for m in money if not any(stands(each, words) for each in written(m))] == []
