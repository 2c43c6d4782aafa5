"""A block pasted as text: all of its rows are saved, or none, and every fault is named."""

from datetime import date
from html import unescape

import pytest

from tests.factories import signed_in
from tests.rounds import make_plan, open_rounds, report_of, save, submit

MARCH = "/month/2024/3/"


@pytest.fixture(autouse=True)
def _on_the_first_of_april(settings):
    settings.WZ_TODAY = "2024-04-01"


BLOCK = "项目\t投资\t形象进度\t进展\n{a}\t1,200\t30%\t“封顶”\n{b}\t0.5亿元\t\t桩基\n"


def paste(client, block):
    return client.post(f"{MARCH}paste/", {"block": block})


def test_a_pasted_block_is_saved_row_by_row(reporter):
    first, second = make_plan(reporter.department), make_plan(reporter.department)
    open_rounds(3)
    block = BLOCK.format(a=first.project.code, b=second.project.name)
    assert paste(signed_in(reporter), block).status_code == 302
    one, two = report_of(first, 3), report_of(second, 3)
    assert (one.invested_ytd, one.physical_progress, one.status) == (1200, 30, "started")
    assert (two.invested_ytd, two.physical_progress, two.narrative) == (5000, None, "桩基")


def test_a_block_with_faults_saves_nothing_and_comes_back_with_all_of_them(reporter, outsider):
    own, foreign = make_plan(reporter.department), make_plan(outsider.department)
    open_rounds(3)
    block = "\n".join(
        (
            f"{own.project.code}\t100",
            f"{own.project.code}\t200",
            f"{foreign.project.code}\t100",
            "没有这个项目\t1",
            f"{own.project.name}\tabc\t300",
        )
    )
    response = paste(signed_in(reporter), block)
    errors = response.context["block_errors"]
    assert response.status_code == 422
    assert own.project.code in response.content.decode()
    assert [error for error in errors if foreign.project.code in error]
    assert [error for error in errors if "没有这个项目" in error]
    assert [error for error in errors if "abc" in error]
    assert report_of(own, 3).version == 0


def test_a_figure_that_cannot_be_true_takes_the_whole_block_back(reporter):
    first, second = make_plan(reporter.department), make_plan(reporter.department)
    open_rounds(3)
    block = f"{first.project.code}\t100\n{second.project.code}\t100\t130"
    response = paste(signed_in(reporter), block)
    assert len(response.context["block_errors"]) == 1
    assert second.project.name in response.context["block_errors"][0]
    assert report_of(first, 3).version == 0


def test_cells_with_line_breaks_and_tabs_are_one_cell(reporter):
    entry = make_plan(reporter.department)
    open_rounds(3)
    block = f'{entry.project.code}\t１，２００\t\t"桩基完成；\n""1#""墩\t封顶"\t缺土\t协调'
    assert paste(signed_in(reporter), block).status_code == 302
    report = report_of(entry, 3)
    assert report.invested_ytd == 1200
    assert report.narrative == '桩基完成；\n"1#"墩\t封顶'
    assert (report.problems, report.next_step) == ("缺土", "协调")


def test_columns_that_are_left_out_stay_as_they_are(reporter):
    entry = make_plan(reporter.department)
    open_rounds(3)
    save(report_of(entry, 3), reporter, on=date(2024, 4, 1), narrative="原来的话")
    assert paste(signed_in(reporter), f"{entry.project.name}\t300").status_code == 302
    report = report_of(entry, 3)
    assert (report.invested_ytd, report.narrative, report.version) == (300, "原来的话", 2)


def test_a_row_that_was_submitted_already_takes_the_whole_block_back(reporter):
    done, waiting = make_plan(reporter.department), make_plan(reporter.department)
    open_rounds(3)
    submit(report_of(done, 3), reporter, on=date(2024, 4, 1))
    response = paste(signed_in(reporter), f"{waiting.project.code}\t100\n{done.project.code}\t100")
    assert response.status_code == 422
    assert done.project.name in response.context["block_errors"][0]
    assert report_of(waiting, 3).version == 0


def test_a_locked_round_takes_no_block_and_gives_it_back(reporter, settings):
    entry = make_plan(reporter.department)
    period = open_rounds(3)
    settings.WZ_TODAY = period.locks_on.isoformat()
    response = paste(signed_in(reporter), f"{entry.project.code}\t98765.43")
    assert response.status_code == 422
    assert "98765.43" in response.content.decode()
    assert response.context["block_errors"]
    assert report_of(entry, 3).version == 0


@pytest.mark.parametrize("block", ["", "\n\n", "项目\t投资"])
def test_a_block_without_a_row_is_refused(reporter, block):
    make_plan(reporter.department)
    open_rounds(3)
    assert paste(signed_in(reporter), block).status_code == 422


def test_an_error_names_line_column_and_project(reporter):
    entry = make_plan(reporter.department)
    open_rounds(3)
    client = signed_in(reporter)
    client.cookies["django_language"] = "en"
    response = paste(client, f"项目\t投资\n{entry.project.code}\t12o0")
    (error,) = response.context["block_errors"]
    assert error.startswith(f"{entry.project}, Invested, year to date: Row 2, column 2: ")
    assert "12o0" in error
    assert error in unescape(response.content.decode())


def test_who_may_paste(reporter, leader, client):
    entry = make_plan(reporter.department)
    open_rounds(3)
    assert paste(signed_in(leader), f"{entry.project.code}\t100").status_code == 403
    assert client.post(f"{MARCH}paste/").status_code == 302
    assert signed_in(reporter).get(f"{MARCH}paste/").status_code == 405
    assert signed_in(reporter).post("/month/2031/3/paste/").status_code == 404
    assert report_of(entry, 3).version == 0
