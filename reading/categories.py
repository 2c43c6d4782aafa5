"""Which of the four parts of a list a heading speaks of, and the sector that it names."""

import re

from reading.widths import squeezed

# Values of projects.models.Category; the first that a heading speaks of is the one.
_WORDS = (
    ("ecology", r"生态|环境保护|环保|环境治理|污染|节能|低碳|绿色发展|双碳|绿化"),
    (
        "livelihood",
        r"民生|社会事业|社会发展|公共服务|教育|卫生|医疗|健康|文化教育|体育|养老|社会保障|民政|惠民",
    ),
    (
        "infrastructure",
        r"基础设施|城乡建设|城市建设|城镇建设|城建|市政|城市更新|城镇化|交通|公路|铁路|水利|能源|电力|通信|管网|住房|乡村建设|城乡",
    ),
    (
        "industry",
        r"产业|工业|农业|制造|服务业|商贸|旅游|文旅|物流|科技|数字经济|园区|现代农|乡村振兴|创新",
    ),
)
_NAMED = (
    ("ecology", r"垃圾|污水|再生水|水体治理|生态修复|湿地|危险废物|固废|污染治理"),
    (
        "livelihood",
        r"学校|小学|中学|[一二三四五六]中|幼儿园|教学楼|学院|医院|卫生|疾控|养老|福利|托育|体育|文化馆|图书馆|博物馆|安置房|殡仪",
    ),
    (
        "infrastructure",
        r"大桥|隧道|大道|公路|铁路|高速|快速路|机场|水库|水厂|供水|供热|管网|管廊|变电站|输变电|排水|防洪|雨污分流|客运|车站|灌区|航道|环线|城市更新|老旧小区|轨道|地铁",
    ),
    (
        "industry",
        r"产业园|工业园|生产线|加工|制造|新材料|酒店|购物中心|风电|光伏|物流园|科创园|加速器|孵化器|商业街|智能",
    ),
)
_GENERIC = re.compile(
    r"(?:重大|重点)?(?:产业(?:发展|类|项目)?|城乡建设及基础设施|基础设施(?:建设|类)?|生态(?:环境|环保)?(?:保护|建设|治理)?(?:类)?"
    r"|(?:社会)?民生(?:领域|保障|事业|改善|社会|类)?|社会(?:事业|民生)(?:类)?)(?:方面|领域)?(?:类)?(?:重大|重点)?(?:项目|工程)?"
)
_NUMBER = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}[、.]|（[一二三四五六七八九十]{1,3}）|[0-9]{1,2}[、.]|（[0-9]{1,2}）|[①-⑳]|[A-Z甲乙丙丁][、.]|[一二三四五六七八九十]是)\s*"
)
_TRIM = re.compile(r"(?:方面|领域|类)?(?:(?:重大|重点)?(?:建设)?(?:项目|工程))?(?:（[^（）]*）)?$")


def category_of(heading: str) -> str:
    """The category that canonical words of a heading speak of; "" where none."""
    told = re.sub(r"国民经济和社会发展|经济社会发展", "", heading)
    for category, words in _WORDS:
        if re.search(words, told):
            return category
    return ""


def nearest_category(headings: tuple[str, ...]) -> str:
    """The category of the innermost heading that speaks of one."""
    for heading in reversed(headings):
        if found := category_of(heading):
            return found
    return ""


def category_by_name(name: str) -> str:
    """The category that the nouns of a project's canonical name speak of; "" where none."""
    return next((category for category, words in _NAMED if re.search(words, name)), "")


def without_number(heading: str) -> str:
    """The heading without 一、, （一）, 1. or 一是 before it."""
    return _NUMBER.sub("", heading).strip()


def sector_of(headings: tuple[str, ...], title: str) -> str:
    """The sector of a table's innermost heading; "" where the heading only names a category.

    `headings` are those within the table, `title` is the table's own: under 产业发展重点项目 the
    headings name sectors, under 重点项目推进情况 they name the categories themselves.
    """
    if not headings:
        return ""
    inner = without_number(headings[-1])
    inner = _TRIM.sub("", inner) or inner
    if len(headings) == 1 and not category_of(title) and _GENERIC.fullmatch(inner):
        return ""
    return inner


def level_of(text: str) -> str:
    """The level that canonical or raw words name: a value of projects.models.Level; "" for none."""
    plain = squeezed(text)
    municipal = re.search(
        r"市级(?:重点|重大|项目|更新|城市)|市级[^，。；]{0,8}项目|市重点|市重大", plain
    )
    district = re.search(
        r"[区县]级(?:重点|重大|项目)|[区县]级[^，。；]{0,8}项目|[区县]重[点大]", plain
    )
    if re.search(r"[省市]级?、[市区县]", plain):
        return ""
    if municipal and not district:
        return "municipal"
    return "district" if district and not municipal else ""
