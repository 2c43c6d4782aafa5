"""How long verify_audit takes over 100,000 steps, and how much memory it needs for it.

    python -m benchmarks.verify_audit [--steps 100000]

A tenth of the steps first, then all of them: memory must not grow with them. A database is made
for the run and thrown away; DATABASE=sqlite measures on SQLite.
"""

import argparse
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter

from django.db import connection
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

from accounts.models import User
from accounts.roles import Role
from projects import chains
from projects.models import (
    AnnualPlan,
    Category,
    ProgressReport,
    Project,
    ReportAction,
    ReportEvent,
)
from projects.planning import Adoption, Decision, adopt
from projects.schedule_curves import spread_evenly
from projects.verification import verify
from tests.rounds import moment

STEPS = 100_000
A_REPORT = 10
DAY = date(2024, 1, 15)
NOTE = "核对了本月完成投资与形象进度，附件齐全。" * 4


def lay_out(entries: int, year: int, by: User) -> None:
    """Adopt entries of a year: each is a step, and has twelve reports."""
    start = Project.objects.count()
    projects = [
        Project(code=f"{year}-{start + number}", name=f"项目{number}", category=Category.ECOLOGY)
        for number in range(entries)
    ]
    for project in projects:
        project.name_sort = project.name
    made = AnnualPlan.objects.bulk_create(
        AnnualPlan(project=project, year=year, category=project.category)
        for project in Project.objects.bulk_create(projects)
    )
    curve = spread_evenly(Decimal(1200))
    wanted = [Adoption(entry.pk, Decimal(1200), curve) for entry in made]
    adopt(wanted, Decision("区人民政府", DAY), by=by, at=moment(DAY))


def judged(steps: int, by: User) -> Iterator[ReportEvent]:
    """Judgements of nothing: steps that change no figure, ten to a report."""
    for report in ProgressReport.objects.filter(version=0).order_by("pk")[: steps // A_REPORT]:
        for _step in range(A_REPORT):
            event = ReportEvent(
                action=ReportAction.JUDGE,
                old_state=report.state,
                new_state=report.state,
                before={"judged": "", "judged_reason": ""},
                after={"judged": "", "judged_reason": ""},
                note=NOTE,
            )
            yield chains.link(event, report, by=by, at=moment(DAY))
        report.save(update_fields=chains.OWNER_FIELDS)


def measure() -> None:
    """Verify what there is, once for the time and once for the memory."""
    with CaptureQueriesContext(connection) as asked:
        start = perf_counter()
        done = verify()
        seconds = perf_counter() - start
    if done.findings:
        raise SystemExit(f"the benchmark's own histories do not hold: {done.findings[0]}")
    tracemalloc.start()
    verify()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(
        f"{connection.vendor}: {done.steps:,} steps in {done.chains:,} chains, {done.seals} seals:"
        f" {seconds:.1f} s, {len(asked)} queries, at most {peak / 2**20:.0f} MB"
    )


def main() -> None:
    """Make the histories, seal them in days, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=STEPS)
    wanted = parser.parse_args().steps
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        by = User.objects.create_user("bench", role=Role.MANAGER)
        day = DAY
        for share in (wanted // 10, wanted - wanted // 10):
            lay_out(share // 100, 2024, by)
            for _part in range(10):
                ReportEvent.objects.bulk_create(judged(share // 10, by), batch_size=1000)
                day += timedelta(days=1)
                chains.seal(day, at=moment(day))
            measure()
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    main()
