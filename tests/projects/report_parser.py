"""An independent reading of the report's text: it imports nothing of the project.

It was written from the printed report alone, so that fixtures can be held against a second pair of
eyes. A table of projects is read sentence by sentence: the verb stands after the list (表3), before
it (表5, 表6, 表9), or around it (加快推进…等项目建设). Only a 、 outside brackets parts two names; 等,
及, 和, 暨 and brackets belong to the name they stand in, but for the closing 等项目.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "fixtures/source/wanzhou-2024.txt").read_text(encoding="utf-8")
LINES = TEXT.split("\n")

# The words that the first line after each table begins with.
AFTER = {
    "表1": "注：",
    "表2": "二是力促",
    "表3": "二、2024年",
    "表4": "三、2024年",
    "表5": "（二）",
    "表6": "多措并举",
    "表7": "（三）",
    "表8": "（四）",
    "表9": "加快推进节能降碳",
}
# Longest first: 开工建设 is one verb.
VERBS_AFTER = ("开工建设", "加快推进", "实现通车", "竣工")
VERBS_BEFORE = ("开工建设", "加快推进", "开工", "竣工")
STAGES = {
    "竣工": "completed",
    "实现通车": "completed",
    "开工": "started",
    "开工建设": "started",
    "加快推进": "accelerated",
}


@dataclass(frozen=True, slots=True)
class NamedProject:
    """A project as a table names it; `order` runs from 1 through the table."""

    table: str
    order: int
    heading: str
    verb: str
    name: str

    @property
    def stage(self) -> str:
        return STAGES[self.verb]

    @property
    def sector(self) -> str:
        """The innermost heading without its number; 表3 names no sector above its four parts."""
        parts = self.heading.split("：")
        if self.table == "表3" and len(parts) == 1:
            return ""
        return re.sub(r"^(?:[一二三四]、|（[一二三四]）)", "", parts[-1])


@dataclass(frozen=True, slots=True)
class StatedCount:
    """A count that closes a list: 等项目45个以上."""

    table: str
    heading: str
    verb: str
    count: int
    at_least: bool


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of money in the text, with the sentence it stands in."""

    value: Decimal
    unit: str
    start: int
    end: int
    sentence: str


def table_lines(table: str) -> list[str]:
    """The lines between a table's caption and the text that follows it."""
    start = next(n for n, line in enumerate(LINES) if re.match(rf"{table}\s+20", line)) + 1
    end = next(n for n in range(start, len(LINES)) if LINES[n].startswith(AFTER[table]))
    return LINES[start:end]


def grid(table: str, columns: int) -> list[list[str]]:
    """The rows of a table whose cells begin with a tab; other lines continue the cell above."""
    cells: list[str] = []
    for line in table_lines(table):
        if line.startswith("\t"):
            cells.append(line.strip())
        elif line.strip():
            cells[-1] += line.strip()
    assert len(cells) % columns == 0, f"{table}: {len(cells)} cells"
    return [cells[start : start + columns] for start in range(0, len(cells), columns)]


def indicator_rows(table: str) -> list[list[str]]:
    """表1 or 表4 without the row of column names."""
    return grid(table, 4)[1:]


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph with their full stops."""
    return re.findall(r"[^。！？]+[。！？]?", paragraph.strip())


def split_names(listed: str) -> list[str]:
    """Part a list at every 、 that stands outside brackets."""
    names, depth = [""], 0
    for sign in listed:
        depth += (sign == "（") - (sign == "）")
        if sign == "、" and depth == 0:
            names.append("")
        else:
            names[-1] += sign
    return names


def _statements(table: str) -> Iterator[tuple[str, str]]:
    """Each sentence of a table of projects with the heading it stands under."""
    heading = ""
    for line in filter(None, map(str.strip, table_lines(table))):
        if "。" not in line:
            heading = line
            continue
        rest = line
        if part := re.match(r"([一二三四]、[^：]+)：", line):
            heading, rest = part[1], line[part.end() :]
        top = heading
        for sentence in sentences(rest):
            if re.match(r"（[一二三四]）", sentence):
                heading = f"{top}：{sentence.rstrip('。')}"
            else:
                yield heading, sentence.rstrip("。")


def _verb_after(sentence: str) -> tuple[str, str, str]:
    verb = next(verb for verb in VERBS_AFTER if sentence.endswith(verb))
    return verb, re.sub(r"等项目$", "", sentence.removesuffix(verb)), ""


def _verb_before(sentence: str) -> tuple[str, str, str]:
    verb = next(verb for verb in VERBS_BEFORE if sentence.startswith(verb))
    match = re.fullmatch(r"(.+?)(?:等项目(?:建设)?(\d+个(?:以上)?)?)?", sentence.removeprefix(verb))
    assert match, sentence
    return verb, match[1], match[2] or ""


def named_projects(table: str) -> list[NamedProject]:
    """Every project that the table names, in printed order."""
    read = _verb_after if table == "表3" else _verb_before
    found: list[NamedProject] = []
    for heading, sentence in _statements(table):
        verb, listed, _ = read(sentence)
        for name in split_names(listed):
            found.append(NamedProject(table, len(found) + 1, heading, verb, name))
    return found


def stated_counts(table: str) -> list[StatedCount]:
    """The counts that close a table's lists."""
    found = []
    for heading, sentence in _statements(table):
        verb, _, count = _verb_before(sentence)
        if count:
            number = int(count.split("个")[0])
            found.append(StatedCount(table, heading, verb, number, count.endswith("以上")))
    return found


def body(first: str, last: str) -> list[str]:
    """The sentences of running text between two lines, named by their first words; no tables."""
    start = next(n for n, line in enumerate(LINES) if line.startswith(first))
    end = next(n for n in range(start, len(LINES)) if LINES[n].startswith(last))
    inside = set()
    for table, after in AFTER.items():
        top = next(n for n, line in enumerate(LINES) if re.match(rf"{table}\s+20", line))
        bottom = next(n for n in range(top, len(LINES)) if LINES[n].startswith(after))
        inside.update(range(top, bottom))
    text = [LINES[n].strip() for n in range(start, end) if n not in inside]
    return [sentence for line in text for sentence in sentences(line)]


def running_text() -> list[str]:
    """Every sentence of the report that stands outside its tables, title and captions."""
    return [s for s in body("一、2023年", "各位代表，2024") if not re.match(r"图\d", s)]


_MONEY = re.compile(r"(\d+(?:\.\d+)?)余?(亿元|万元|万美元|亿美元)")


def amounts(sentence: str) -> list[Amount]:
    """The sums of money in a sentence; 50亿元级 names a class of project, not a sum."""
    return [
        Amount(Decimal(m[1]), m[2], m.start(), m.end(), sentence)
        for m in _MONEY.finditer(sentence)
        if not sentence[m.end() :].startswith("级")
    ]
