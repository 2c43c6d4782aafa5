"""The annual report's order: its sections, and which table or figure closes each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of text, and what stands after it: tables and figures by number."""

    code: str
    label: str
    tables: tuple[int, ...] = ()
    figures: tuple[int, ...] = ()


SECTIONS = (
    Section("opening", "开头"),
    Section("execution", "一、计划执行情况：总体", tables=(1,)),
    Section("events", "一、大事要事", figures=(1,)),
    Section("industry", "一（一）产业体系：工业", figures=(2,)),
    Section("services", "一（一）产业体系：服务业、农业"),
    Section("investment", "一（二）内外循环：投资", figures=(3,)),
    Section("demand", "一（二）内外循环：消费、开放"),
    Section("reform", "一（三）改革创新", figures=(4,)),
    Section("cooperation", "一（四）区域协作"),
    Section("urban-rural", "一（五）城乡融合", figures=(5,)),
    Section("ecology", "一（六）生态屏障"),
    Section("livelihood", "一（七）民生：福祉", tables=(2,)),
    Section("safety", "一（七）民生：公共服务、安全", tables=(3,)),
    Section("outlook", "二、总体考虑", tables=(4,)),
    Section("plan-industry", "三（一）产业能级", tables=(5,)),
    Section("plan-investment", "三（二）需求活力：投资", tables=(6,)),
    Section("plan-consumption", "三（二）需求活力：消费", tables=(7,)),
    Section("plan-reform", "三（三）改革创新", tables=(8,)),
    Section("plan-ecology", "三（四）开放、（五）生态", tables=(9,)),
    Section("plan-livelihood", "三（六）城乡、（七）民生、（八）安全"),
    Section("closing", "结尾"),
)
LABELS = {section.code: section.label for section in SECTIONS}
