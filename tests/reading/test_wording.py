"""Every code that the reader gives has words."""

import re
from pathlib import Path

from reading import wording

READING = Path(wording.__file__).parent


def test_every_doubt_and_every_reason_is_worded():
    source = "".join(path.read_text(encoding="utf-8") for path in READING.glob("*.py"))
    unread = set(
        re.findall(r'Unread\([^"]*"\\t"[^"]*"([a-z_]+)"|Unread\([^"]*"([a-z_]+)"\)', source)
    )
    codes = {code for pair in unread for code in pair if code}
    assert codes
    assert codes <= wording.UNREAD.keys()
    doubts = set(re.findall(r'doubts\.append\("([a-z_]+)"\)', source))
    assert doubts
    assert doubts <= wording.DOUBTS.keys()


def test_a_code_without_words_is_shown_as_it_is():
    assert wording.doubt("new_code") == "new_code"
    assert wording.unread("table")
