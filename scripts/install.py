"""Makes the virtual environment and installs locked requirements; needs nothing but Python's own library."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)
VENV = Path(".venv")
PYTHON = VENV / "bin" / "python"
NO_VENV = """\
This Python cannot make a virtual environment: its ensurepip module is missing.
On Debian and Ubuntu install it, as root, with

    apt-get install python3-venv

and run the same command again."""


def main(lock: str) -> int:
    """Install the lock file `lock` into .venv and return the exit code."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(str(part) for part in sys.version_info[:3])
        print(f"Python 3.11 or later is needed; {sys.executable} is {found}.", file=sys.stderr)
        print("Name another one with: make PYTHON=/path/to/python3.12 …", file=sys.stderr)
        return 1
    if not has_pip() and not make_environment():
        print(NO_VENV, file=sys.stderr)
        return 1
    return install(lock)


def has_pip() -> bool:
    """Say whether .venv exists and is complete (an interrupted first run leaves it without pip)."""
    command = [str(PYTHON), "-m", "pip", "--version"]
    return PYTHON.exists() and subprocess.run(command, capture_output=True).returncode == 0


def make_environment() -> bool:
    """Make .venv; as root on Debian, install the missing package first where that is the obstacle."""
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command, capture_output=True).returncode == 0:
        return True
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's python3-venv …", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update", "-q"], ["install", "-qy", "python3-venv"]):
            subprocess.run(["apt-get", *arguments], env=environment, capture_output=True)
        return subprocess.run(command, capture_output=True).returncode == 0
    return False


def install(lock: str) -> int:
    """Install with uv, which is several times faster, else with pip."""
    print(f"Installing {lock} …", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    hashed = [*pip, "--require-hashes", "-r"]
    if subprocess.run([*hashed, "requirements-uv.txt"]).returncode == 0:
        uv = [str(VENV / "bin" / "uv"), "pip", "install", "-q", "--python", str(PYTHON)]
        command = [*uv, "--require-hashes", "-r", lock]
        if subprocess.run(command, env=with_index_of_pip()).returncode == 0:
            return 0
        print("uv could not install them; trying pip …", flush=True)
    return subprocess.run([*hashed, lock]).returncode


def with_index_of_pip() -> dict[str, str]:
    """Tell uv which package index pip is set to use on this machine: it does not read pip's settings."""
    environment = dict(os.environ)
    question = [str(PYTHON), "-m", "pip", "config", "get", "global.index-url"]
    answer = subprocess.run(question, capture_output=True, text=True)
    index = os.environ.get("PIP_INDEX_URL") or answer.stdout.strip()
    if index:
        environment.setdefault("UV_DEFAULT_INDEX", index)
    return environment


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
