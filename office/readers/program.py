"""What the reading programs have in common: their limits, their exit codes, their output.

Whatever a file does to a reading library (an allocation of terabytes, an endless loop, a crash)
ends the program and not the site.
"""

import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Callable

# Exit codes that office/texts.py gives words to.
BROKEN, PROTECTED, NO_TEXT, TOO_LARGE, NO_TEXT_LAYER, TOO_MANY_PAGES = range(10, 16)
LEAST_SIGNS = 20
"""A document with fewer signs than this is a scan, or empty."""
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    LookupError,
    EOFError,
    TypeError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    RuntimeError,
)


class Refused(Exception):
    """The file is not read; `code` says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def run(
    read: Callable[[bytes, int], str],
    *,
    broken: tuple[type[Exception], ...] = (),
    without_text: int = NO_TEXT,
) -> int:
    """Read the standard input within the limits of the command line; returns the exit code.

    `broken` are the library's own errors; `without_text` is the exit code for a document without
    words.
    """
    megabytes, seconds, signs, pages = map(int, sys.argv[1:])
    data = sys.stdin.buffer.read()
    damaged: tuple[type[Exception], ...] = (*broken, *_BROKEN)
    room = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    # a hard limit above the soft one: at the soft one the signal says that it was the time
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    try:
        text = read(data, pages)
        if len(text) > signs:
            return TOO_LARGE
        if len(re.sub(r"\s", "", text)) < LEAST_SIGNS:
            return without_text
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except Refused as refused:
        return refused.code
    except MemoryError:
        return TOO_LARGE
    except damaged:
        return BROKEN
    return 0
