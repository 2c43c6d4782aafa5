"""What runs on this machine, as far as tests of starting and stopping ask (Linux: read from /proc)."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """A running program."""

    pid: int
    name: str
    state: str
    parent: int


def processes() -> dict[int, Process]:
    """Every process by its number."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            stat = path.read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        pid, _, rest = stat.partition(" (")
        name, _, rest = rest.rpartition(") ")
        state, parent, *_ = rest.split()
        found[int(pid)] = Process(int(pid), name, state, int(parent))
    return found


def descendants(pid: int) -> list[Process]:
    """The processes that a process started, and those that these started."""
    everything = processes().values()
    found: list[Process] = []
    fresh = [pid]
    while fresh:
        children = [process for process in everything if process.parent in fresh]
        found += children
        fresh = [process.pid for process in children]
    return found


def still_running(family: list[Process]) -> list[Process]:
    """Those that run; one that has ended and waits to be noticed by its parent does not."""
    now = processes()
    return [each for each in family if each.pid in now and now[each.pid].state != "Z"]
