"""Brings the browser components under static/ and tests/ from npm, at the versions pinned here.

Run it to change a version (`python -m scripts.vendor_frontend`; it needs node and npm and asks
the registry npm is configured for). `--check` needs neither: it says whether the files are still
those that were brought.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "static" / "vendor" / "versions.json"
VERSIONS = {
    "@tabler/icons": "3.51.0",
    "axe-core": "4.14.1",
    "echarts": "6.1.0",
    "esbuild": "0.28.2",  # bundles the part of ECharts that is used; nothing of it is kept
    "htmx.org": "2.0.11",
}
# What is copied as it comes: path in the package → path here.
COPIES = {
    "htmx.org/dist/htmx.min.js": "static/vendor/htmx/htmx.min.js",
    "htmx.org/LICENSE": "static/vendor/htmx/LICENSE",
    "echarts/LICENSE": "static/vendor/echarts/LICENSE",
    "echarts/NOTICE": "static/vendor/echarts/NOTICE",
    "zrender/LICENSE": "static/vendor/echarts/LICENSE-zrender",
    "tslib/LICENSE.txt": "static/vendor/echarts/LICENSE-tslib",
    "@tabler/icons/LICENSE": "static/vendor/tabler-icons/LICENSE",
    "axe-core/axe.min.js": "tests/browser/vendor/axe.min.js",
    "axe-core/LICENSE": "tests/browser/vendor/LICENSE",
    "axe-core/LICENSE-3RD-PARTY.txt": "tests/browser/vendor/LICENSE-3RD-PARTY.txt",
}
ECHARTS = "static/vendor/echarts/echarts.min.js"
ECHARTS_PARTS = """\
import { use } from "echarts/core";
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
use([BarChart, LineChart, PieChart, GridComponent, TooltipComponent, CanvasRenderer]);
export { getInstanceByDom, init, version } from "echarts/core";
"""
ICON_SPRITE = "static/vendor/tabler-icons/sprite.svg"
ICONS = [
    "alert-triangle",
    "arrow-right",
    "bookmark",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-check",
    "columns",
    "download",
    "external-link",
    "file-text",
    "filter",
    "history",
    "info-circle",
    "logout",
    "mail",
    "menu-2",
    "pencil",
    "player-play",
    "plus",
    "printer",
    "refresh",
    "search",
    "trash",
    "user-circle",
    "x",
]


def main(arguments: list[str]) -> int:
    """Refresh the vendored files, or with --check compare them with the record."""
    if arguments == ["--check"]:
        return check()
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        refresh(Path(folder))
    write_record()
    return 0


def refresh(folder: Path) -> None:
    """Install the pinned packages into the folder and write what is kept of them."""
    wanted = [f"{name}@{version}" for name, version in VERSIONS.items()]
    subprocess.run(
        ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", *wanted],
        cwd=folder,
        check=True,
    )
    modules = folder / "node_modules"
    for source, target in COPIES.items():
        place = ROOT / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, place)
    bundle_echarts(folder)
    (ROOT / ICON_SPRITE).write_text(sprite(modules / "@tabler" / "icons" / "icons" / "outline"))


def bundle_echarts(folder: Path) -> None:
    """Bundle the chart kinds and components that pages use, and no others."""
    entry = folder / "echarts-parts.js"
    entry.write_text(ECHARTS_PARTS)
    subprocess.run(
        [
            "node_modules/.bin/esbuild",
            entry.name,
            "--bundle",
            "--minify",
            "--format=iife",
            "--global-name=echarts",
            "--target=es2020",
            "--legal-comments=none",
            f"--banner:js=/*! Apache ECharts {VERSIONS['echarts']}, in part; see LICENSE, NOTICE */",
            f"--outfile={ROOT / ECHARTS}",
        ],
        cwd=folder,
        check=True,
    )


def sprite(outline: Path) -> str:
    """Gather the named icons in one SVG file of symbols."""
    symbols = []
    for name in ICONS:
        drawing = (outline / f"{name}.svg").read_text()
        paths = re.findall(r"<(?:path|circle|line|rect)[^>]*/>", drawing)
        shown = "".join(path for path in paths if 'stroke="none"' not in path)
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
            f' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{shown}</symbol>'
        )
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""]
    return "\n".join(lines)


def vendored_files() -> list[str]:
    """Name every file that this script writes, record apart."""
    return sorted([*COPIES.values(), ECHARTS, ICON_SPRITE])


def digest(path: str) -> str:
    """Give the SHA-256 of a file of ours, or nothing where it is missing."""
    file = ROOT / path
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


def write_record() -> None:
    """Keep the versions and the digest of every file beside them."""
    record = {"versions": VERSIONS, "sha256": {path: digest(path) for path in vendored_files()}}
    RECORD.write_text(json.dumps(record, indent=2) + "\n")


def check() -> int:
    """Compare the files with the record and name those that differ."""
    record = json.loads(RECORD.read_text())
    wrong = [path for path in vendored_files() if digest(path) != record["sha256"].get(path)]
    if record["versions"] != VERSIONS:
        wrong.append("versions.json: not the versions of scripts/vendor_frontend.py")
    for line in wrong:
        print(f"differs from the record: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
