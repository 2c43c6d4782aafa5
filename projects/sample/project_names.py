"""Invented names of projects, each but once, with the pinyin that they are sorted and found by."""

from dataclasses import dataclass
from functools import cache, lru_cache

from office.pinyin import full, initials, sort_key

FIRST = "云龙金白石双永长安青平新大万兴福清玉春高"
SECOND = "溪岭河山川湖江岗阳源泉洲坪驹城塘水台门田"
SUBJECTS = (
    ("industry", "智能装备产业园", "现代化工业"),
    ("industry", "绿色食品加工厂", "现代化工业"),
    ("industry", "新材料生产基地", "现代化工业"),
    ("industry", "冷链物流园", "商贸物流"),
    ("industry", "数据中心", "数字经济"),
    ("industry", "茶旅融合示范园", "农业旅游"),
    ("infrastructure", "农村公路改造", "交通"),
    ("infrastructure", "大桥新建", "交通"),
    ("infrastructure", "中型水库", "水利"),
    ("infrastructure", "城区排水防涝", "城建"),
    ("infrastructure", "变电站增容", "能源"),
    ("infrastructure", "客运站迁建", "交通"),
    ("ecology", "污水处理厂扩能", "污染防范治理"),
    ("ecology", "岸线生态修复", "生态保护修复"),
    ("ecology", "历史遗留矿山治理", "生态保护修复"),
    ("ecology", "垃圾焚烧发电", "污染防范治理"),
    ("livelihood", "中学新建校区", "教育"),
    ("livelihood", "人民医院住院楼", "卫生健康"),
    ("livelihood", "养老服务中心", "民政"),
    ("livelihood", "老旧小区改造", "住房保障"),
    ("livelihood", "文体中心", "文化体育"),
)
PLACES = ("镇", "乡", "街道")
POOL = len(FIRST) * len(SECOND) * len(PLACES)
"""So many places; each has every subject once before a second round of the same is built."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the columns that Project.save() derives from it."""

    name: str
    sort: str
    pinyin: str
    initials: str


def subjects(category: str) -> list[tuple[str, str]]:
    """What is built in a category, each with its sector."""
    return [(subject, sector) for found, subject, sector in SUBJECTS if found == category]


def name_of(number: int, subject: str) -> Name:
    """The name of the project of this number: no two numbers share one."""
    lap, place = divmod(number, POOL)
    head = _head(place * 37 % POOL, subject)
    if not lap:
        return head
    # Digits part what stands around them: its pinyin is that of the parts.
    tail = _tail()
    return Name(
        f"{head.name}{lap + 1}{tail.name}",
        f"{head.sort} {lap + 1:08} {tail.sort}",
        f"{head.pinyin}{lap + 1}{tail.pinyin}",
        f"{head.initials}{lap + 1}{tail.initials}",
    )


@cache
def _head(place: int, subject: str) -> Name:
    rest, kind = divmod(place, len(PLACES))
    first, second = divmod(rest, len(SECOND))
    return _derived(f"{FIRST[first]}{SECOND[second]}{PLACES[kind]}{subject}")


@lru_cache(maxsize=1)
def _tail() -> Name:
    return _derived("期工程")


def _derived(name: str) -> Name:
    return Name(name, sort_key(name), full(name), initials(name))
