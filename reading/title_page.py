"""What a report says of itself at its head: its title, who issues it, whose plan and of which year."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reading.layout import Block, Paragraph
from reading.places import with_years, years_of
from reading.widths import squeezed

LONGEST_HEADING = 60
HEAD_LINES = 40

HALF_YEAR = re.compile(r"上半年|前三季度|一季度|年中|[1１][-—至][6６]月")
IS_RESULT = re.compile(
    r"执行情况|完成情况|实施情况|推进情况|落实情况|进展情况|回顾|工作总结|运行情况|取得的?成[效就绩]"
)
_TITLE = re.compile(
    r"(?:关于)?(?P<region>[\u4e00-\u9fff]{2,20}?)?(?P<first>20[0-9]{2})年(?:度|上半年)?[^。]{0,30}?"
    r"(?:计划|发展|规划)[^。]{0,12}?(?:执行|完成|实施)情况"
)
_ISSUER = re.compile(
    r"[\u4e00-\u9fff]{2,24}(?:发展和改革委员会|发展和改革局|发展改革委员会|发展改革委|发展改革局|发展改革和[\u4e00-\u9fff]{2,10}局"
    r"|发展和改革[\u4e00-\u9fff]{0,10}局|人民政府|计划委员会|发改委|发改局)"
)
_SUBMITTED = re.compile(
    r"(?:现将|提出|报告|关于)(?P<region>[\u4e00-\u9fff]{2,16}?(?:市|县|区|旗|州|盟))20[0-9]{2}年[^。]{0,12}国民经济"
)


@dataclass(frozen=True, slots=True)
class Head:
    """A report's title, issuer, place and the year that it plans; "" and 0 where it does not say."""

    title: str
    issuer: str
    region: str
    year: int


def head_of(blocks: Sequence[Block]) -> tuple[Head, int]:
    """What the first blocks say of the report, and how many of them its title takes."""
    title, after = _title(blocks)
    issuer = _issuer(blocks)
    region = _region(title) or _region_of_issuer(issuer) or _region_in_text(blocks)
    return Head(title, issuer, region, _planned_year(title, blocks)), after


def _title(blocks: Sequence[Block]) -> tuple[str, int]:
    """The title, from the first paragraphs, and how many blocks it takes."""
    for first in range(min(HEAD_LINES, len(blocks))):
        text = ""
        for last in range(first, min(first + 5, len(blocks))):
            block = blocks[last]
            if not isinstance(block, Paragraph) or len(block.text) > 120:
                break
            text += block.text.strip()
            plain = with_years(squeezed(text))
            if "关于" in plain[1:]:
                if last > first:
                    # a running head or another document's name before the title
                    break
                # the same within one paragraph: what stands before is no part of it
                plain = plain[plain.rindex("关于") :]
                text = text[text.rindex("关于") :] if "关于" in text else plain
            if (
                (_TITLE.match(plain) or plain.startswith("关于"))
                and plain.endswith(("报告", "（草案）", "（书面）", "报告（摘要）", "报告（书面）"))
                and years_of(plain)
            ):
                return text, last + 1
    return "", 0


def _planned_year(title: str, blocks: Sequence[Block]) -> int:
    years = years_of(title)
    if len(set(years)) > 1:
        return max(years)
    if years:
        is_account = IS_RESULT.search(title) and not HALF_YEAR.search(title)
        return years[0] + 1 if is_account else years[0]
    headings = Counter(
        year
        for block in blocks
        if isinstance(block, Paragraph) and len(block.text) <= LONGEST_HEADING
        for year in years_of(block.text)
    )
    often = [year for year, times in headings.items() if times >= 2] or list(headings)
    if often:
        return max(often)
    said = Counter(
        year for block in blocks if isinstance(block, Paragraph) for year in years_of(block.text)
    )
    return said.most_common(1)[0][0] if said else 0


def _region(title: str) -> str:
    match = _TITLE.match(with_years(squeezed(title)))
    return (match["region"] or "").removeprefix("关于") if match else ""


def _issuer(blocks: Sequence[Block]) -> str:
    for block in blocks[:HEAD_LINES]:
        if isinstance(block, Paragraph) and len(block.text) <= 60:
            match = _ISSUER.search(squeezed(block.text))
            if match and not re.search(r"关于|受", match[0]):
                return match[0]
    for block in blocks[-5:]:
        if isinstance(block, Paragraph) and len(block.text) <= 40:
            match = _ISSUER.fullmatch(squeezed(block.text))
            if match:
                return match[0]
    return ""


def _region_in_text(blocks: Sequence[Block]) -> str:
    """The place whose plan the first paragraphs submit: 现将某县2024年国民经济…"""
    for block in blocks[:HEAD_LINES]:
        if isinstance(block, Paragraph) and (match := _SUBMITTED.search(squeezed(block.text))):
            return match["region"]
    return ""


def _region_of_issuer(issuer: str) -> str:
    match = re.match(r"(.{2,15}?)(?:发展|人民政府|计划委|发改)", issuer)
    return match[1] if match else ""
