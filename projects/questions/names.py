"""Names that are too alike: the same twice, nearly the same, or the same but for the phase.

Nothing is compared in pairs; equal keys are looked up, so that ten thousand names take seconds.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from itertools import combinations, product

from accounts.models import Region
from projects.models import Project
from projects.questions.kinds import Finding

_PHASE = re.compile(r"[（(]?第?([一二三四五六七八九十\d]+)(?:期|阶段)[）)]?")
_FILLER = re.compile(r"项目|工程|建设|[（）()、\s—-]")
_DIGITS = re.compile(r"\d+")
# What tells works of one kind apart: 续建段, 东一段, 二标段, 第三小学.
_PART = re.compile(r"续建|[东西南北上下]?[一二三四五六七八九十\d]*(?:标段|段|号|批)")
_FIGURES = {sign: str(number) for number, sign in enumerate("一二三四五六七八九", start=1)}
_FIGURES["十"] = "10"
_ROMAN_FIGURES = {"I": 1, "II": 2, "III": 3, "IV": 4, "Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4}
_ROMAN = re.compile(r"(?:I{1,3}|IV|[ⅠⅡⅢⅣ])(?=期)")
# Shorter names are alike by chance; longer insertions make another name.
_SHORTEST = 6
_LONGEST_INSERTION = 6

# Where a project is named, so that two that stand side by side are not taken for one.
Places = Mapping[int, Set[object]]


def without_filler(name: str) -> str:
    """The name less the words and marks that names carry or drop at will."""
    return _FILLER.sub("", name)


def without_phase(name: str) -> str:
    """The name less its phase and the words that names carry or drop at will."""
    return without_filler(_PHASE.sub("", name))


def distinctions(name: str) -> tuple[str, ...]:
    """What keeps a name apart from another however alike they are: phase, part, every number.

    Two names whose distinctions differ are never those of one project.
    """
    plain = in_figures(name)
    phases = [f"期{found}" for found in _PHASE.findall(plain)]
    rest = _PHASE.sub("", plain)
    return (*phases, *_PART.findall(rest), *_DIGITS.findall(_PART.sub("", rest)))


def in_figures(name: str) -> str:
    """The name in one width with every numeral as a figure: 一期, Ⅰ期 and I期 are 1期."""
    roman = _ROMAN.sub(lambda found: str(_ROMAN_FIGURES[found[0]]), name)
    return "".join(_FIGURES.get(sign, sign) for sign in unicodedata.normalize("NFKC", roman))


def find_names(places: Places) -> Iterator[Finding]:
    """Projects that bear the same name, nearly the same, or one that differs only in phase."""
    same: dict[str, list[Project]] = defaultdict(list)
    alike: dict[str, list[Project]] = defaultdict(list)
    for project in Project.objects.order_by("code").only("code", "name"):
        same[project.name].append(project)
        alike[without_phase(project.name)].append(project)
    for name, projects in same.items():
        if len(projects) > 1:
            codes = "、".join(project.code for project in projects)
            yield _of(projects, "same_name_twice", codes=codes, name=name)
    for projects in alike.values():
        phases: dict[str, list[Project]] = defaultdict(list)
        for project in projects:
            phases["".join(_PHASE.findall(project.name))].append(project)
        if len(phases) > 1:
            yield _of(projects, "phases_alike", names=_names(projects))
        for of_phase in phases.values():
            if len({project.name for project in of_phase}) > 1:
                yield _of(of_phase, "names_alike", names=_names(of_phase))
    yield from _near(alike, places)


def _near(alike: Mapping[str, list[Project]], places: Places) -> Iterator[Finding]:
    region = _region_names()
    # one head a group of equal names: core without the region → the heads that share it
    heads: dict[str, list[Project]] = defaultdict(list)
    for core, projects in alike.items():
        heads[region.sub("", core) if region else core].append(projects[0])
    shuffled: dict[str, list[Project]] = defaultdict(list)
    for core, of_core in heads.items():
        shuffled["".join(sorted(core))] += of_core
    pairs = [pair for same in shuffled.values() for pair in combinations(same, 2)]
    pairs += [
        pair
        for core in heads
        for short in dict.fromkeys(_shortened(core))
        if len(short) >= _SHORTEST
        for pair in product(heads.get(short, ()), heads[core])
    ]
    for pair in pairs:
        one, other = sorted(pair, key=lambda project: project.code)
        apart = not places.get(one.pk, frozenset()) & places.get(other.pk, frozenset())
        if apart and _numbers(one) == _numbers(other):
            yield _of([one, other], "names_alike", names=_names([one, other]))


def _shortened(core: str) -> Iterator[str]:
    """The name with one piece left out, if that leaves most of it."""
    for length in range(1, min(len(core) // 3, _LONGEST_INSERTION) + 1):
        for start in range(len(core) - length + 1):
            yield core[:start] + core[start + length :]


def _region_names() -> re.Pattern[str] | None:
    """The names of city and district that stand before a name or not: 重庆, 重庆市, 万州, 万州区."""
    names = Region.objects.exclude(level=Region.Level.TOWN).values_list("name", flat=True)
    words = {word for name in names for word in (name, name[:-1]) if len(word) > 1}
    if not words:
        return None
    return re.compile(f"^(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})+")


def _numbers(project: Project) -> list[str]:
    """The numbers of a name less its phase: 第1小学 is not 第2小学, however alike."""
    return _DIGITS.findall(_PHASE.sub("", project.name))


def _names(projects: list[Project]) -> str:
    return "、".join(sorted({f"“{project.name}”" for project in projects}))


def _of(projects: list[Project], kind: str, **params: object) -> Finding:
    """A finding about several projects; its key names at most the first two, a case by its head."""
    key = "、".join(project.code for project in projects[:2]) if kind == "names_alike" else ""
    return Finding(kind, key or projects[0].code, params, project=projects[0])
