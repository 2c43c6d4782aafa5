"""Funding and milestones: what was promised is the office's to set, what happened the department's to say."""

from datetime import date

import pytest

from exchange.models import ImportRun
from projects.models import Funding, Milestone, StatusChange
from projects.verification import verify
from tests.exchange.bringing import Task, check, faults, go_on, written
from tests.factories import make_project

State = ImportRun.State
MONEY = ["项目编码", "资金来源", "金额（万元）", "到位资金（万元）"]
NODES = ["项目编码", "节点名称", "计划完成日期", "实际完成日期"]


@pytest.fixture(autouse=True)
def _today(settings):
    settings.WZ_TODAY = "2024-06-20"


@pytest.fixture
def project(reporter):
    return make_project(department=reporter.department)


class TestFunding:
    def test_the_office_sets_sources_and_their_project_tells_each(self, manager, project):
        rows = [[project.code, "中央", 2000, 800], [project.code, "专项债", 500, None]]
        rows = [
            [code, {"中央": "central", "专项债": "special_bond"}[s], a, b] for code, s, a, b in rows
        ]
        run = written(manager, "funding", MONEY, *rows)

        assert {row.source: (row.amount, row.arrived) for row in Funding.objects.all()} == {
            "central": (2000, 800),
            "special_bond": (500, None),
        }
        assert StatusChange.objects.filter(project=project, by=manager).count() == 2
        assert verify().findings == []
        assert go_on(run, Task.UNDO).state == State.UNDONE
        assert not Funding.objects.exists()
        assert StatusChange.objects.count() == 4

    def test_a_department_says_what_has_arrived_and_no_more(self, reporter, project):
        Funding.objects.create(project=project, source="central", amount=2000)
        written(reporter, "funding", MONEY, [project.code, "central", 2000, 900])
        assert Funding.objects.get().arrived == 900

        run = check(reporter, "funding", MONEY, [project.code, "central", 3000, 900])
        assert [address for address, _message in faults(run)] == ["C2"]

    def test_more_than_was_promised_is_confirmed(self, manager, project):
        assert (
            faults(check(manager, "funding", MONEY, [project.code, "central", 100, 900]))[0][0]
            == "D2"
        )
        written(
            manager,
            "funding",
            [*MONEY, "到位超过计划属实"],
            [project.code, "central", 100, 900, "是"],
        )
        assert Funding.objects.get().arrived == 900

    def test_others_projects_are_as_good_as_none(self, outsider, project):
        assert faults(check(outsider, "funding", MONEY, [project.code, "central", 1, 1]))

    def test_not_taken_back_once_the_project_has_gone_on(self, manager, project):
        run = written(manager, "funding", MONEY, [project.code, "central", 2000, 800])
        written(manager, "milestones", NODES, [project.code, "开工", "2024-06-30", None])
        go_on(run, Task.UNDO)

        assert run.state == State.WRITTEN
        assert str(manager) in run.log[-1]["why"]


class TestMilestones:
    def test_nodes_are_set_done_and_taken_out_again(self, manager, reporter, project):
        run = written(
            manager, "milestones", NODES, [project.code, "主体封顶", "2024年5月31日", None]
        )
        assert Milestone.objects.get().due_on == date(2024, 5, 31)

        done = written(
            reporter, "milestones", NODES, [project.code, "主体封顶", "2024-05-31", "2024/6/2"]
        )
        assert Milestone.objects.get().done_on == date(2024, 6, 2)
        assert go_on(run, Task.UNDO).log[-1]["event"] == "undo_refused"
        assert go_on(done, Task.UNDO).state == State.UNDONE
        assert Milestone.objects.get().done_on is None
        assert verify().findings == []

    @pytest.mark.parametrize(
        ("due", "done", "cell"),
        [("2024-07-31", None, "C2"), ("2024-05-31", "2024-06-21", "D2")],
        ids=["the day that it is held against", "a day that has not come"],
    )
    def test_a_department_moves_no_day_and_nothing_is_done_tomorrow(
        self, reporter, project, due, done, cell
    ):
        Milestone.objects.create(project=project, name="开工", due_on=date(2024, 5, 31))
        run = check(reporter, "milestones", NODES, [project.code, "开工", due, done])
        assert [address for address, _message in faults(run)] == [cell]
