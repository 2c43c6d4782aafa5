"""Bringing workbooks in without a browser: told as lists, checked, written, taken back."""

import io
from collections.abc import Sequence

import openpyxl
from django.utils import timezone

from accounts.models import User
from exchange import running, workflow
from exchange.models import ImportPage, ImportRun
from tests.workbooks import make_xlsx

Task = ImportRun.Task


def check(
    user: User,
    kind: str,
    *rows: Sequence[object],
    name: str = "表.xlsx",
    data: bytes | None = None,
    skips_totals: bool = False,
) -> ImportRun:
    """The dry run of a workbook that is told as its rows, or of a file."""
    run = workflow.ask(
        kind=kind,
        name=name,
        data=make_xlsx(表=rows) if data is None else data,
        by=user,
        language="en",
        now=timezone.now(),
        skips_totals=skips_totals,
    )
    running.run(run.pk)
    run.refresh_from_db()
    return run


def go_on(run: ImportRun, task: Task) -> ImportRun:
    """Ask for the next step of a run, and let a worker take it."""
    workflow.ask_for(run.pk, task, by=run.by, now=timezone.now())
    running.run(run.pk)
    run.refresh_from_db()
    return run


def written(user: User, kind: str, *rows: Sequence[object]) -> ImportRun:
    """A workbook that was checked and written."""
    run = check(user, kind, *rows)
    assert faults(run) == []
    return go_on(run, Task.WRITE)


def rows_of(run: ImportRun, group: str) -> list[dict]:
    """The rows of a run that do something."""
    pages = ImportPage.objects.filter(run=run, group=group).order_by("number")
    return [row for page in pages for row in page.rows]


def faults(run: ImportRun) -> list[tuple[str, str]]:
    """Where something is wrong, and what."""
    return [(row["address"], row["message"]) for row in rows_of(run, "fault")]


def log(run: ImportRun) -> list[str]:
    """The names of what happened."""
    return [event["event"] for event in run.log]


def opened(content: bytes) -> openpyxl.Workbook:
    """A workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(content))
