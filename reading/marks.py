"""What tells paragraphs, headings and tables apart on a line: numbers, labels, ends, blanks."""

import re
import unicodedata

_NUMBERED = (
    r"(?:第[一二三四五六七八九十]+[章节部编]|[一二三四五六七八九十]{1,3}[、.]|（[一二三四五六七八九十]{1,3}）"
    r"|[0-9]{1,2}[、.](?![0-9])|（[0-9]{1,2}）|[0-9]{1,2}）|[①-⑳])"
)
MARK = re.compile(
    rf"\s*(?:{_NUMBERED}|[一二三四五六七八九十]{{1,2}}是|——|[●■◆★▲•·]|各位代表|注[：:])"
)
LABEL = re.compile(
    r"\s*【?(?P<label>(?:附表|附件|附图|专栏|图表|表|图)\s*(?:[0-9]{1,2}(?:[-—.][0-9]{1,2})?|[一二三四五六七八九十]{1,3})?)】?"
    r"(?:[\s：:.、]+|(?=[^0-9]))(?P<title>.*)$"
)
BULLETS = "●■◆★▲•·○—－–-"
END = re.compile(r"[。！？；：!?;:…]\s*$")
_DIGIT_GAP = re.compile(
    r"(?<=[\u4e00-\u9fff，。；：、“”（）]) +(?=[0-9A-Za-z])|(?<=[0-9%‰A-Za-z]) +(?=[\u4e00-\u9fff，。；：、“”（）%])"
)
_CHINESE_GAP = re.compile(r"(?<=[\u4e00-\u9fff，。；：、“”]) +(?=[\u4e00-\u9fff，。；：、“”])")


def columns(text: str) -> int:
    """How wide the text is on a screen."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def tidied(text: str) -> str:
    """The text without the blanks that a page's justification or a typist put between signs."""
    text = _DIGIT_GAP.sub("", text.strip())
    gaps = len(_CHINESE_GAP.findall(text))
    if gaps > 3 and gaps * 12 > len(text):
        text = _CHINESE_GAP.sub("", text)
    return text
