"""The cockpit, its ranking and the wall beside the page without rows; roll-ups beside bare SQL over the cells."""

from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from accounts.models import Region
from benchmarks import urls
from benchmarks.findings import Findings
from benchmarks.ground import LAST_SETTLED, YEAR, person
from benchmarks.probes import Probe, bare, measure, page, statements
from office.clock import today
from summaries import cells, standings
from summaries.cells import By
from summaries.models import CellKeeper, DepartmentCell, ProgressCell
from summaries.models.cell import CellSums

SUBJECT, ROLLUPS = "cockpit", "roll-ups from cells"
MONTH = f"/?year={YEAR}&month={LAST_SETTLED}"
RECOUNTED = "cockpit, just recounted"
UNREAD = "cockpit, read by nobody yet"
COUNTY = "cockpit of a county, read by nobody yet"
PAGES = {
    "cockpit": MONTH,
    "cockpit, ranking by gap": f"{MONTH}&rank=gap",
    "cockpit, ranking by lateness": f"{MONTH}&rank=late",
    "wall": "/wall/",
}
READINGS: dict[str, tuple[type[CellSums], tuple[By, ...]]] = {
    "total": (DepartmentCell, ()),
    "by category": (DepartmentCell, (By.CATEGORY,)),
    "by department": (DepartmentCell, (By.DEPARTMENT,)),
    "by level": (ProgressCell, (By.LEVEL,)),
    "by region": (DepartmentCell, (By.REGION,)),
}
"""Each roll-up with the cells that serve it: the department's where they say enough."""


def run(findings: Findings, entries: int, rounds: int) -> None:
    """Measure all of it at the size that is laid out."""
    client = Client()
    client.force_login(person("admin"))
    county = Region.objects.filter(level=Region.Level.DISTRICT).latest("path")
    of_county = page(client, f"{MONTH}&region={county.code}")
    probes = [
        Probe("shell", page(client, f"{urls.SHELL}?year={YEAR}")),
        *(Probe(name, page(client, address)) for name, address in PAGES.items()),
        Probe(UNREAD, page(client, MONTH), before=forget),
        Probe(COUNTY, of_county, before=forget),
        # The last of a round, so that the first of the next finds the month read.
        Probe(RECOUNTED, page(client, MONTH), before=recount),
    ]
    findings.add(SUBJECT, entries, measure(probes, rounds))
    shell = findings.middle(SUBJECT, "shell", entries)
    for name in (*PAGES, UNREAD, RECOUNTED, COUNTY):
        findings.hold(
            f"{name} / shell", entries, findings.middle(SUBJECT, name, entries) / shell, 4
        )
    rollups(findings, entries, rounds)


def rollups(findings: Findings, entries: int, rounds: int) -> None:
    """Each roll-up through cells.progress, and the statements that it asks, bare."""
    probes = []
    for name, (model, by) in READINGS.items():
        act = reading(model, by)
        probes += [Probe(name, act), Probe(f"{name}, bare SQL", bare(statements(act)))]
    findings.add(ROLLUPS, entries, measure(probes, rounds))
    for name in READINGS:
        ours = findings.middle(ROLLUPS, name, entries)
        floor = findings.middle(ROLLUPS, f"{name}, bare SQL", entries)
        findings.hold(f"roll-up {name} / bare SQL over cells", entries, ours / floor, 2)


def reading(model: type[CellSums], by: tuple[By, ...]) -> Callable[[], object]:
    """A roll-up of the last settled month."""
    return lambda: cells.progress(model._default_manager.all(), YEAR, LAST_SETTLED, by=by)


def forget() -> None:
    """What a refresh of the cells does to what is remembered of them, of months that no job reads ahead."""
    CellKeeper.objects.update(refreshed_at=timezone.now())


def recount() -> None:
    """What the job does that refreshes cells: it reads the shown month at once (standings.keep)."""
    forget()
    standings.read_ahead(on=today())
