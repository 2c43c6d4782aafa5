"""Projects named in sentences of many manners, and sentences that name none."""

import pytest

from reading.project_lists import headed_verb, listed
from reading.verbs import STAGES


def named(text, *, is_list=False, verb=""):
    found = listed(text, is_list=is_list, verb=verb)
    return [(text[each.start : each.end], each.verb.word, each.verb.stage) for each in found.named]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("北环路、南门大桥等项目竣工。", [("北环路", "竣工"), ("南门大桥", "竣工")]),
        ("北环路二期等12个项目开工建设。", [("北环路二期", "开工建设")]),
        (
            "加快推进北环路、南门大桥等项目建设。",
            [("北环路", "加快推进"), ("南门大桥", "加快推进")],
        ),
        (
            "● 竣工：门诊楼、一中食堂；储备：绕城高速。",
            [("门诊楼", "竣工"), ("一中食堂", "竣工"), ("绕城高速", "储备")],
        ),
        ("做好通用机场前期工作。", [("通用机场", "前期工作")]),
        (
            "谋划储备石梁水库、东山电站等一批重大项目。",
            [("石梁水库", "谋划储备"), ("东山电站", "谋划储备")],
        ),
        ("续建县城第二水源，谋划南溪灌区。", [("县城第二水源", "续建"), ("南溪灌区", "谋划")]),
        (
            "县中医院搬迁竣工投用，城南大桥年底前建成通车。",
            [("县中医院搬迁", "竣工投用"), ("城南大桥", "建成通车")],
        ),
        ("1.建成一批。北环路、南门大桥等12个。", [("北环路", "建成"), ("南门大桥", "建成")]),
        ("城北水厂二期等14个续建项目完成投资12亿元。", [("城北水厂二期", "续建")]),
        (
            "北湖公园（一期）、北湖公园（二期）有序推进。",
            [("北湖公园（一期）", "有序推进"), ("北湖公园（二期）", "有序推进")],
        ),
    ],
)
def test_running_text_names_projects(text, expected):
    assert [each[:2] for each in named(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "深入推进专项行动。",
        "全力推进营商环境优化升级。",
        "新开工项目35个以上。",
        "实施技改扩能项目50个。",
        "加快推动传统产业转型升级。",
        "先后召开经济工作会议、项目攻坚推进会、现场会等会议。",
        "共建“一带一路”等国家战略纵深推进。",
        "完成投资12亿元。",
    ],
)
def test_what_is_no_project_is_not_named(text):
    assert named(text) == []


def test_a_list_keeps_inner_endings_and_brackets():
    text = "竣工燃气管道等老化更新、水厂（三水厂搬迁）—输水隧道等项目45个以上。开工兽药生产等项目22个。"
    assert named(text, is_list=True) == [
        ("燃气管道等老化更新", "竣工", "completed"),
        ("水厂（三水厂搬迁）—输水隧道", "竣工", "completed"),
        ("兽药生产", "开工", "started"),
    ]


def test_a_phase_alone_is_listed_and_joined_to_nothing():
    text = "开工青园一期、二期、东厂等项目。"
    found = listed(text, is_list=True)
    assert [text[each.start : each.end] for each in found.named] == ["青园一期", "东厂"]
    assert [why for _, why in found.unread] == ["phase_alone"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("南湖隧道全线开工，城东商场、南湖酒店先后开业。", ["南湖隧道", "城东商场", "南湖酒店"]),
        ("精密铸造、特种电缆建成投产。", ["精密铸造", "特种电缆"]),
        ("推动北环大道南段、人民路改造完工。", ["北环大道南段", "人民路改造"]),
        ("东岭水库、西河大桥、石嘴水厂3个项目建成。", ["东岭水库", "西河大桥", "石嘴水厂"]),
        ("总投资8亿元的青岭抽水蓄能电站开工建设。", ["青岭抽水蓄能电站"]),
        ("南湖广场五一前开业。", ["南湖广场"]),
        ("东岭学校8月底竣工、南湖医院、北坡水库开工。", ["东岭学校", "南湖医院", "北坡水库"]),
        ("年度投资60亿元：竣工东岭学校等21个，开工北坡水库等9个。", ["东岭学校", "北坡水库"]),
    ],
)
def test_what_stands_around_the_names_is_no_part_of_them(text, names):
    assert [name for name, *_ in named(text)] == names


@pytest.mark.parametrize(
    "text",
    ["十方面民生实事项目全部完成。", "一批新产品投产。", "重点企业成功签约。", "新型设备投产。"],
)
def test_what_is_done_of_other_matters_names_no_project(text):
    assert named(text) == []


def test_an_ending_that_a_list_shares_is_doubted_and_not_added():
    text = "北坡、石嘴光伏电站加快建设。"
    found = listed(text, is_list=False).named
    assert [text[each.start : each.end] for each in found] == ["北坡", "石嘴光伏电站"]
    assert ["ending_shared" in each.doubts for each in found] == [True, False]


def test_a_list_without_a_verb_is_listed():
    assert [why for _, why in listed("北环路改造的各项准备。", is_list=True).unread] == ["no_verb"]


@pytest.mark.parametrize(
    ("heading", "verb"),
    [
        ("二、续建项目（12个）", "续建"),
        ("（一）新开工类", "新开工"),
        ("竣工", "竣工"),
        ("续建（4个）", "续建"),
        ("2026年计划开工项目", "开工"),
        ("交通", ""),
        ("加快建设现代化产业体系", ""),
    ],
)
def test_a_heading_gives_its_verb_to_the_list_below(heading, verb):
    assert headed_verb(heading) == verb


def test_every_stage_is_one_of_the_projects():
    assert set(STAGES.values()) == {"preparation", "started", "accelerated", "completed", ""}
