"""The reader against what the fixtures hold of the seed: ratios, with floors.

Run with -s to see them; `python -m benchmarks.reading` prints the same.
"""

from reading.engine import read
from tests.reading.comparing import SEED, assert_reaches, compare_seed, show

# Just below what is reached: precision and recall.
FLOORS = {
    "indicators": (1.0, 1.0),
    "projects listed": (1.0, 1.0),
    "… with verb, category, sector": (1.0, 1.0),
    "mentions": (0.92, 0.85),
    "counts": (0.95, 0.95),
    "amounts": (0.95, 0.95),
    "commitments": (0.95, 0.95),
    "measures": (0.95, 0.95),
}


def test_the_seed_gives_what_the_fixtures_hold():
    ratios = compare_seed(read(SEED.read_text(encoding="utf-8")))
    show(ratios, "seed")
    assert_reaches(ratios, FLOORS)
