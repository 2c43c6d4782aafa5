"""The monthly bulletin: every figure again by another road, what is missing, who may ask for it."""

import re
from io import BytesIO
from pathlib import Path

import docx
import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from accounts.models import Department
from accounts.roles import Role
from projects.models import Obstacle, Stage
from summaries import builder, workflow
from summaries.bulletin_wording import CATEGORIES, LEVELS, STAGES
from summaries.models import DocumentRun
from tests.factories import make_department, make_entry, make_user, signed_in
from tests.rounds import approve, make_plan, open_rounds, report_of
from tests.summaries.bulletin_by_hand import Hand, close, half_up, of_month
from tests.summaries.bulletin_sample import MONTH, YEAR, make_quarter

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
ASKED = {"kind": "monthly_bulletin", "year": YEAR, "month": MONTH}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    """Where this test's files are kept."""
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def built(by, month=MONTH) -> DocumentRun:
    run = workflow.ask(
        kind=DocumentRun.Kind.MONTHLY_BULLETIN,
        parameters={"year": YEAR, "month": month},
        by=by,
        now=timezone.now(),
    )
    builder.build(run.pk)
    run.refresh_from_db()
    return run


def content(run, file_format) -> bytes:
    with run.files.get(format=file_format).file.open("rb") as file:
        return file.read()


def text_of(run) -> str:
    made = docx.Document(BytesIO(content(run, "docx")))
    return "\n".join(paragraph.text for paragraph in made.paragraphs)


def sheet(run, name) -> list[list]:
    """The rows of an annex below its headings."""
    book = CalamineWorkbook.from_filelike(BytesIO(content(run, "xlsx")))
    rows = book.get_sheet_by_name(name).to_python()
    return [row for row in rows if isinstance(row[2], float) or isinstance(row[0], float)]


def yi(amount) -> str:
    """亿元 by the office's rule, by another road: one decimal place, two below 1亿元, 万元 below 0.1."""
    if not amount:
        return "0亿元"
    if amount < 1000:
        return f"{half_up(amount, 2).rstrip('0').removesuffix('.')}万元"
    return f"{half_up(amount / 10_000, 1 if amount >= 10_000 else 2)}亿元"


def assert_progress(found: list, hand: Hand, then: Hand) -> None:
    """The seventeen columns of annexes 1 and 2."""
    assert found[:2] == [hand.entries, hand.figures]
    assert close(found[2], hand.total)
    assert close(found[3], hand.planned)
    has_figures = bool(hand.figures)
    assert close(found[4], hand.invested if has_figures else None)
    assert close(found[5], hand.base if has_figures else None)
    assert close(found[6], hand.completion)
    assert close(found[7], hand.scheduled if has_figures else None)
    assert close(found[8], hand.schedule)
    assert close(found[9], hand.gap)
    assert found[10:13] == [hand.lights.get(light, 0) for light in ("red", "yellow", "green")]
    assert close(found[13], then.invested if then.figures else None)
    assert close(found[14], then.base if then.figures else None)
    assert close(found[15], then.completion)
    known = hand.completion is not None and then.completion is not None
    assert close(found[16], hand.completion - then.completion if known else None)


def both_years(keep) -> tuple[Hand, Hand]:
    return of_month(YEAR, MONTH, keep), of_month(YEAR - 1, MONTH, keep)


def test_every_figure_of_the_annexes_is_that_of_the_raw_rows(manager):
    entries = make_quarter()
    run = built(manager)
    assert run.state == "done", run.log

    total, *units = sheet(run, "附件1")
    assert_progress(total[2:], *both_years(lambda entry: True))
    paths = {unit.name: unit.path for unit in Department.objects.all()}
    shown = {row[1].removeprefix("其中："): row for row in units}
    assert set(shown) == {"区交通运输委", "区水利局", "区河道中心", "未明确责任单位"}
    for name, row in shown.items():
        path = paths.get(name)

        def is_below(entry, path=path) -> bool:
            department = entry.project.department
            return department.path.startswith(path) if path and department else path == department

        assert_progress(row[2:], *both_years(is_below))
    rates = [row[10] for row in units if not row[1].startswith(("其中", "未明确"))]
    assert rates == sorted(rates, reverse=True)

    kinds = {
        "按类别": ("category", CATEGORIES),
        "按级别": ("level", LEVELS),
        "按阶段": ("goal", STAGES),
    }
    total, *groups = sheet(run, "附件2")
    assert total[0] == "合计"
    for kind, name, *row in groups:
        field, labels = kinds[kind]
        (value,) = [value for value, label in labels.items() if label == name]
        assert_progress(
            row, *both_years(lambda entry, field=field, value=value: getattr(entry, field) == value)
        )
    assert len(groups) == 3 + 3 + 5

    listed = {row[1]: row for row in sheet(run, "附件3")}
    assert len(listed) == len(entries)
    for entry in entries:
        hand = of_month(YEAR, MONTH, lambda other, entry=entry: other == entry)
        row = listed[entry.project.code]
        assert close(row[7], hand.total)
        assert close(row[8], hand.planned)
        assert close(row[9], hand.in_month if hand.figures else None)
        assert close(row[10], hand.invested if hand.figures else None)
        assert close(row[11], hand.completion)
        assert close(row[13], hand.schedule)
        assert close(row[14], hand.gap)
        light = {"red": "红", "yellow": "黄", "green": "绿"}
        assert row[18] == light.get(next(iter(hand.lights)), "—")

    assert [row[9] for row in sheet(run, "附件4")] == ["逾期", "新增、销号", "新增"]
    everything = of_month(YEAR, MONTH)
    named = {(row[2], row[3]) for row in sheet(run, "附件5")}
    assert named == {(name, "迟报") for name in everything.late} | {
        (name, "未报") for name in everything.unreported
    }
    assert len(everything.late) == 2
    assert len(everything.unreported) == 1


def test_every_figure_of_the_sentences_is_that_of_the_raw_rows(manager):
    entries = make_quarter()
    text = text_of(built(manager))
    hand, then = both_years(lambda entry: True)
    assert (
        f"列入2024年度计划的重点项目{hand.entries}个，总投资{yi(hand.total)}（3个项目未填报，不计入），"
        f"年度计划投资{yi(hand.planned)}。1—3月累计完成投资{yi(hand.invested)}，"
        f"年度计划投资完成率{half_up(hand.completion, 1)}%，"
        f"序时完成率{half_up(hand.schedule, 1)}%，"
        f"落后序时进度{half_up(-hand.gap, 1)}个百分点"
        f"（按本月数据已核定的{hand.figures}个项目、年度计划投资{yi(hand.base)}计算，"
        f"其余2个项目本月无核定数据，不计入）。" in text
    )
    change = hand.completion - then.completion
    assert (
        f"上年同期年度计划投资完成率{half_up(then.completion, 1)}%，"
        f"今年较上年同期{'提高' if change > 0 else '下降'}{half_up(abs(change), 1)}个百分点" in text
    )
    assert f"3月当月完成投资{yi(hand.in_month)}。" in text
    for field, labels in (("goal", STAGES), ("category", CATEGORIES), ("level", LEVELS)):
        for value, label in labels.items():
            part = of_month(
                YEAR, MONTH, lambda entry, field=field, value=value: getattr(entry, field) == value
            )
            if part.entries:
                name = f"{label}项目" if field == "category" else label
                start = text.index(f"{name}{part.entries}个，总投资")
                sentence = re.split("[；。]", text[start:])[0]
                assert f"年度计划投资{yi(part.planned)}" in sentence
                assert f"累计完成投资{yi(part.invested)}" in sentence
                assert f"完成率{half_up(part.completion, 1)}%" in sentence

    wanted = [entry for entry in entries if entry.goal == Stage.STARTED]
    begun = [entry for entry in wanted if entry.pk in started_by_hand(wanted)]
    assert f"年度计划新开工项目{len(wanted)}个，截至3月底已开工{len(begun)}个" in text
    assert f"：{'、'.join(entry.cited_name for entry in begun)}。尚未开工" in text
    assert "按计划应于3月底前开工1个，已开工0个，逾期未开工1个：" in text

    lights = hand.lights
    assert lights["red"]
    counts = f"亮绿灯{lights['green']}个、黄灯{lights.get('yellow', 0)}个、红灯{lights['red']}个"
    assert counts in text
    long_red = red_since_january(entries)
    assert f"亮红灯超过30天的{len(long_red)}个：" in text
    for entry in long_red:
        assert f"{entry.cited_name}（" in text[text.index("亮红灯超过") :]
    raised = Obstacle.objects.filter(raised_on__year=YEAR, raised_on__month=MONTH).count()
    assert f"本月新增清障问题{raised}个，销号1个；截至月底未销号2个，其中逾期1个" in text
    assert f"本月应报项目{hand.due}个，已报{hand.reported}个" in text


def red_since_january(entries) -> list:
    """Red at the end of February already and, where they were judged, in March: more than 30 days."""
    found = []
    for entry in entries:
        lights = {
            report.period.month: report.light.shown
            for report in entry.reports.select_related("period", "light")
            if hasattr(report, "light")
        }
        if lights.get(2) == "red" and lights.get(3, "red") == "red":
            found.append(entry)
    return found


def started_by_hand(entries) -> set[int]:
    return {
        entry.pk
        for entry in entries
        if any(report.approved_status == "started" for report in entry.reports.all())
    }


def test_nothing_that_was_typed_becomes_a_formula(manager):
    make_quarter()
    run = built(manager)
    words = [str(cell) for row in sheet(run, "附件3") for cell in row]
    assert "=第3月进展" in "".join(words)
    assert "@征地未完成" in words
    assert "=地块0未交付" in [row[3] for row in sheet(run, "附件4")]


def test_last_year_is_said_to_be_missing_and_never_zero(manager):
    make_plan(planned=1200)
    open_rounds(1)
    run = built(manager, month=1)
    text = text_of(run)
    assert "1月暂无核定数据，完成投资、完成率均未统计。" in text
    assert "0.0%" not in text.replace("报送率0.0%", "")
    assert next(row[6:8] for row in sheet(run, "附件1")) == ["—", "—"]
    assert sheet(run, "附件1")[0][15:] == ["—"] * 4


def test_a_first_year_says_that_there_is_nothing_to_compare_with(manager):
    entry = make_plan(planned=1200)
    open_rounds(1)
    maker, checker = make_user(role=Role.MANAGER), make_user(role=Role.MANAGER)
    approve(report_of(entry, 1), maker, checker, invested=60)
    text = text_of(built(manager, month=1))
    assert "年度计划投资完成率5.0%，序时完成率60.0%，落后序时进度3.3个百分点。" in text
    assert "上年同期暂无数据，不作同比。" in text


def test_a_month_that_is_not_open_has_no_bulletin(manager):
    make_plan(planned=1200)
    open_rounds(1)
    run = built(manager, month=2)
    assert run.state == "failed"
    assert not run.files.exists()


def test_a_month_that_is_not_open_cannot_be_asked_for(manager):
    make_plan(planned=1200)
    open_rounds(1)
    response = signed_in(manager).post("/documents/build/", {**ASKED, "month": 2}, follow=True)
    assert not DocumentRun.objects.exists()
    assert response.redirect_chain[-1][0] == "/documents/?kind=monthly_bulletin"


def test_the_same_data_give_the_same_digest_and_other_data_another(manager):
    entry = make_plan(planned=1200)
    open_rounds(1)
    first, second = built(manager, month=1), built(manager, month=1)
    assert first.digest == second.digest
    entry.project.total_investment = 99
    entry.project.save()
    make_entry(year=YEAR)
    assert built(manager, month=1).digest != first.digest


def test_sample_data_are_named_on_the_first_page_and_in_the_last_lines(manager):
    make_plan(planned=1200)
    open_rounds(1)
    assert "示例数据" not in text_of(built(manager, month=1))
    make_department("500101-S", is_sample=True)
    run = built(manager, month=1)
    assert run.contains_sample
    lines = text_of(run).splitlines()
    assert "示例数据" in "".join(lines[:4])
    assert "示例数据" in "".join(lines[-5:])
    first_page = CalamineWorkbook.from_filelike(BytesIO(content(run, "xlsx"))).get_sheet_by_index(0)
    assert "示例数据" in "".join(row[0] for row in first_page.to_python()[:4])


@pytest.mark.parametrize(
    ("name", "status"),
    [("reporter", 403), ("outsider", 403), ("leader", 403), ("manager", 302), ("admin", 302)],
)
def test_who_may_ask_for_a_bulletin(name, status, request):
    make_plan(planned=1200)
    open_rounds(MONTH)
    client = signed_in(request.getfixturevalue(name))
    assert client.post("/documents/build/", ASKED).status_code == status
    assert DocumentRun.objects.count() == (status == 302)
