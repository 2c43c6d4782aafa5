from decimal import Decimal

import pytest

from exchange.models import ImportRun
from projects.models import AnnualPlan, EntryMark, PlanRevision, ProgressReport
from projects.planning import months_of
from projects.verification import verify
from tests.exchange.bringing import Task, check, faults, go_on, rows_of, written
from tests.factories import make_entry, make_project
from tests.rounds import make_plan

MONTHS = [f"{month}月" for month in range(1, 13)]
CURVE = [100 * month for month in range(1, 13)]
HEAD = ["项目编码", "年度", "年度计划投资（万元）", *MONTHS, "审批机关", "批准日期"]
DECISION = ["区人民政府", "2024.1.15"]
State = ImportRun.State


@pytest.fixture(autouse=True)
def _today(settings):
    settings.WZ_TODAY = "2024-01-20"


def test_an_entry_that_waits_is_adopted_with_its_months(manager):
    entry = make_entry()
    run = written(manager, "plans", HEAD, [entry.project.code, 2024, 1200, *CURVE, *DECISION])

    entry.refresh_from_db()
    assert run.state == State.WRITTEN
    assert entry.adopted_on.isoformat() == "2024-01-15"
    assert list(months_of(entry)) == CURVE
    assert PlanRevision.objects.get(entry=entry).by == manager
    assert EntryMark.objects.filter(entry=entry.pk).exists()
    assert verify().findings == []


def test_a_new_entry_is_listed_and_adopted_in_one_row(manager):
    project = make_project("新桥")
    head = ["项目编码", "年度", "级别", "年度计划投资（亿元）", "分解方式", "审批机关", "批准日期"]
    written(manager, "plans", head, [project.code, 2024, "市级重点", 0.12, "均衡分解", *DECISION])

    entry = AnnualPlan.objects.get(project=project)
    assert (entry.level, entry.category, entry.planned_investment) == (
        "municipal",
        project.category,
        1200,
    )
    assert months_of(entry)[0] == 100


def test_what_is_wrong_with_a_plan_stands_at_its_cell(manager):
    entry, other = make_entry(), make_entry()
    falling = [*CURVE[:5], 50, *CURVE[6:]]
    run = check(
        manager,
        "plans",
        HEAD,
        [entry.project.code, 2024, 1200, *falling, *DECISION],
        [other.project.code, 2024, 1200, *CURVE, "", None],
        ["500101-XXXX", 2024, 1200, *CURVE, *DECISION],
    )

    assert [address for address, _message in faults(run)] == ["I2", "P3", "Q3", "A4"]
    assert not ProgressReport.objects.exists()


def test_an_adopted_plan_is_revised_from_a_month_on(manager):
    entry = make_plan()
    head = [*HEAD[:3], "调整起始月份", "调整原因", *HEAD[-2:]]
    run = written(
        manager, "plans", head, [entry.project.code, 2024, 2400, 7, "资金追加", *DECISION]
    )

    months = months_of(entry)
    assert (months[5], months[11]) == (600, 2400)
    assert rows_of(run, "changed")[0]["before"] == {"planned_investment": "1200.00"}
    assert go_on(run, Task.UNDO).log[-1]["event"] == "undo_refused"
    assert verify().findings == []


def test_a_revision_says_from_when_on_and_why(manager):
    entry = make_plan()
    run = check(manager, "plans", HEAD, [entry.project.code, 2024, 2400, *[None] * 12, *DECISION])
    assert faults(run)


def test_facts_of_an_entry_are_changed_and_go_back(manager):
    entry = make_entry(sector="交通")
    head = ["项目编码", "年度", "行业", "年度计划投资（万元）"]
    run = written(manager, "plans", head, [entry.project.code, 2024, "水利", 500])
    entry.refresh_from_db()
    assert (entry.sector, entry.planned_investment) == ("水利", 500)

    assert go_on(run, Task.UNDO).state == State.UNDONE
    entry.refresh_from_db()
    assert (entry.sector, entry.planned_investment) == ("交通", None)


def test_a_new_entry_without_a_plan_is_taken_out_again(manager):
    project = make_project()
    run = written(manager, "plans", ["项目编码", "年度", "行业"], [project.code, 2024, "水利"])
    assert AnnualPlan.objects.get().sector == "水利"

    assert go_on(run, Task.UNDO).state == State.UNDONE
    assert not AnnualPlan.objects.exists()


def test_the_year_comes_to_the_amount(manager):
    entry = make_entry()
    run = check(manager, "plans", HEAD, [entry.project.code, 2024, 999, *CURVE, *DECISION])

    assert "999" in faults(run)[0][1]
    assert Decimal(999) != CURVE[-1]
