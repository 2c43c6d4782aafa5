"""Documents in: the plain text of a .docx, .pdf, .html or .txt file, within limits.

Reading happens in a process of its own (office/readers/): a file that would take terabytes or for
ever is refused, and the site stays up.
"""

import io
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext_lazy

from office.refused_file import RefusedFileError

HOUSE = Path(__file__).resolve().parents[1]
"""Where the programs are started, so that they find their own modules."""
KINDS = {"docx": "docx", "pdf": "pdf", "txt": "txt", "md": "txt", "html": "html", "htm": "html"}
"""What a file's name ends with, and how it is read."""
BEGINNINGS = {"docx": b"PK\x03\x04", "pdf": b"%PDF-"}
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Code(StrEnum):
    """Why a file is not read."""

    FILE_TOO_LARGE = "file_too_large"
    WRONG_KIND = "wrong_kind"
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    BROKEN = "broken"
    PROTECTED = "protected"
    NO_TEXT = "no_text"
    NO_TEXT_LAYER = "no_text_layer"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    EMPTY = "empty"


WORDS = {
    Code.FILE_TOO_LARGE: gettext_lazy("The file is larger than %(most)s MB."),
    Code.WRONG_KIND: gettext_lazy("“%(name)s” is no %(kinds)s file."),
    Code.NOT_WHAT_IT_SAYS: gettext_lazy(
        "The file is not what its name says: its content is no .%(kind)s. Old .doc files and files"
        " with a password have to be saved again as .docx, without one."
    ),
    Code.UNPACKS_TOO_LARGE: gettext_lazy("The file unpacks to more than %(most)s MB."),
    Code.BROKEN: gettext_lazy("The file is damaged. Open it, save it again, and try once more."),
    Code.PROTECTED: gettext_lazy("The file is protected by a password."),
    Code.NO_TEXT: gettext_lazy(
        "No text was found in the file. Text files have to be in UTF-8 or GB18030."
    ),
    Code.NO_TEXT_LAYER: gettext_lazy(
        "The pages are pictures without text, as a scanner makes them. Give the document itself,"
        " or have its text recognised first."
    ),
    Code.TOO_MANY_PAGES: gettext_lazy("The file has more than %(most)s pages."),
    Code.TOO_LARGE: gettext_lazy(
        "The file takes too much memory to read, or its text is too long."
    ),
    Code.TOO_SLOW: gettext_lazy("The file takes too long to read."),
    Code.EMPTY: gettext_lazy("The file is empty."),
}

_EXITS = {
    10: Code.BROKEN,
    11: Code.PROTECTED,
    12: Code.NO_TEXT,
    13: Code.TOO_LARGE,
    14: Code.NO_TEXT_LAYER,
    15: Code.TOO_MANY_PAGES,
}


class TextError(RefusedFileError):
    """The document is not read at all."""

    WORDS = WORDS


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may take; everything beyond is refused."""

    megabytes: int = 20
    unpacked_megabytes: int = 200
    memory_megabytes: int = 1024
    seconds: int = 60
    signs: int = 2_000_000
    pages: int = 400


def extract(name: str, data: bytes, limits: Limits = Limits()) -> str:
    """The plain text of a file, of the kind that its name says.

    Rows of tables are lines whose cells are parted by tabs; pages of a .pdf are parted by form
    feeds. Raises TextError.
    """
    kind = _checked_kind(name, data, limits)
    numbers = (limits.memory_megabytes, limits.seconds, limits.signs, limits.pages)
    # -E and -s: no environment, no user's packages; -m finds the programs below HOUSE
    command = [sys.executable, "-E", "-s", "-m", f"office.readers.{kind}", *map(str, numbers)]
    try:
        done = subprocess.run(
            command,
            cwd=HOUSE,
            input=data,
            capture_output=True,
            timeout=limits.seconds * 2,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TextError(Code.TOO_SLOW) from error
    if done.returncode:
        raise _refusal(done.returncode, limits)
    return done.stdout.decode("utf-8")


def _checked_kind(name: str, data: bytes, limits: Limits) -> str:
    kind = KINDS.get(Path(name).suffix.lower().lstrip("."))
    if kind is None:
        raise TextError(Code.WRONG_KIND, name=name[:80], kinds=".docx, .pdf, .html, .txt")
    if len(data) > limits.megabytes * 1024 * 1024:
        raise TextError(Code.FILE_TOO_LARGE, most=limits.megabytes)
    if not data.strip():
        raise TextError(Code.EMPTY)
    beginning = BEGINNINGS.get(kind)
    begins = data[:1024].lstrip() if kind == "pdf" else data
    if beginning is not None and not begins.startswith(beginning):
        raise TextError(Code.NOT_WHAT_IT_SAYS, kind=kind)
    if beginning is None and data.startswith((*BEGINNINGS.values(), OLD_OFFICE)):
        raise TextError(Code.NOT_WHAT_IT_SAYS, kind=kind)
    if kind == "docx":
        _check_archive(data, limits)
    return kind


def _check_archive(data: bytes, limits: Limits) -> None:
    """Refuse an archive that says itself that it is too large; the reader's limits catch liars."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise TextError(Code.BROKEN) from error
    if sum(part.file_size for part in parts) > limits.unpacked_megabytes * 1024 * 1024:
        raise TextError(Code.UNPACKS_TOO_LARGE, most=limits.unpacked_megabytes)
    if "word/document.xml" not in {part.filename for part in parts}:
        raise TextError(Code.NOT_WHAT_IT_SAYS, kind="docx")


def _refusal(exit_code: int, limits: Limits) -> TextError:
    """A process that was ended by a signal had met its limits."""
    if exit_code == -24:
        return TextError(Code.TOO_SLOW)
    code = Code.TOO_LARGE if exit_code < 0 else _EXITS.get(exit_code, Code.BROKEN)
    if code is Code.TOO_MANY_PAGES:
        return TextError(code, most=limits.pages)
    return TextError(code)
