"""An invented country: provinces, cities and counties with codes like those of GB/T 2260, their offices.

The codes begin with pairs of digits that no province has, so that no real county is said anything of.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from projects.models import Category

PROVINCES = (*range(91, 100), *range(83, 91), *range(72, 81), *range(66, 71))
COUNTIES_OF_A_CITY, CITIES_OF_A_PROVINCE = 10, 10
NUMERALS = "一二三四五六七八九十"
NAMES = ("云岭", "清河", "龙泉", "金洲", "白水", "石台", "双江", "永安", "长坪", "青阳")
OFFICES = (
    ("FGW", "发展改革委", Category.INDUSTRY),
    ("JTJ", "交通运输局", Category.INFRASTRUCTURE),
    ("STJ", "生态环境局", Category.ECOLOGY),
    ("WJW", "卫生健康委", Category.LIVELIHOOD),
    ("JXW", "经济和信息化局", Category.INDUSTRY),
    ("SLJ", "水利局", Category.INFRASTRUCTURE),
    ("ZGJ", "自然资源局", Category.ECOLOGY),
    ("JYJ", "教育局", Category.LIVELIHOOD),
    ("SWJ", "商务局", Category.INDUSTRY),
    ("ZJJ", "住房城乡建设局", Category.INFRASTRUCTURE),
    ("LYJ", "林业局", Category.ECOLOGY),
    ("MZJ", "民政局", Category.LIVELIHOOD),
    ("NYJ", "农业农村局", Category.INDUSTRY),
    ("NYB", "能源局", Category.INFRASTRUCTURE),
    ("CGJ", "城市管理局", Category.ECOLOGY),
    ("WTJ", "文化体育局", Category.LIVELIHOOD),
    ("LYW", "文化旅游委", Category.INDUSTRY),
    ("GXC", "高新区管委会", Category.INFRASTRUCTURE),
    ("HBZ", "生态保护中心", Category.ECOLOGY),
    ("FPZ", "保障性住房中心", Category.LIVELIHOOD),
)
MOST_REGIONS = len(PROVINCES) * CITIES_OF_A_PROVINCE * COUNTIES_OF_A_CITY


@dataclass(frozen=True, slots=True)
class Node:
    """A place or an office of the tree; `above` is the number of the one over it in the same list."""

    code: str
    name: str
    path: str
    above: int | None


@dataclass(frozen=True, slots=True)
class Place(Node):
    """A region with its level."""

    level: str


@dataclass(frozen=True, slots=True)
class Office(Node):
    """A responsible department: the number of its county among all places, and what it is for."""

    county: int
    category: Category


def places(counties: int) -> list[Place]:
    """A tree with so many counties, each node after the one above it."""
    if not 1 <= counties <= MOST_REGIONS:
        raise ValueError(f"there is room for 1 to {MOST_REGIONS} counties, not {counties}")
    found: list[Place] = []
    provinces: dict[int, int] = {}
    cities: dict[int, int] = {}
    for number in range(counties):
        city, county = divmod(number, COUNTIES_OF_A_CITY)
        province, city_of = divmod(city, CITIES_OF_A_PROVINCE)
        pair = PROVINCES[province]
        if province not in provinces:
            provinces[province] = len(found)
            found.append(_place(found, f"{pair}0000", f"示例第{province + 1}省", None, "province"))
        if city not in cities:
            cities[city] = len(found)
            name = f"示例{NUMERALS[city_of]}市"
            code = f"{pair}{city_of + 1:02}00"
            found.append(_place(found, code, name, provinces[province], "city"))
        kind = "区" if county < 3 else "县"
        code = f"{pair}{city_of + 1:02}{county + 1:02}"
        found.append(_place(found, code, NAMES[county] + kind, cities[city], "district"))
    return found


def offices(found: list[Place], each: int) -> list[Office]:
    """So many departments in every county; from the 21st on they are units of the first ones."""
    made: list[Office] = []
    for number, place in enumerate(found):
        if place.level == "district":
            made += _of_county(number, place, each, len(made))
    return made


def _of_county(number: int, place: Place, each: int, start: int) -> Iterator[Office]:
    for index in range(each):
        lap, kind = divmod(index, len(OFFICES))
        letters, name, category = OFFICES[kind]
        code = f"{place.code}-{letters}"
        if lap == 0:
            path, above = f"/{code}/", None
        else:
            path, above = f"/{code}/{code}-{lap}/", start + kind
            code, name = f"{code}-{lap}", f"{name}第{lap}项目中心"
        yield Office(code, f"{place.name}{name}", path, above, number, category)


def _place(found: list[Place], code: str, name: str, above: int | None, level: str) -> Place:
    over = "/" if above is None else found[above].path
    return Place(code, name, f"{over}{code}/", above, level)
