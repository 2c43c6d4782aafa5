"""The report of Wanzhou against its own data: nothing differs; then falsified in one place at a time."""

import pytest
from django.conf import settings

from reading import engine, known, lint
from reading.lint import Fault

pytestmark = pytest.mark.any_database

REPORT = (settings.FIXTURES_DIR / "source" / "wanzhou-2024.txt").read_text(encoding="utf-8")


def findings(text: str) -> list[lint.Finding]:
    draft = engine.read(text)
    return lint.check(draft, known.read({draft.year, draft.year - 1}))


@pytest.fixture
def everything(report_loaded):
    return known.read()


def test_the_report_agrees_with_the_data_that_were_taken_from_it(report_loaded):
    assert [(each.fault, each.subject, each.draft) for each in findings(REPORT)] == []


# what is falsified: (old words, new words, what is found, a word of its subject)
FALSIFIED = {
    "a target": (
        "17\n\t森林覆盖率（%）\n\t56.8\n\t56.8",
        "17\n\t森林覆盖率（%）\n\t57.8\n\t56.8",
        Fault.TARGET,
        "森林覆盖率",
    ),
    "a target's bound": (
        "固定资产投资增速（%）\n\t7\n",
        "固定资产投资增速（%）\n\t7以内\n",
        Fault.TARGET,
        "固定资产投资增速",
    ),
    "a result": (
        "进出口总额（亿元）\n\t60\n\t73.1",
        "进出口总额（亿元）\n\t60\n\t71.3",
        Fault.RESULT,
        "进出口总额",
    ),
    "a unit in a table": (
        "人均地区生产总值（万元）\n\t8",
        "人均地区生产总值（元）\n\t8",
        None,
        "人均地区生产总值",
    ),
    "a binding mark": (
        "空气质量优良天数（天）\n\t340\n\t约束性",
        "空气质量优良天数（天）\n\t340\n\t预期性",
        Fault.BINDING,
        "空气质量优良天数",
    ),
    "a growth": (
        "完成工业投资75亿元、同比增长15.6%",
        "完成工业投资75亿元、同比增长16.5%",
        None,
        "工业投资",
    ),
    "an amount": ("招商项目到位资金额80.5亿元", "招商项目到位资金额85.5亿元", None, "到位资金"),
    "a unit of money": ("正式合同额386.9亿元", "正式合同额386.9万元", None, "合同额"),
    "a stated count": (
        "湘渝盐化绿色固碳升级等51个项目",
        "湘渝盐化绿色固碳升级等15个项目",
        None,
        "项目",
    ),
    "a count below what is named": (
        "高级服装定制等项目18个",
        "高级服装定制等项目4个",
        Fault.NAMED_MORE,
        "",
    ),
    "a count's bound": (
        "预制菜生产、预调式鸡尾酒生产、智能照明灯饰配件生产等项目22个以上",
        "预制菜生产、预调式鸡尾酒生产、智能照明灯饰配件生产等项目22个",
        None,
        "",
    ),
    "a project left out": (
        "、动物园迁建、城区菜市场建设",
        "、城区菜市场建设",
        Fault.NOT_IN_DRAFT,
        "动物园迁建",
    ),
    "a project too many": (
        "、动物园迁建、城区菜市场建设",
        "、动物园迁建、植物园扩建、城区菜市场建设",
        Fault.NOT_IN_DATA,
        "植物园扩建",
    ),
    "a phase": (
        "氧化铝智能化升级和产能置换（二期）",
        "氧化铝智能化升级和产能置换（三期）",
        Fault.NOT_IN_DATA,
        "（三期）",
    ),
    "a name": (
        "水产研究所双河口科研试验场迁建",
        "水产研究所双河口科研试验基地迁建",
        None,
        "双河口",
    ),
    "a stage": (
        "开工天生城文旅街区三期、",
        "竣工天生城文旅街区三期、",
        Fault.STAGE,
        "天生城文旅街区三期",
    ),
    "a livelihood quantity": ("新增残疾人就业112人", "新增残疾人就业121人", None, "残疾人就业"),
    "a task's quantity": ("新建口袋公园4个", "新建口袋公园14个", None, "口袋公园"),
    "a number of the text alone": (
        "空气质量优良天数为336天",
        "空气质量优良天数为366天",
        None,
        "空气质量优良天数",
    ),
    "an indicator left out": (
        "28\n\t耕地保有量（万亩）\n\t122.8以上\n\t预期性\n\n\t",
        "",
        Fault.NOT_IN_DRAFT,
        "耕地保有量",
    ),
}


@pytest.mark.parametrize("what", FALSIFIED)
def test_what_is_falsified_is_found(report_loaded, what):
    old, new, fault, subject = FALSIFIED[what]
    assert REPORT.count(old) >= 1, "the report does not say so"
    found = findings(REPORT.replace(old, new, 1))
    assert found, what
    assert any(fault in (None, each.fault) and subject in each.subject for each in found), found
    assert len(found) <= 4, found


def test_a_finding_leads_to_the_place_and_to_the_record(report_loaded):
    found = findings(REPORT.replace("同比增长15.6%", "同比增长16.5%", 1))
    first = next(each for each in found if "16.5" in each.draft)
    assert "16.5" in first.evidence.sentence
    assert first.data.startswith("15.6")
    assert first.url
