"""Holds a reading beside what a report is known to state: precision and recall for each kind."""

import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from reading.proposals import Reading
from reading.widths import squeezed

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
SEED = FIXTURES / "source" / "wanzhou-2024.txt"
KINDS = ("indicators", "projects", "counts", "amounts", "commitments", "measures")
MONEY = ("total_investment", "planned_investment")
DETAILS = ("stage", "category", "level", *MONEY, "department")
Expected = dict[str, Any]


@dataclass(frozen=True)
class Ratio:
    """How much of what was found is right, and how much of what is stated was found."""

    right: int
    found: int
    met: int
    stated: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.met / self.stated if self.stated else 1.0

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.2f} ({self.right}/{self.found})"
            f"  recall {self.recall:.2f} ({self.met}/{self.stated})"
        )

    def __add__(self, other: "Ratio") -> "Ratio":
        return Ratio(
            self.right + other.right,
            self.found + other.found,
            self.met + other.met,
            self.stated + other.stated,
        )


def compare(reading: Reading, key: Expected) -> dict[str, Ratio]:
    """The ratios of each kind against a key as tests/reading/reports/README.md describes it."""
    judged = _Judge(reading, key)
    return {
        "indicators": judged.ratio("indicators", reading.indicators, same_indicator),
        "projects": judged.projects(),
        **{f"… {field}": judged.details(field) for field in DETAILS},
        "counts": judged.ratio("counts", reading.counts, same_count),
        "amounts": judged.ratio("amounts", reading.amounts, same_amount),
        "commitments": judged.ratio("commitments", reading.commitments, same_commitment),
        "measures": judged.measures(),
    }


def missed(reading: Reading, key: Expected) -> dict[str, tuple[list[Any], list[Any]]]:
    """What is stated and was not found, and what was found and is not stated, for each kind."""
    judged = _Judge(reading, key)
    compare(reading, key)
    found = {}
    for kind, items, same in (
        ("indicators", reading.indicators, same_indicator),
        ("projects", reading.projects, same_project),
        ("counts", reading.counts, same_count),
        ("amounts", reading.amounts, same_amount),
        ("commitments", reading.commitments, same_commitment),
    ):
        stated = key[kind]
        found[kind] = (
            [e for e in stated if not any(same(f, e) for f in items)],
            [
                f
                for f in items
                if not any(same(f, e) for e in stated) and not judged.is_neutral(kind, f)
            ],
        )
    return found


class _Judge:
    def __init__(self, reading: Reading, key: Expected) -> None:
        self.reading = reading
        self.key = key

    def is_neutral(self, kind: str, found: Any) -> bool:
        """Whether the key says that these words may be proposed or not, or another list holds them."""
        quote = found.evidence.quote
        names = [getattr(found, field, "") for field in ("name", "title", "text", "subject")]
        for each in self.key.get("either", ()):
            words_found = (quote, *names) if each["kind"] == kind else (quote,)
            if any(overlap(each["text"], words) for words in words_found if words):
                return True
        return not found.evidence.table and any(
            overlap(each["text"], quote)
            for other in KINDS
            if other != kind
            for each in self.key.get(other, ())
            if each.get("text")
        )

    def ratio(self, kind: str, found: Sequence[Any], same: Callable[[Any, Any], bool]) -> Ratio:
        stated = self.key[kind]
        right = [any(same(each, e) for e in stated) for each in found]
        judged = [
            is_right
            for each, is_right in zip(found, right, strict=True)
            if is_right or not self.is_neutral(kind, each)
        ]
        met = sum(any(same(each, e) for each in found) for e in stated)
        return Ratio(sum(judged), len(judged), met, len(stated))

    def projects(self) -> Ratio:
        return self.ratio("projects", self.reading.projects, same_project)

    def details(self, field: str) -> Ratio:
        """Of the projects found whose key states the field, those where it is as stated."""
        told = [
            (each, stated)
            for each in self.reading.projects
            if (stated := [e for e in self.key["projects"] if same_project(each, e)])
            and any(e.get(field) for e in stated)
        ]
        right = sum(any(same_detail(field, each, e) for e in stated) for each, stated in told)
        return Ratio(right, len(told), right, len(told))

    def measures(self) -> Ratio:
        stated = list(self.key.get("measures", ()))
        pairs = [
            (measure, each.part)
            for each in self.reading.commitments
            if any(same_commitment(each, e) for e in self.key["commitments"])
            for measure in each.measures
        ]
        met = sum(any(same_measure(each, e) for each, _ in pairs) for e in stated)
        right = [any(same_measure(each, e) for e in stated) for each, _ in pairs]
        # those of the year gone by are in no key: neither right nor wrong
        judged = sum(r or part == "plan" for r, (_, part) in zip(right, pairs, strict=True))
        return Ratio(sum(right), judged, met, len(stated))


def overlap(first: str, second: str) -> bool:
    """Whether one holds the other, apart from blanks and widths."""
    a, b = plain(first), plain(second)
    return bool(a) and bool(b) and (a in b or b in a)


def plain(words: str) -> str:
    return re.sub(r"(?<=[0-9]),(?=[0-9]{3})", "", squeezed(words)).strip("。；，、")


def same_name(first: str, second: str) -> bool:
    return _name(first) == _name(second)


def _name(words: str) -> str:
    words = re.sub(
        r"^(?:预计)?(?:全[市区县]|全年)", "", plain(words).replace("GDP", "地区生产总值")
    )
    words = re.sub(r"(?:增速|增长率?|增幅)$", "", words.replace("地区生产总值", "生产总值"))
    return words.removesuffix("项目")


def figure(words: str) -> tuple[str, str]:
    """The number of a target's or result's words, and its bound: 增长6%左右 and 6左右 are the same."""
    text = plain(words)
    number = re.search(r"-?[0-9]+(?:\.[0-9]+)?(?:[—-][0-9.]+)?", text)
    if number is None:
        return text, ""
    value = number[0]
    if re.search(r"下降|降低|减少", text[: number.start()]) and not value.startswith("-"):
        value = "-" + value
    bound = ""
    if re.search(r"以上|不低于|超过|突破|不少于|达到或", text):
        bound = "ge"
    elif re.search(r"以内|以下|不超过|低于", text):
        bound = "le"
    elif re.search(r"左右|约", text):
        bound = "about"
    return value, bound


def same_indicator(found: Any, stated: Expected) -> bool:
    if found.year != stated["year"] or not same_name(found.name, stated["name"]):
        return False
    if stated.get("unit") and found.unit and plain(found.unit) != plain(stated["unit"]):
        return False
    if "binding" in stated and stated["binding"] is not None and found.binding != stated["binding"]:
        return False
    if stated.get("text"):
        # a sentence states one figure; a table's row that says the same may say more
        fields = [field for field in ("target", "actual") if stated.get(field)]
    else:
        fields = ["target", "actual"]
    return all(
        figure(getattr(found, field)) == figure(stated.get(field) or "")
        or abs_figure(getattr(found, field)) == abs_figure(stated.get(field) or "")
        for field in fields
    )


def abs_figure(words: str) -> tuple[str, str]:
    value, bound = figure(words)
    return value.lstrip("-"), bound


def same_project(found: Any, stated: Expected) -> bool:
    return (
        found.year == stated["year"]
        and found.part == stated["part"]
        and same_name(found.name, stated["name"])
    )


def same_detail(field: str, found: Any, stated: Expected) -> bool:
    value = stated.get(field)
    if field in MONEY:
        return (Decimal(value) if value else None) == getattr(found, field)
    return plain(value or "") == plain(str(getattr(found, field)))


def same_count(found: Any, stated: Expected) -> bool:
    return (
        found.year == stated["year"]
        and found.count == stated["count"]
        and found.comparator == stated["comparator"]
        and (not stated.get("text") or _near(found, stated["text"]))
    )


def _near(found: Any, text: str) -> bool:
    """Whether the words of the one are in the sentence of the other."""
    pieces = [piece for piece in re.split(r"…", text) if piece]
    sentence = plain(found.evidence.sentence)
    return any(plain(piece) in sentence for piece in pieces) or overlap(found.evidence.quote, text)


def same_amount(found: Any, stated: Expected) -> bool:
    value = stated.get("value")
    if found.year != stated["year"] or not _near(found, stated["text"]):
        return False
    if value:
        return found.value == Decimal(value) and found.unit == stated["unit"]
    return found.value is None and found.growth == Decimal(stated["growth"])


def same_commitment(found: Any, stated: Expected) -> bool:
    if not stated["text"]:
        return found.year == stated["year"] and (
            overlap(found.title, stated["title"]) or overlap(found.text, stated["title"])
        )
    if found.evidence.table and plain(stated["text"]) in plain(found.evidence.sentence):
        return bool(found.year == stated["year"])
    return found.year == stated["year"] and (
        overlap(found.text, stated["text"]) or overlap(found.evidence.quote, stated["text"])
    )


def same_measure(found: Any, stated: Expected) -> bool:
    value = stated.get("value") or stated.get("actual")
    if value is None:
        return stated.get("comparator") == found.comparator == "grade"
    return (
        found.value is not None and found.value == Decimal(value) and found.unit == stated["unit"]
    )


# The seed: its fixtures as a key.


def rows(name: str) -> list[Expected]:
    found: list[Expected] = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))[
        "rows"
    ]
    return found


def seed_key() -> Expected:
    """What the fixtures hold of the seed, in the form of a key."""
    indicators = {each["code"]: each for each in rows("30-indicators")}
    actuals = {
        (each["indicator"], each["year"]): each["text"]
        for each in rows("33-observations")
        if each.get("area") == "district"
    }
    measures = [
        {
            "unit": each["unit"],
            "value": each.get("actual") or each.get("value"),
            "comparator": each.get("comparator", ""),
        }
        for each in rows("41-measures")
    ]
    return {
        "indicators": [
            {
                "name": indicators[each["indicator"]]["name"],
                "unit": indicators[each["indicator"]]["unit"],
                "year": each["year"],
                "target": each["text"],
                "actual": actuals.get((each["indicator"], each["year"]), "")
                if each["year"] == 2023
                else "",
                "binding": each["binding"],
            }
            for each in rows("31-targets")
        ],
        "projects": [
            {
                "name": each["cited_name"],
                "year": each["year"],
                "part": "plan" if each["year"] == 2024 else "result",
                "verb": each["cited_verb"],
                "stage": each.get("goal") or each.get("result"),
                "category": each["category"],
                "sector": each.get("sector", ""),
                "text": "",
            }
            for each in rows("22-annual-plans")
        ],
        "mentions": rows("24-mentions"),
        "counts": rows("23-plan-statements"),
        "amounts": rows("25-stated-amounts"),
        "commitments": rows("40-commitments"),
        "measures": measures,
    }


def compare_seed(reading: Reading) -> dict[str, Ratio]:
    """The ratios for the seed: tables 1 and 4, lists 3, 5, 6 and 9, and what the text states."""
    key = seed_key()
    judged = _Judge(reading, key)
    tabled = [each for each in reading.indicators if each.evidence.table]
    listed = [each for each in reading.projects if "项目" in each.evidence.table]
    mentioned = [each for each in reading.projects if "项目" not in each.evidence.table]
    names = judged.ratio("projects", listed, same_project)
    verbs = judged.ratio(
        "projects",
        listed,
        lambda f, e: (
            same_project(f, e)
            and (f.verb, f.stage, f.category, f.sector)
            == (e["verb"], e["stage"], e["category"], e["sector"])
        ),
    )
    tasks = list(reading.commitments)
    return {
        "indicators": judged.ratio("indicators", tabled, same_indicator),
        "projects listed": names,
        "… with verb, category, sector": verbs,
        "mentions": _mentions(mentioned, key["mentions"]),
        "counts": judged.ratio("counts", reading.counts, same_count),
        "amounts": judged.ratio("amounts", reading.amounts, same_amount),
        "commitments": judged.ratio("commitments", tasks, same_commitment),
        "measures": judged.measures(),
    }


def _mentions(found: Sequence[Any], stated: Sequence[Expected]) -> Ratio:
    """Projects of the running text, by the clause that they stand in."""
    groups: dict[tuple[int, str], int] = {}
    for each in stated:
        place = (each["year"], plain(each["text"]))
        groups[place] = groups.get(place, 0) + 1
    met = right = 0
    for (year, text), times in groups.items():
        here = [e for e in found if e.year == year and overlap(e.evidence.quote, text)]
        met += min(times, len(here))
    for each in found:
        right += any(
            year == each.year and overlap(each.evidence.quote, text) for year, text in groups
        )
    return Ratio(right, len(found), met, len(stated))


def show(ratios: dict[str, Ratio], title: str) -> None:
    """Print the ratios for people."""
    lines = [title, *(f"  {kind:<32} {ratio}" for kind, ratio in ratios.items()), ""]
    sys.stdout.write("\n".join(lines))


def assert_reaches(ratios: dict[str, Ratio], floors: dict[str, tuple[float, float]]) -> None:
    """Fail with the kinds whose precision or recall is below its floor."""
    short = {
        kind: str(ratios[kind])
        for kind, (precision, recall) in floors.items()
        if ratios[kind].precision < precision or ratios[kind].recall < recall
    }
    assert not short
