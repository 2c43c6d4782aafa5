"""Marks cells of an .xlsx workbook in a process of its own, within limits.

Run by office/marking.py as a script, never imported. Standard input: a line of JSON that names the
cells and what is said of them, then the file; standard output: the marked file.
"""

import io
import json
import resource
import sys

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

FILL = PatternFill("solid", fgColor="FFF4CCCC")


def main(megabytes: int, seconds: int) -> int:
    """Read, mark and write; returns the exit code."""
    head = sys.stdin.buffer.readline()
    data = sys.stdin.buffer.read()
    room = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet, address, words, author in json.loads(head):
        cell = book[sheet][address]
        if isinstance(cell, openpyxl.cell.MergedCell):
            continue
        cell.fill = FILL
        cell.comment = Comment(words, author, height=120, width=320)
    out = io.BytesIO()
    book.save(out)
    sys.stdout.buffer.write(out.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
