"""The program of docs/examples, run as people run it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.scopes import Scope
from office.clock import today
from projects.models import ReportState
from tests.programs import make_token
from tests.rounds import make_plan, open_rounds, report_of, save

pytestmark = pytest.mark.any_database

PROGRAM = Path(__file__).resolve().parents[2] / "docs" / "examples" / "report_month.py"


@pytest.mark.django_db(transaction=True)
def test_a_month_is_reported_from_a_file(live_server, reporter, settings, tmp_path):
    settings.WZ_TODAY = "2024-03-03"
    plans = [make_plan(reporter.department, code=f"P{n}") for n in range(3)]
    open_rounds(2)
    save(report_of(plans[2], 2), reporter, on=today(), invested=50)
    file = tmp_path / "figures.csv"
    file.write_text(
        "project,invested_ytd,physical_progress,narrative\n"
        "P0,120.5,9,桩基完成\nP1,-3,9,桩基完成\nP2,80,9,桩基完成\nP9,1,1,没有的项目\n",
        encoding="utf-8",
    )

    done = subprocess.run(
        [sys.executable, PROGRAM, live_server.url, "2024", "2", file, "--submit"],
        env=os.environ
        | {"WZ_TOKEN": make_token(reporter, Scope.READ, Scope.REPORT)[1], "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    said = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert done.returncode == 1, done.stderr
    assert (said["P0"], said["P2"]) == ("submitted", "submitted")
    assert said["P1"].startswith("invested_ytd: ")
    assert said["P9"] == "is not to be reported"
    first, second, third = (report_of(plan, 2) for plan in plans)
    assert (first.state, str(first.invested_ytd)) == (ReportState.SUBMITTED, "120.50")
    assert (second.state, second.invested_ytd) == (ReportState.DUE, None)
    assert str(third.invested_ytd) == "80.00"
