"""What the fixtures state, held against a second reading of the report's own text."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from difflib import unified_diff

import pytest
from django.apps import apps

from indicators.models import Commitment, Measure, Observation, Target
from office.clock import today
from projects import questions
from projects.models import (
    AnnualPlan,
    Cited,
    Comparator,
    DataQuestion,
    PlanStatement,
    Project,
    SourceSentence,
    StatedAmount,
)
from tests.projects import report_parser

pytestmark = [pytest.mark.usefixtures("report_loaded"), pytest.mark.any_database]

PROJECT_TABLES = {"表3": 2023, "表5": 2024, "表6": 2024, "表9": 2024}
CATEGORIES = {
    "一、产业发展": "industry",
    "二、城乡建设及基础设施": "infrastructure",
    "三、生态环境保护": "ecology",
    "四、民生领域": "livelihood",
}
CATEGORY_OF_TABLE = {"表5": "industry", "表6": "infrastructure", "表9": "ecology"}

# Numbers of section 三 that promise nothing by themselves: (the words around them, why).
NUMBERS_OF_NAMES = {
    "5+10+X": "the name of the industrial system",
    "“213”龙头培育行动": "the name of a programme",
    "3A级以上物流企业": "a grade; the promise is their number, 10",
    "投产1万吨中药饮片": "the capacity in a project's name",
    "4.0版": "the number of an edition",
    "超20亿元级产业集群": "the class of the clusters; the promise is their number, 3",
    "收入超20万元的村": "which villages; the promise is that all of them do",
    "15分钟婴幼儿照护服务圈": "the name of a kind of service",
}
# Sums of money that are neither put in nor promised: (the words around them, why).
SUMS_OF_NO_FUNDS = {
    "低于预期376万美元": "the gap of an indicator; computed from its target and result",
    "实现交易额27亿元": "the turnover of a fair",
    "带动消费1200万元": "what vouchers led people to spend",
    "实现交易额50亿元": "the turnover of exhibitions",
    "文旅产品8218.9万元": "sales that the partner helped with",
    "经营性收入10万元以上的村": "which villages are meant",
    "新增产值超350亿元": "a forecast of what signed projects will produce",
    "新增税收超20亿元": "a forecast of the taxes of signed projects",
    "经营性收入超20万元的村": "which villages are meant",
}


def assert_same(text: Iterable[object], database: Iterable[object]) -> None:
    """Fail with the lines that differ: - what the text says, + what the fixtures say."""
    text_lines, database_lines = list(map(str, text)), list(map(str, database))
    difference = unified_diff(text_lines, database_lines, "the text", "the fixtures", lineterm="")
    assert text_lines == database_lines, "\n" + "\n".join(difference)


@pytest.mark.parametrize("table", PROJECT_TABLES)
def test_a_table_names_these_projects_in_this_order_under_this_heading_with_this_verb(table):
    entries = AnnualPlan.objects.filter(table=table).order_by("position")
    assert_same(
        (
            (n.order, n.heading, n.sector, n.verb, n.stage, n.name)
            for n in report_parser.named_projects(table)
        ),
        (
            (e.position, e.heading, e.sector, e.cited_verb, e.goal or e.result, e.cited_name)
            for e in entries
        ),
    )


@pytest.mark.parametrize(("table", "year"), PROJECT_TABLES.items())
def test_a_table_of_last_year_states_results_and_one_of_this_year_goals(table, year):
    for entry in AnnualPlan.objects.filter(table=table):
        assert entry.year == year
        assert bool(entry.result) == (year == 2023)
        assert bool(entry.goal) == (year == 2024)
        assert entry.featured


@pytest.mark.parametrize("table", PROJECT_TABLES)
def test_an_entry_s_category_is_that_of_its_heading_or_table(table):
    for entry in AnnualPlan.objects.filter(table=table):
        category = CATEGORY_OF_TABLE.get(table) or CATEGORIES[entry.heading.split("：")[0]]
        assert entry.category == category, entry


def test_no_entry_stands_outside_the_tables():
    assert set(AnnualPlan.objects.values_list("table", flat=True)) == set(PROJECT_TABLES)


@pytest.mark.parametrize("table", PROJECT_TABLES)
def test_an_entry_cites_its_table_and_quotes_its_name(table):
    for entry in AnnualPlan.objects.filter(table=table).select_related("sentence"):
        assert entry.sentence.section == table
        assert entry.cited_name in entry.quote


@pytest.mark.parametrize("table", ["表5", "表6", "表9"])
def test_the_counts_that_close_a_table_s_lists_are_stated_apart(table):
    statements = PlanStatement.objects.filter(table=table).order_by("sentence__number", "code")
    comparators = {True: Comparator.AT_LEAST, False: Comparator.EXACT}
    sectors = {p.heading: p.sector for p in report_parser.named_projects(table)}
    assert_same(
        (
            (sectors[c.heading], report_parser.STAGES[c.verb], comparators[c.at_least], c.count)
            for c in report_parser.stated_counts(table)
        ),
        ((s.sector, s.goal, Comparator(s.comparator), s.count) for s in statements),
    )


def test_no_project_takes_one_phase_for_another_and_a_phase_that_is_dropped_is_asked_about():
    asked = {f.project.code for f in questions.find(on=today()) if f.kind == "name_changed"}
    phase = re.compile(r"[一二三四五六七八九十]期")
    for project in Project.objects.prefetch_related("entries"):
        phases = {tuple(phase.findall(entry.cited_name)) for entry in project.entries.all()}
        assert len(phases - {()}) <= 1, f"{project}: {phases}"
        assert len(phases) <= 1 or project.code in asked, f"{project}: {phases}"


def printed_target(target: Target) -> tuple[str, ...]:
    """A target as 表1 prints it, or 表4 but for its last column."""
    mark = "*" if target.binding and target.year == 2023 else ""
    part = "#" if target.indicator.parent_id else ""
    seq = "" if target.seq is None else str(target.seq)
    return seq, f"{part}{target.indicator.printed_name}{mark}", target.text


def targets(year: int) -> list[Target]:
    return list(Target.objects.filter(year=year).select_related("indicator").order_by("position"))


def test_table_1_stands_in_the_database_cell_by_cell():
    results = {
        observation.indicator_id: observation.text
        for observation in Observation.objects.filter(year=2023, month=None, area="district")
    }
    assert_same(
        map(tuple, report_parser.indicator_rows("表1")),
        ((*printed_target(t), results[t.indicator_id]) for t in targets(2023)),
    )


def test_table_4_stands_in_the_database_cell_by_cell():
    assert_same(
        map(tuple, report_parser.indicator_rows("表4")),
        ((*printed_target(t), "约束性" if t.binding else "预期性") for t in targets(2024)),
    )


@pytest.mark.parametrize(("year", "section"), [(2023, "表1"), (2024, "表4")])
def test_a_sub_indicator_stands_under_the_row_above_it(year, section):
    above = None
    for target in targets(year):
        assert target.sentence.section == section
        if target.indicator.parent_id:
            assert target.indicator.parent_id == above
        else:
            above = target.indicator_id


@pytest.mark.parametrize("year", [2023, 2024])
def test_a_result_of_one_number_has_that_value(year):
    for observation in Observation.objects.filter(year=year).exclude(text=""):
        if re.fullmatch(r"\d+(\.\d+)?", observation.text):
            assert observation.value == Decimal(observation.text), observation


@pytest.mark.parametrize(
    ("table", "kind", "year"),
    [("表2", "livelihood", 2023), ("表7", "consumption", 2024), ("表8", "business", 2024)],
)
def test_the_commitments_of_a_table_are_its_rows(table, kind, year):
    commitments = Commitment.objects.filter(kind=kind, year=year).order_by("position")
    assert_same(
        map(tuple, report_parser.grid(table, 2)),
        commitments.values_list("title", "text"),
    )


def facts() -> Iterator[Cited]:
    for model in apps.get_models():
        if issubclass(model, Cited) and model is not DataQuestion:
            yield from model.objects.select_related("sentence")


def test_every_fact_quotes_words_that_stand_in_its_sentence():
    wrong = [
        f"{fact._meta.label} {fact.pk} {fact}: “{fact.quote}”"
        for fact in facts()
        if not (fact.sentence and fact.quote and fact.quote in fact.sentence.text)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_sentence_stands_in_the_text():
    text = re.sub(r"\s", "", report_parser.TEXT)
    for sentence in SourceSentence.objects.all():
        assert re.sub(r"\s", "", sentence.text) in text
    stored = "".join(SourceSentence.objects.order_by("number").values_list("text", flat=True))
    assert re.sub(r"\s", "", stored) == text


def measures_by_sentence() -> dict[str, list[Measure]]:
    found: dict[str, list[Measure]] = {}
    for measure in Measure.objects.select_related("sentence"):
        found.setdefault(measure.sentence.text, []).append(measure)
    return found


def excused(sentence: str, start: int, end: int, reasons: dict[str, str]) -> str | None:
    """The excuse whose words stand around this place of the sentence."""
    for words in reasons:
        for match in re.finditer(re.escape(words), sentence):
            if match.start() <= start and end <= match.end():
                return words
    return None


def test_every_number_that_section_three_promises_is_a_measure():
    measures = measures_by_sentence()
    missing, used = [], set()
    for sentence in report_parser.body("（一）全力提升", "各位代表，2024"):
        for number in re.finditer(r"\d+(?:\.\d+)?", sentence):
            if words := excused(sentence, number.start(), number.end(), NUMBERS_OF_NAMES):
                used.add(words)
                continue
            if not any(
                measure.value == Decimal(number[0]) and number[0] in measure.quote
                for measure in measures.get(sentence, ())
            ):
                missing.append(f"{number[0]}: {sentence[: number.end() + 12]}")
    assert not missing, "\n".join(missing)
    assert used == set(NUMBERS_OF_NAMES), "an excuse that nothing needs"


def test_a_measure_reads_the_words_that_follow_its_number():
    bounds = {"以上": "ge", "以内": "le", "左右": "about"}
    for measure in Measure.objects.filter(commitment__kind="task"):
        for words, comparator in bounds.items():
            if measure.text.endswith(words) and measure.comparator != "change":
                assert measure.comparator == comparator, measure
        number = re.search(r"\d+(?:\.\d+)?", measure.text)
        if number and measure.value is not None:
            assert measure.value == Decimal(number[0]), measure
            assert measure.unit in measure.text or "前10" in measure.text, measure


def test_every_sum_of_money_is_a_stated_amount_a_result_or_a_measure():
    facts_by_sentence: dict[str, list[tuple[str, set[Decimal | None]]]] = {}
    for model, names in (
        (StatedAmount, ["value"]),
        (Observation, ["value"]),
        (Measure, ["value", "actual"]),
    ):
        for fact in model.objects.select_related("sentence"):
            values = {getattr(fact, name) for name in names}
            facts_by_sentence.setdefault(fact.sentence.text, []).append((fact.quote, values))
    missing, used, count = [], set(), 0
    livelihood = ["\t".join(row) for row in report_parser.grid("表2", 2)]
    for sentence in report_parser.running_text() + livelihood:
        for amount in report_parser.amounts(sentence):
            count += 1
            if words := excused(sentence, amount.start, amount.end, SUMS_OF_NO_FUNDS):
                used.add(words)
                continue
            printed = sentence[amount.start : amount.end]
            if not any(
                amount.value in values and printed in quote
                for quote, values in facts_by_sentence.get(sentence, ())
            ):
                missing.append(f"{printed}: {sentence[: amount.end + 12]}")
    assert not missing, "\n".join(missing)
    assert used == set(SUMS_OF_NO_FUNDS), "an excuse that nothing needs"
    assert count >= 50
