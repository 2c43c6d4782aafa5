"""Invented words of the sample reports; each begins with a mark, so that nobody takes it for a fact."""

MARK = "【示例】"

STAGES = {
    "industry": (
        "完成厂房地勘和施工图审查，场平施工有序推进。",
        "厂房基础施工完成过半，钢结构件陆续进场。",
        "主体厂房封顶，生产设备采购合同已签订。",
        "设备安装完成{percent}%，同步开展水电气接入。",
        "生产线进入单机调试，招工培训同步进行。",
    ),
    "infrastructure": (
        "完成施工便道和临建，征地交付率达到{percent}%。",
        "路基及土石方工程推进顺利，完成总量的{percent}%。",
        "桥隧、涵洞等控制性工程施工，累计完成{percent}%。",
        "路面及附属工程施工，安全设施同步安装。",
        "开展交工检测，绿化和标志标线收尾。",
    ),
    "ecology": (
        "完成现状调查和实施方案评审，苗木已采购。",
        "坡面整治及截排水沟施工，完成{percent}%。",
        "生态修复面积完成{percent}%，管护责任落实。",
        "配套设施安装，水质监测点位开始运行。",
        "组织分部工程验收，资料归档。",
    ),
    "livelihood": (
        "完成初步设计批复和招标，施工单位进场。",
        "基坑支护和桩基施工，完成{percent}%。",
        "主体结构施工至中段，砌体工程穿插进行。",
        "内外装饰和机电安装，完成{percent}%。",
        "室外管网和景观施工，准备竣工验收。",
    ),
}
NEXT_STEPS = (
    "抢抓有利天气，确保节点目标。",
    "督促施工单位增加人员和机械。",
    "加快资金拨付，做好要素保障。",
    "倒排工期，按周调度。",
)
PROBLEMS = (
    "部分地块尚未交付，影响作业面。",
    "上半年雨水偏多，有效工期不足。",
    "专项债资金到位偏慢。",
    "管线迁改方案尚未批复。",
)
RETURNED = ("请核对累计数与上月口径是否一致。", "请补充形象进度的具体部位。")
OBSTACLES = (
    ("land", "红线内剩余地块尚未交付，影响路基连续施工。"),
    ("clearance", "项目范围内尚有房屋未签订征收协议。"),
    ("funds", "专项债资金未按计划到位，材料款支付滞后。"),
    ("pipelines", "燃气管线迁改方案待产权单位确认。"),
    ("permits", "施工许可变更手续办理中。"),
    ("forest", "使用林地审核同意书尚未取得。"),
    ("other", "取土场运距增加，需协调运输线路。"),
    ("land", "弃土场用地手续未办结。"),
)


def narrative(category: str, month: int, percent: int) -> str:
    """What a sample report says of a month; it goes on with the works from month to month."""
    stages = STAGES.get(category, STAGES["infrastructure"])
    stage = stages[min(percent // 20, len(stages) - 1)]
    return f"{MARK}{month}月：{stage.format(percent=percent)}形象进度{percent}%。"
