import pytest

from reading.choices import Kind, Match
from reading.known import Known, KnownEntry, KnownIndicator, KnownProject, KnownTarget
from reading.likeness import is_same, likeness
from reading.matching import disappeared, match
from tests.reading.readings import commitment, found, indicator, project


def known_project(pk, name, *years, result="", status="", cited=""):
    entries = {
        year: KnownEntry(
            pk * 10 + year,
            year,
            cited,
            "completed",
            result,
            "industry",
            "",
            "",
            None,
            "",
            "",
            False,
        )
        for year in years
    }
    return KnownProject(pk, f"500101-{pk:04}", name, "industry", "", status, None, entries)


def known(*projects, indicators=()):
    return Known(
        projects={each.pk: each for each in projects}, indicators={i.pk: i for i in indicators}
    )


def known_indicator(pk, name, unit="%", *years):
    targets = {year: KnownTarget(pk * 10, "7", False, 1) for year in years}
    return KnownIndicator(pk, f"i-{pk}", name, unit, "", "higher", targets)


def one(proposal, everything):
    (matched,) = match(found(proposal), everything)
    return matched.match, matched.candidate


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("江北水厂（一期）", "江北水厂（二期）"),
        ("江北水厂一期", "江北水厂"),
        ("江北水厂第1阶段", "江北水厂第2阶段"),
        ("渝巴路东二段", "渝巴路东一段"),
        ("渝巴路续建段", "渝巴路"),
        ("2023年农村公路", "2024年农村公路"),
        ("20万吨纯碱", "15万吨纯碱"),
        ("万忠路东西段二期", "万忠路南北段二期"),
    ],
)
def test_names_that_differ_in_phase_part_or_number_are_never_one(one, other):
    assert likeness(one, other) == 0
    assert not is_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("江北水厂（一期）", "江北水厂(一期)项目"),
        ("江北水厂一期", "江北水厂1期工程"),
        ("江北水厂Ⅱ期", "江北水厂II期"),
        ("锂离子电池生产（四期）", "锂离子电池生产四期"),
        ("Ａ线２００吨窑", "A线200吨窑"),
    ],
)
def test_names_that_differ_in_width_marks_and_filler_are_one(one, other):
    assert is_same(one, other)


@pytest.mark.parametrize(
    ("name", "entries", "expected"),
    [
        ("山城智造园项目", (2024,), (Match.CARRY_OVER, 1)),
        ("山城智造园", (2025,), (Match.KNOWN, 1)),
        ("山城智造产业园", (2024,), (Match.RENAMED, 1)),
        ("江南水厂", (2024,), (Match.NEW, None)),
        ("山城智造园二期", (2024,), (Match.NEW, None)),
    ],
)
def test_a_project_is_what_its_name_says(name, entries, expected):
    assert one(project(name), known(known_project(1, "山城智造园", *entries))) == expected


def test_a_project_is_known_by_the_name_that_an_earlier_list_gave_it():
    everything = known(known_project(1, "山城智造园", 2024, cited="山城智造基地"))
    assert one(project("山城智造基地"), everything) == (Match.CARRY_OVER, 1)


def test_two_of_the_same_name_are_left_to_the_officer():
    everything = known(known_project(1, "山城智造园", 2024), known_project(2, "山城智造园", 2024))
    matched = match(found(project("山城智造园")), everything)[0]
    assert (matched.match, matched.candidate) == (Match.AMBIGUOUS, None)
    assert [each.key for each in matched.candidates] == [1, 2]


def test_what_bears_its_own_name_in_the_report_is_not_the_old_name_of_something_else():
    everything = known(known_project(1, "山城智造园", 2024))
    both = match(found(project("山城智造园"), project("山城智造产业园")), everything)
    assert [each.match for each in both] == [Match.CARRY_OVER, Match.NEW]


def test_two_works_of_one_kind_in_two_places_are_two():
    everything = known(known_project(1, "杨柳水厂及配套管网", 2024))
    assert one(project("江南水厂及配套管网"), everything) == (Match.NEW, None)


def test_an_indicator_is_its_name_and_its_unit():
    gdp = known_indicator(1, "地区生产总值增速", "%", 2024)
    everything = known(indicators=[gdp])
    assert one(indicator("地区生产总值增速"), everything) == (Match.CARRY_OVER, 1)
    assert one(indicator("地区生产总值增速", unit="亿元"), everything) == (Match.NEW, None)
    renamed = indicator("数字经济核心产业增加值增速")
    digital = known_indicator(2, "数字经济增加值增速", "%", 2024)
    assert one(renamed, known(indicators=[digital])) == (Match.RENAMED, 2)


def test_what_the_year_before_left_open_and_the_report_does_not_name_has_disappeared():
    everything = known(
        known_project(1, "山城智造园", 2024, result="accelerated"),
        known_project(2, "江北水厂一期", 2024, result="completed"),
        known_project(3, "停了的厂", 2024, status="withdrawn"),
        known_project(4, "仍在的厂", 2024),
        known_project(5, "更早的厂", 2023),
        indicators=[known_indicator(1, "森林覆盖率", "%", 2024), known_indicator(2, "老指标")],
    )
    gone = disappeared([(Kind.PROJECT, 4), (Kind.PROJECT, None)], everything, 2025)
    assert [(each.kind, each.name) for each in gone] == [
        (Kind.PROJECT, "山城智造园"),
        (Kind.INDICATOR, "森林覆盖率"),
    ]


def test_a_commitment_of_the_same_title_last_year_is_another_commitment(db):
    assert one(commitment("口袋公园"), known()) == (Match.NEW, None)
