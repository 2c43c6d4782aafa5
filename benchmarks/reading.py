"""How much of a report the reader finds, and how much of what it finds is right.

    python -m benchmarks.reading [--missed]

The seed is compared with the fixtures, the invented reports of tests/reading/reports with their
keys; --missed lists what was not found and what was found in excess, of the reports that the
reader was worked on with.
"""

import argparse
import json
import time

from office.texts import KINDS, extract
from reading.engine import read
from tests.reading.comparing import SEED, compare, compare_seed, missed, seed_key, show
from tests.reading.test_report_keys import KEYS, report_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--missed", action="store_true")
    options = parser.parse_args()
    begun = time.perf_counter()
    seed = read(SEED.read_text(encoding="utf-8"))
    took = time.perf_counter() - begun
    show(compare_seed(seed), f"seed, read in {took:.2f} s")
    if options.missed:
        show_missed(seed, seed_key())
    for path in KEYS:
        report = report_of(path)
        key = json.loads(path.read_text(encoding="utf-8"))
        reading = read(extract(report.name, report.read_bytes()))
        folder = path.parent.name
        show(compare(reading, key), f"{folder}/{report.name} ({KINDS[report.suffix[1:]]})")
        if options.missed and folder in ("dev", "heldout"):
            show_missed(reading, key)


def show_missed(reading, key) -> None:
    for kind, (absent, excess) in missed(reading, key).items():
        for each in absent:
            print(f"    - {kind}: { {k: v for k, v in each.items() if v not in ('', None)} }")
        for each in excess:
            words = [
                str(getattr(each, f, ""))
                for f in (
                    "name",
                    "title",
                    "subject",
                    "count",
                    "value",
                    "unit",
                    "target",
                    "actual",
                    "verb",
                )
            ]
            print(
                f"    + {kind}: {each.year} {' | '.join(w for w in words if w)} « {each.evidence.quote[:60]} »"
            )


if __name__ == "__main__":
    main()
