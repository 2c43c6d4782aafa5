"""What runs on this machine, as far as tests of starting and stopping ask."""

import subprocess


def table() -> dict[int, tuple[int, str]]:
    """Every process: its parent and its state."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True)
    rows = (line.split() for line in listed.stdout.splitlines())
    return {int(pid): (int(parent), state) for pid, parent, state in rows}


def names() -> dict[int, str]:
    """The name of every running program."""
    listed = subprocess.run(["ps", "-eo", "pid=,comm="], capture_output=True, text=True)
    rows = (line.split(maxsplit=1) for line in listed.stdout.splitlines())
    return {int(pid): name for pid, name in rows}


def descendants(pid: int) -> list[int]:
    """The processes that a process started, and those that these started."""
    processes = table()
    found, fresh = [], [pid]
    while fresh:
        fresh = [child for child, (parent, _) in processes.items() if parent in fresh]
        found += fresh
    return found


def is_alive(pid: int) -> bool:
    """Whether it still runs; one that only waits to be noticed by its parent does not."""
    _, state = table().get(pid, (0, "Z"))
    return not state.startswith("Z")
