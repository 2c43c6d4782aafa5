"""Runs several programs as one: starts them in order, shows their output, ends every one of them."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
POLL_SECONDS = 0.1


class ProgramEnded(Exception):
    """A program that should keep running has ended."""


class StopAsked(Exception):
    """Somebody pressed Ctrl-C, or asked for the end in another way."""


@dataclass(frozen=True)
class Program:
    """A long-running program: what to run, how to end it, and how many seconds it may take to end."""

    name: str
    command: list[str]
    stop_signal: signal.Signals = signal.SIGTERM
    patience: float = 10.0


class Supervisor:
    """Starts programs, each in a process group of its own, and ends them in the reverse order.

    As a context manager it also catches Ctrl-C and its like; however the block is left, no program
    is left behind. Should this process be killed outright, the kernel ends them (on Linux).
    """

    def __init__(self) -> None:
        self._running: list[tuple[Program, subprocess.Popen[str]]] = []
        self._readers: list[threading.Thread] = []
        self._asked: int | None = None
        self._parent = os.getppid()

    def __enter__(self) -> "Supervisor":
        for number in STOP_SIGNALS:
            signal.signal(number, self._ask)
        return self

    def __exit__(self, *details: object) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        self.stop()

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = number

    def start(self, program: Program) -> None:
        """Start a program; each line it writes is shown after its name."""
        process = subprocess.Popen(
            ended_with_us(program.command, program.stop_signal),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._running.append((program, process))
        reader = threading.Thread(target=show, args=(program.name, process), daemon=True)
        reader.start()
        self._readers.append(reader)

    def check(self) -> None:
        """Raise StopAsked or ProgramEnded where there is a reason to stop."""
        if self._asked is not None or os.getppid() != self._parent:
            raise StopAsked
        for program, process in self._running:
            if process.poll() is not None:
                raise ProgramEnded(f"{program.name} ended with exit code {process.returncode}")

    def wait_until(self, ready: Callable[[], bool], patience: float, name: str) -> None:
        """Return as soon as `ready()`; raise TimeoutError after `patience` seconds."""
        deadline = time.monotonic() + patience
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} did not answer within {patience:.0f} seconds")
            time.sleep(POLL_SECONDS)

    def wait(self) -> None:
        """Wait until there is a reason to stop: StopAsked or ProgramEnded tells which."""
        while True:
            self.check()
            time.sleep(POLL_SECONDS)

    def run(self, command: list[str]) -> int:
        """Run a command that ends by itself and return its exit code; Ctrl-C ends it too."""
        process = subprocess.Popen(ended_with_us(command), start_new_session=True)
        try:
            while process.poll() is None:
                self.check()
                time.sleep(POLL_SECONDS)
        finally:
            end(process, signal.SIGTERM, patience=5)
        return process.returncode

    def stop(self) -> None:
        """End every program, last started first."""
        while self._running:
            program, process = self._running.pop()
            end(process, program.stop_signal, program.patience)
        for reader in self._readers:
            reader.join(timeout=1)


def ended_with_us(command: list[str], stop: signal.Signals = signal.SIGTERM) -> list[str]:
    """The same command, which the kernel ends when the process that started it dies."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return command
    return [setpriv, "--pdeathsig", stop.name.removeprefix("SIG"), "--", *command]


def end(
    process: subprocess.Popen[str] | subprocess.Popen[bytes], stop: signal.Signals, patience: float
) -> None:
    """Ask a process to end, wait for it, then kill what is left of its group."""
    if process.poll() is None:
        process.send_signal(stop)
        try:
            process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            print(f"Process {process.pid} did not end in time; killing it.", file=sys.stderr)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def show(name: str, process: subprocess.Popen[str]) -> None:
    """Copy a program's output to ours, line by line, each after the program's name."""
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            sys.stdout.write(f"{name:<7}| {line.rstrip()}\n")
            sys.stdout.flush()
