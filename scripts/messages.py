"""The translation catalogue: brings it up to date with the sources, or checks that nothing lacks its Chinese."""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib
from jinja2 import Environment

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
OPTIONS = ("-e", "py,html,txt", "--no-wrap", "--no-obsolete", "--add-location", "file")
# Templates whose words Django's makemessages does not find; Jinja2 itself says which they are.
JINJA2 = Path("templates") / "jinja2"


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
    for template in sorted((root / JINJA2).rglob("*.html")):
        template.with_suffix(".html.py").write_text(words_of(template), encoding="utf-8")
        template.unlink()
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
    words = re.sub(rf"({JINJA2.as_posix()}/\S+\.html)\.py", r"\1", words)
    fresh.write_text(words, encoding="utf-8")
    return fresh


def words_of(template: Path) -> str:
    """The calls of gettext in a Jinja2 template, as lines of Python."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.policies["ext.i18n.trimmed"] = True
    found = environment.extract_translations(template.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    lines = []
    for _line, function, words in found:
        given = [word for word in (words if isinstance(words, tuple) else (words,)) if word]
        name = "gettext" if function == "_" else function
        count = ", 1" if name.startswith("n") else ""
        lines.append(f"{name}({', '.join(map(repr, given))}{count})\n")
    return "".join(lines)


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
