"""The reader against the keys of invented reports: ratios, with floors.

Run with -s to see them; `python -m benchmarks.reading` prints the same.
"""

import json

import pytest

from office.texts import extract
from reading.engine import read
from tests.reading.comparing import assert_reaches, compare, show
from tests.reading.test_report_keys import KEYS, report_of

# Just below what is reached: precision and recall.
FLOORS = {
    "indicators": (0.95, 0.95),
    "projects": (0.95, 0.95),
    "counts": (0.95, 0.95),
    "amounts": (0.95, 0.95),
    "commitments": (0.9, 0.8),
    "measures": (0.9, 0.9),
}


HELD_OUT_FLOORS = {
    "indicators": (0.75, 0.75),
    "projects": (0.85, 0.7),
    "counts": (0.95, 0.8),
    "amounts": (0.95, 0.9),
    "commitments": (0.85, 0.7),
    "measures": (0.95, 0.85),
}


@pytest.mark.parametrize("folder", ["dev", "heldout"])
def test_reports_of_other_places_give_what_their_keys_hold(folder):
    together = {}
    for path in KEYS:
        if path.parent.name != folder:
            continue
        report = report_of(path)
        key = json.loads(path.read_text(encoding="utf-8"))
        reading = read(extract(report.name, report.read_bytes()))
        assert reading.year == key["year"]
        assert reading.region == key["region"]
        ratios = compare(reading, key)
        show(ratios, f"{folder}/{report.name}")
        for kind, ratio in ratios.items():
            together[kind] = together[kind] + ratio if kind in together else ratio
    show(together, f"{folder}: all together")
    assert_reaches(together, FLOORS if folder == "dev" else HELD_OUT_FLOORS)
