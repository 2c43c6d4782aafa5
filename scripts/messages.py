"""The translation catalogue: brings it up to date with the sources, or checks that nothing lacks its Chinese."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

LANGUAGE = "zh_Hans"
CATALOGUE = Path("locale") / LANGUAGE / "LC_MESSAGES" / "django.po"
SOURCES = (
    "accounts",
    "projects",
    "indicators",
    "exchange",
    "summaries",
    "reading",
    "office",
    "wzprojects",
    "templates",
)
# File names without line numbers: the catalogue changes when words change, not when lines move or
# time passes, so the date of the extraction is left out of it too.
OPTIONS = ("-e", "py,html,txt,jinja", "--no-wrap", "--no-obsolete", "--add-location", "file")


def main(task: str) -> int:
    """`update` rewrites the catalogue from the sources; `check` returns 1 where anything is lacking."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = extract(Path(folder))
        if task == "update":
            CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(fresh, CATALOGUE)
        lacks = lacking(fresh)
    for lack in lacks:
        print(f"{CATALOGUE}: {lack}", file=sys.stderr)
    print(f"Messages without a usable translation: {len(lacks)}")
    return 1 if lacks and task == "check" else 0


def extract(root: Path) -> Path:
    """Copy the sources to `root`, run Django's makemessages there and return the merged catalogue."""
    for name in SOURCES:
        shutil.copytree(name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    fresh = root / CATALOGUE
    fresh.parent.mkdir(parents=True)
    if CATALOGUE.exists():
        shutil.copy(CATALOGUE, fresh)
    command = [sys.executable, "-m", "django", "makemessages", "-l", LANGUAGE, *OPTIONS]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stdout + done.stderr)
    words = fresh.read_text(encoding="utf-8")
    words = re.sub(r'^"POT-Creation-Date:.*\n', "", words, flags=re.MULTILINE)
    fresh.write_text(words, encoding="utf-8")
    return fresh


def lacking(catalogue: Path) -> list[str]:
    """Every message that is missing, doubtful, or broken in its placeholders."""
    lacks = []
    for entry in polib.pofile(str(catalogue)):
        if entry.fuzzy:
            lacks.append(f"doubtful (fuzzy): {entry.msgid!r}")
        elif not entry.translated():
            lacks.append(f"not translated: {entry.msgid!r}")
    check = ["msgfmt", "--check-format", "-o", "/dev/null", str(catalogue)]
    done = subprocess.run(check, capture_output=True, text=True)
    return lacks + (done.stderr.splitlines() if done.returncode != 0 else [])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
