"""What was found: times and ratios of one run, held against the goals, and the section of results.md they go to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.probes import Times, middle, worst

RESULTS = Path(__file__).with_name("results.md")


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two medians of one run beside the most that it may be; None is no goal."""

    name: str
    entries: int
    found: float
    most: float | None

    @property
    def verdict(self) -> str:
        """Whether the goal is reached."""
        if self.most is None:
            return ""
        return "pass" if self.found <= self.most else "**MISSED**"


@dataclass(slots=True)
class Findings:
    """Everything that a run found, by subject and size."""

    times: dict[str, dict[str, dict[int, tuple[float, float]]]] = field(default_factory=dict)
    ratios: list[Ratio] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_whole: bool = True

    def add(self, subject: str, entries: int, taken: Times) -> None:
        """Keep the times of a subject's probes at a size."""
        for name, times in taken.items():
            kept = self.times.setdefault(subject, {}).setdefault(name, {})
            kept[entries] = middle(times), worst(times)
            print(
                f"  {subject}: {name}: {middle(times):.1f} ms, 95 % {worst(times):.1f}", flush=True
            )

    def middle(self, subject: str, name: str, entries: int) -> float:
        """A median that was found."""
        return self.times[subject][name][entries][0]

    def hold(self, name: str, entries: int, found: float, most: float | None = None) -> None:
        """Keep a ratio and hold it against its goal."""
        ratio = Ratio(name, entries, found, most)
        self.ratios.append(ratio)
        goal = "" if most is None else f" (at most {most:g}) {ratio.verdict}"
        print(f"  {entries:,}: {name}: {found:.2f}{goal}", flush=True)

    def note(self, text: str) -> None:
        """Keep a sentence that belongs to the results."""
        self.notes.append(text)
        print(f"  {text}", flush=True)

    def fail(self, text: str) -> None:
        """Keep what could not be measured: no goal is reached by that."""
        self.is_whole = False
        self.note(f"**{text}**")

    @property
    def are_reached(self) -> bool:
        """Whether every goal is reached."""
        return self.is_whole and all(
            ratio.most is None or ratio.found <= ratio.most for ratio in self.ratios
        )

    def text(self) -> str:
        """The tables as results.md holds them."""
        return "\n\n".join(
            [
                *(_times(subject, rows) for subject, rows in self.times.items()),
                _ratios(self.ratios),
                *(f"- {note}" for note in self.notes),
            ]
        ).replace("\n\n- ", "\n- ")


def _times(subject: str, rows: dict[str, dict[int, tuple[float, float]]]) -> str:
    sizes = sorted({size for found in rows.values() for size in found})
    head = f"| {subject}, ms: median / 95 % | " + " | ".join(f"{size:,}" for size in sizes) + " |"
    lines = [head, "|---|" + "---:|" * len(sizes)]
    for name, found in rows.items():
        cells = [
            f"{found[size][0]:,.1f} / {found[size][1]:,.1f}" if size in found else "—"
            for size in sizes
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _ratios(ratios: Iterable[Ratio]) -> str:
    found: dict[str, dict[int, Ratio]] = {}
    for ratio in ratios:
        found.setdefault(ratio.name, {})[ratio.entries] = ratio
    sizes = sorted({size for row in found.values() for size in row})
    lines = [
        "| ratio | at most | " + " | ".join(f"{size:,}" for size in sizes) + " |",
        "|---|---:|" + "---:|" * len(sizes),
    ]
    for name, row in found.items():
        most = next(iter(row.values())).most
        cells = [
            f"{row[size].found:.2f} {row[size].verdict}".strip() if size in row else "—"
            for size in sizes
        ]
        lines.append(f"| {name} | {'—' if most is None else f'{most:g}'} | {' | '.join(cells)} |")
    return "\n".join(lines)


def write_section(name: str, title: str, text: str) -> None:
    """Put a run's results in the place of those of the run before."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    section = f"{begin}\n## {title}\n\n{text}\n{end}"
    old = RESULTS.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if pattern.search(old):
        new = pattern.sub(lambda _match: section, old)
    else:
        new = f"{old.rstrip()}\n\n{section}\n"
    RESULTS.write_text(new, encoding="utf-8")
