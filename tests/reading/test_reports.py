"""The reader against the keys of invented reports: ratios, with floors.

Run with -s to see them; `python -m benchmarks.reading` prints the same.
"""

import json

import pytest

from office.texts import extract
from reading.engine import read
from tests.reading.comparing import assert_reaches, compare, show
from tests.reading.test_report_keys import KEYS, report_of

# Just below what is reached: precision and recall, all reports of a folder together.
FLOORS = {
    "dev": {
        "indicators": (0.98, 0.98),
        "projects": (0.98, 0.97),
        "… stage": (0.98, 0.98),
        "counts": (0.98, 0.98),
        "amounts": (0.98, 0.98),
        "commitments": (0.98, 0.98),
        "measures": (0.98, 0.98),
    },
    "heldout": {
        "indicators": (0.98, 0.98),
        "projects": (0.98, 0.97),
        "… stage": (0.98, 0.98),
        "… category": (0.95, 0.95),
        "counts": (0.98, 0.98),
        "amounts": (0.98, 0.98),
        "commitments": (0.98, 0.98),
        "measures": (0.98, 0.98),
    },
    # written after the reader, by someone who had not seen it
    "unseen": {
        "indicators": (0.91, 0.94),
        "projects": (0.97, 0.9),
        "… stage": (0.95, 0.95),
        "… total_investment": (0.93, 0.93),
        "counts": (0.93, 0.9),
        "amounts": (0.95, 0.98),
        "commitments": (0.94, 0.9),
        "measures": (0.98, 0.95),
    },
    # ordinary reports, run over once when both they and the reader were finished
    "blind": {
        "indicators": (0.97, 0.97),
        "projects": (0.98, 0.93),
        "… stage": (0.98, 0.98),
        "… category": (0.98, 0.98),
        "… level": (0.95, 0.95),
        "… total_investment": (0.92, 0.92),
        "… planned_investment": (0.98, 0.98),
        "… department": (0.98, 0.98),
        "counts": (0.98, 0.98),
        "amounts": (0.98, 0.98),
        "commitments": (0.97, 0.98),
        "measures": (0.98, 0.98),
    },
}


@pytest.mark.parametrize("folder", FLOORS)
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
    assert_reaches(together, FLOORS[folder])
