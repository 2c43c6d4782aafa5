"""Programs that run together start in order, and none of them outlives the others."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator

import pytest

from tests.processes import descendants, still_running
from tests.worker import eventually

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
WITH_CHILD = "import subprocess, sys; print('up', flush=True); subprocess.run(['sleep', '600'])"
PATIENT = "import time; print('up', flush=True); time.sleep(600)"
SHORT = "import time; time.sleep(1)"


@pytest.fixture
def supervise() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Runs the given Python programs under a supervisor in a process of its own."""
    started = []

    def start(*programs: str) -> subprocess.Popen[str]:
        code = f"""
            import sys
            from scripts.supervisor import Program, ProgramEnded, StopAsked, Supervisor
            try:
                with Supervisor() as supervisor:
                    for number, code in enumerate({programs!r}):
                        command = [sys.executable, "-c", code]
                        supervisor.start(Program(f"p{{number}}", command, patience=1))
                    supervisor.wait()
            except StopAsked:
                print("stop asked")
            except ProgramEnded as ended:
                print(ended)
        """
        process = subprocess.Popen(
            [sys.executable, "-uc", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def read_until(process: subprocess.Popen[str], count: int) -> str:
    assert process.stdout is not None
    return "".join(process.stdout.readline() for _ in range(count))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_every_program_and_their_children(supervise, number):
    process = supervise(PATIENT, WITH_CHILD)
    shown = read_until(process, 2)
    family = eventually(lambda: len(found := descendants(process.pid)) >= 3 and found)

    process.send_signal(number)

    assert "stop asked" in process.communicate(timeout=20)[0]
    assert still_running(family) == []
    assert "p0     | up" in shown
    assert "p1     | up" in shown


def test_a_program_that_will_not_end_is_killed(supervise):
    process = supervise(STUBBORN)
    read_until(process, 1)
    family = descendants(process.pid)

    process.send_signal(signal.SIGINT)

    process.communicate(timeout=20)
    assert still_running(family) == []


def test_when_one_program_ends_the_others_end_too(supervise):
    process = supervise(PATIENT, SHORT)
    read_until(process, 1)
    family = descendants(process.pid)

    assert "p1 ended with exit code 0" in process.communicate(timeout=20)[0]
    assert still_running(family) == []


def test_programs_end_even_when_the_supervisor_is_killed(supervise):
    process = supervise(PATIENT)
    read_until(process, 1)
    family = descendants(process.pid)

    os.kill(process.pid, signal.SIGKILL)

    eventually(lambda: not still_running(family))
