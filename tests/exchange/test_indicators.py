import pytest

from exchange.models import ImportRun
from indicators.models import Observation, ObservationChange, Target, TargetRevision
from tests.exchange.bringing import Task, check, faults, go_on, written
from tests.indicators.factories import make_indicator, make_target

State = ImportRun.State
TARGETS = ["指标编码", "年度", "目标", "约束性"]
RESULTS = ["指标编码", "年度", "完成值", "文字表述", "原因说明"]


@pytest.fixture
def indicator(db):
    return make_indicator(code="good-air-days", name="空气质量优良天数", unit="天")


class TestTargets:
    def test_a_new_target_is_read_as_any_other(self, manager, indicator):
        run = written(manager, "targets", TARGETS, ["good-air-days", 2025, "340以上", "是"])

        target = Target.objects.get()
        assert (target.text, target.value, target.binding) == ("340以上", 340, True)
        assert go_on(run, Task.UNDO).state == State.UNDONE
        assert not Target.objects.exists()

    def test_one_that_is_there_is_revised_and_its_words_stay(self, manager, indicator):
        make_target("340以上", indicator, year=2025)
        head = [*TARGETS[:3], "审批机关", "批准日期"]
        run = written(
            manager, "targets", head, ["good-air-days", 2025, "345以上", "区人大", "2025-06-30"]
        )

        revision = TargetRevision.objects.get()
        assert (revision.old_text, revision.new_text) == ("340以上", "345以上")
        assert Target.objects.get().text == "340以上"
        assert go_on(run, Task.UNDO).log[-1]["event"] == "undo_refused"

    def test_a_revision_says_who_decided(self, manager, indicator):
        make_target("340以上", indicator, year=2025)
        run = check(manager, "targets", TARGETS[:3], ["good-air-days", 2025, "345以上"])
        assert faults(run)
        assert not TargetRevision.objects.exists()

    def test_an_indicator_that_is_none(self, manager):
        assert (
            faults(check(manager, "targets", TARGETS, ["no-such", 2025, "1", "否"]))[0][0] == "A2"
        )


class TestResults:
    def test_a_result_is_recorded_with_who_entered_it(self, manager, indicator):
        make_target("340以上", indicator, year=2025)
        written(manager, "observations", RESULTS, ["good-air-days", 2025, 336, None, "沙尘"])

        result = Observation.objects.get()
        assert (result.value, result.text, result.note) == (336, "336", "沙尘")
        assert ObservationChange.objects.get().by == manager

        again = check(manager, "observations", RESULTS, ["good-air-days", 2025, 336, None, "沙尘"])
        assert again.counts["left"] == 1

    def test_a_result_goes_back_with_both_steps_told(self, manager, indicator):
        make_target("340以上", indicator, year=2025)
        run = written(manager, "observations", RESULTS, ["good-air-days", 2025, 336, None, ""])
        changed = written(manager, "observations", RESULTS, ["good-air-days", 2025, 338, None, ""])
        assert Observation.objects.get().text == "338"
        assert go_on(run, Task.UNDO).log[-1]["event"] == "undo_refused"
        assert go_on(changed, Task.UNDO).state == State.UNDONE
        assert Observation.objects.get().value == 336
        assert ObservationChange.objects.count() == 3

    def test_words_and_number_agree_as_on_the_page(self, manager, indicator):
        make_target("340以上", indicator, year=2025)
        run = check(manager, "observations", RESULTS, ["good-air-days", 2025, 336, "350", ""])
        assert [address for address, _message in faults(run)] == ["D2"]

    @pytest.mark.parametrize("who", ["reporter", "leader"])
    def test_who_keeps_no_indicators(self, request, indicator, who):
        run = check(
            request.getfixturevalue(who), "observations", RESULTS, ["good-air-days", 2025, 1]
        )
        assert run.state == State.FAULTY
