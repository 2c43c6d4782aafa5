"""The reader against the seed's fixtures and the keys of invented reports: ratios, with floors.

Run with -s to see them; `python -m benchmarks.reading` prints the same.
"""

import json

import pytest

from office.texts import extract
from reading.engine import read
from tests.reading.comparing import SEED, compare, compare_seed, table
from tests.reading.test_report_keys import KEYS, report_of

# Just below what is reached: precision and recall.
SEED_FLOORS = {
    "indicators": (1.0, 1.0),
    "projects listed": (1.0, 1.0),
    "… with verb, category, sector": (1.0, 1.0),
    "mentions": (0.92, 0.85),
    "counts": (0.95, 0.95),
    "amounts": (0.95, 0.95),
    "commitments": (0.95, 0.95),
    "measures": (0.95, 0.95),
}
FLOORS = {
    "indicators": (0.95, 0.95),
    "projects": (0.95, 0.95),
    "counts": (0.95, 0.95),
    "amounts": (0.95, 0.95),
    "commitments": (0.9, 0.8),
    "measures": (0.9, 0.9),
}


def assert_reaches(ratios, floors):
    short = {
        kind: str(ratios[kind])
        for kind, (precision, recall) in floors.items()
        if ratios[kind].precision < precision or ratios[kind].recall < recall
    }
    assert not short


def test_the_seed_gives_what_the_fixtures_hold():
    ratios = compare_seed(read(SEED.read_text(encoding="utf-8")))
    print(*table(ratios, "seed"), sep="\n")
    assert_reaches(ratios, SEED_FLOORS)


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
        print(*table(ratios, f"{folder}/{report.name}"), sep="\n")
        for kind, ratio in ratios.items():
            together[kind] = together[kind] + ratio if kind in together else ratio
    print(*table(together, f"{folder}: all together"), sep="\n")
    assert_reaches(together, FLOORS if folder == "dev" else HELD_OUT_FLOORS)


HELD_OUT_FLOORS = {
    "indicators": (0.75, 0.75),
    "projects": (0.85, 0.7),
    "counts": (0.95, 0.8),
    "amounts": (0.95, 0.9),
    "commitments": (0.85, 0.7),
    "measures": (0.95, 0.85),
}
