"""Reads a .txt file: UTF-8, UTF-16 with its mark, or GB18030."""

import re
import sys

from office.readers.program import NO_TEXT, Refused, run

_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")


def read(data: bytes, _pages: int) -> str:
    """The text; refused where no encoding fits."""
    encodings = ["utf-8-sig", "gb18030"]
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _BINARY.search(text.replace("\f", "")) and not _is_garbled(text):
            return text
    raise Refused(NO_TEXT)


def _is_garbled(text: str) -> bool:
    """Whether bytes of another encoding were taken for this one: private and rare signs throughout."""
    sample = [sign for sign in text[:20000] if not sign.isascii()]
    if len(sample) < 10:
        return False
    common = sum(
        "\u4e00" <= sign <= "\u9fff"
        or "\u3000" <= sign <= "\u303f"
        or "\uff00" <= sign <= "\uffef"
        or "\u2000" <= sign <= "\u2fff"
        or sign.isspace()
        for sign in sample
    )
    return common < len(sample) * 0.8


if __name__ == "__main__":
    sys.exit(run(read))
