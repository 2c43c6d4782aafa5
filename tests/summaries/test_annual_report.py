"""The annual report of 2023, built by a real worker and held against the printed one cell by cell."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import docx
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from indicators.models import Observation
from office.document import Document, Figure, Paragraph, Table, as_cell, digest_of
from projects.models import AnnualPlan
from summaries import annual_report, builder, document_files, narrative, office_document, workflow
from summaries.models import DocumentFile, DocumentRun, NarrativeTemplate
from tests.factories import make_department, make_entry, make_project, signed_in
from tests.projects import report_parser
from tests.summaries.stalling import end_stalled_writers, stalled
from tests.worker import eventually

pytestmark = pytest.mark.any_database

ASKED = {"kind": "annual_report", "year": 2023}
CAPTIONS = [
    "表1  2023年经济社会发展主要预期目标完成情况",
    "图1  2020—2023年地区生产总值总量及增速",
    "图2  2023年全区与全市规上工业增加值每月累计增速走势",
    "图3  2023年全区与全市固定资产投资每月累计增速走势",
    "图4  2021—2023年高新技术企业、科技型企业数量",
    "图5  2021—2023年脱贫户人均纯收入绝对值及增速",
    "表2  2023年重点民生实事完成情况",
    "表3  2023年重点项目推进情况",
    "表4  2024年国民经济和社会发展计划",
    "表5  2024年产业发展重点项目",
    "表6  2024年重点基础设施项目",
    "表7  2024年重大消费活动",
    "表8  2024年全面优化营商环境重点举措",
    "表9  2024年重点生态环保项目",
]


@pytest.fixture(autouse=True)
def media(settings, tmp_path, monkeypatch) -> Path:
    """Where this test's files are kept, by this process and by its workers."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    monkeypatch.setenv("MEDIA_ROOT", settings.MEDIA_ROOT)
    return tmp_path / "media" / document_files.FOLDER


def tables_of(document) -> dict[str, WordTable]:
    """The tables by the caption above them."""
    found, caption = {}, ""
    for element in document.element.body.iterchildren():
        if element.tag.endswith("}p"):
            caption = WordParagraph(element, document).text or caption
        elif element.tag.endswith("}tbl"):
            found[caption] = WordTable(element, document)
    return found


def cells(table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def built(by, year=2023) -> DocumentRun:
    """A run that this process built."""
    run = workflow.ask(
        kind=DocumentRun.Kind.ANNUAL_REPORT,
        parameters={"year": year},
        by=by,
        now=timezone.now(),
    )
    builder.build(run.pk)
    run.refresh_from_db()
    return run


def report(year=2023) -> Document:
    """The report as the site would write it now, in no file."""
    return annual_report.compose(annual_report.read(year))


def table(document, caption) -> Table:
    """The table of this caption."""
    return next(
        each for each in document.blocks if isinstance(each, Table) and each.caption == caption
    )


def words(drawn) -> list[list[str]]:
    return [[as_cell(cell).text for cell in row] for row in drawn.rows]


def lines(document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def word_of(run):
    with run.files.get(format="docx").file.open("rb") as file:
        return docx.Document(BytesIO(file.read()))


def finished(run) -> bool:
    return DocumentRun.objects.filter(pk=run.pk, state="done").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("report_loaded")
class TestWithAWorker:
    """Asked for on the page, built by another process."""

    def test_the_tables_are_the_printed_ones_cell_by_cell(self, worker, manager):
        client = signed_in(manager)
        client.post("/documents/build/", ASKED)
        run = DocumentRun.objects.get()
        eventually(lambda: finished(run), seconds=120)
        file = run.files.get(format="docx")
        response = client.get(file.get_absolute_url())
        document = docx.Document(BytesIO(b"".join(response.streaming_content)))
        tables = {caption[:2]: table for caption, table in tables_of(document).items()}
        for name, columns in {"表1": 4, "表2": 2, "表4": 4, "表6": 2, "表7": 2, "表8": 2}.items():
            assert cells(tables[name]) == report_parser.grid(name, columns), name
        for name in ("表3", "表5", "表9"):
            printed = [line.strip() for line in report_parser.table_lines(name) if line.strip()]
            assert cells(tables[name]) == [["\n".join(printed)]], name
        lines = [paragraph.text for paragraph in document.paragraphs]
        assert [line for line in lines if line in CAPTIONS] == CAPTIONS
        assert next(line for line in lines if line.startswith("注：加*")) in report_parser.TEXT
        assert run.digest in lines[-1]
        with run.files.get(format="pdf").file.open("rb") as pdf:
            assert pdf.read(5) == b"%PDF-"

    def test_a_worker_killed_while_the_files_are_stored_leaves_none_and_it_can_be_asked_again(
        self, start_worker, manager, media
    ):
        client = signed_in(manager)
        first = start_worker()
        with stalled(DocumentFile._meta.db_table, "INSERT"):
            client.post("/documents/build/", ASKED)
            run = DocumentRun.objects.get()
            eventually(lambda: media.is_dir() and list(media.glob("[!.]*")), seconds=120)
            first.kill()
            end_stalled_writers()
        assert not DocumentFile.objects.exists()
        assert "/documents/files/" not in client.get(run.get_absolute_url()).content.decode()

        later = timezone.now() + workflow.PATIENCE + timedelta(seconds=1)
        workflow.fail_lost(now=later)
        client.post(f"/documents/{run.pk}/retry/")
        start_worker()
        eventually(lambda: finished(run), seconds=120)
        named = {Path(file.file.name).name for file in run.files.all()}
        left = {file.name for file in media.iterdir()} - named
        assert len(named) == 2
        assert len(left) == 1
        document_files.sweep(now=later + document_files.UNCLAIMED)
        assert {file.name for file in media.iterdir()} == named

    def test_asked_for_twice_at_once_it_is_built_once(self, start_worker, manager, admin):
        for person in (manager, admin, manager):
            response = signed_in(person).post("/documents/build/", ASKED)
        run = DocumentRun.objects.get()
        assert response.url == run.get_absolute_url()
        start_worker()
        start_worker()
        eventually(lambda: finished(run), seconds=120)
        run.refresh_from_db()
        assert run.attempt == 1
        assert DocumentFile.objects.count() == 2


@pytest.mark.usefixtures("report_loaded")
class TestTheReport:
    """What it says, and of what."""

    def test_the_same_data_give_the_same_digest_and_at_the_same_moment_the_same_bytes(
        self, manager, admin
    ):
        first, second = built(manager), built(admin)
        assert first.digest == second.digest
        data = annual_report.read(2023)
        products = [
            office_document.product(
                annual_report.compose(data),
                name="报告",
                cut_off=data.cut_off,
                rule_version=annual_report.RULE_VERSION,
                contains_sample=False,
                step=lambda part, count: None,
            )
            for _ in range(2)
        ]
        assert products[0] == products[1]
        assert products[0].digest == first.digest

    def test_another_order_of_storage_gives_the_same_digest(self):
        first = digest_of(report())
        moved = list(AnnualPlan.objects.order_by("-pk"))
        AnnualPlan.objects.all().delete()
        for entry in moved:
            entry.pk = None
        AnnualPlan.objects.bulk_create(moved)
        assert digest_of(report()) == first

    def test_a_changed_figure_changes_table_and_digest(self):
        first = report()
        Observation.objects.filter(indicator__code="gdp-growth", year=2023).update(text="6.8")
        second = report()
        assert digest_of(second) != digest_of(first)
        row = ("1", "地区生产总值增速（%）", "6.5以上", "6.8")
        assert table(second, CAPTIONS[0]).rows[0] == row

    def test_the_opening_sentence_counts_as_the_report_does_and_gives_its_reasons(self):
        sentence = next(line for line in lines(report()) if "25项年度目标" in line)
        assert "2项市级核算指标暂未反馈数据" in sentence
        assert "20项达到或超过年度目标，3项指标低于预期。" in sentence
        reasons = report_parser.sentences(sentence.split("低于预期。", 1)[1])
        assert len(reasons) == 6
        for reason in reasons:
            assert reason in report_parser.TEXT

    def test_every_number_of_the_text_stands_in_the_annex_with_its_source(self):
        rows = {row[0]: row[1:] for row in table(report(), "").rows}
        assert rows["固定资产投资"][0] == "256.9亿元"
        assert "完成固定资产投资256.9亿元" in rows["固定资产投资"][2]
        assert rows["达到目标数"] == ("20", "表1：2023年指标逐项判定", "系统计算")
        used = set().union(
            *(narrative.named_in(each.text) for each in NarrativeTemplate.objects.all())
        )
        assert set(rows) == used
        assert all(source and source != "暂无数据" for _value, _query, source in rows.values())

    def test_missing_points_are_told_below_the_figures(self):
        figures = [block for block in report().blocks if isinstance(block, Figure)]
        assert figures[2].notes == ("注：全区1—11月暂无数据；全市暂无数据。",)
        assert figures[2].chart.series[0].points == (None,) * 11 + ("11.6",)

    def test_another_year_draws_the_same_tables_from_its_own_records(self):
        project = make_project("新项目", code="500101-9001")
        make_entry(project, year=2025, goal="started", table="", position=None)
        AnnualPlan.objects.filter(year=2024, cited_name="青龙水库").update(result="completed")
        found = report(2024)
        first = table(found, "表1  2024年经济社会发展主要预期目标完成情况").rows[0]
        assert first == ("1", "地区生产总值增速（%）", "7", "暂无数据")
        assert words(table(found, "表3  2024年重点项目推进情况")) == [
            ["二、城乡建设及基础设施：青龙水库等项目竣工。"]
        ]
        assert words(table(found, "表6  2025年重点基础设施项目")) == [
            ["其他", "开工建设新项目等项目。"]
        ]
        assert words(table(found, "表9  2025年重点生态环保项目")) == [["暂无数据"]]
        assert words(table(found, "表2  2024年重点民生实事完成情况")) == [["暂无数据"]]

    def test_a_text_with_an_unknown_field_fails_and_names_both(self, manager):
        NarrativeTemplate.objects.filter(code="opening-2").update(text="现将{没有的字段}提请审查")
        run = built(manager)
        assert run.state == "failed"
        assert "opening-2" in run.log[-1]["message"]
        assert "没有的字段" in run.log[-1]["message"]
        assert not run.files.exists()

    def test_invented_data_are_told_on_the_last_page(self, manager):
        make_department("500101-SAM", is_sample=True)
        run = built(manager)
        assert run.contains_sample
        assert any("示例数据" in paragraph.text for paragraph in word_of(run).paragraphs[-4:])

    def test_the_command_writes_both_files(self, tmp_path):
        call_command("build_report", "--year", "2023", "--output", str(tmp_path), verbosity=0)
        assert sorted(file.suffix for file in tmp_path.glob("2023*")) == [".docx", ".pdf"]
        with pytest.raises(CommandError, match="1999"):
            call_command("build_report", "--year", "1999", "--output", str(tmp_path))

    def test_reading_costs_the_same_number_of_queries_whatever_is_recorded(
        self, django_assert_num_queries, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(45) as few:
            annual_report.read(2023)
        for number in range(30):
            make_entry(make_project(code=f"500101-9{number:03}"), year=2023, result="started")
        with django_assert_num_queries(len(few)):
            annual_report.read(2023)


def test_a_year_of_which_nothing_is_recorded_fails_and_says_so(manager):
    run = built(manager, 1999)
    assert run.state == "failed"
    assert run.log[-1]["problem"] == "NothingRecordedError"
