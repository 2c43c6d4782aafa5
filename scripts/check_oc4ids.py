"""Holds an OC4IDS package against schemas and code lists on this machine.

    python -m scripts.check_oc4ids PACKAGE [FOLDER]

FOLDER has the standard's files under their own names (see tests/projects/oc4ids, which is taken
where none is named). Ends with 1 and prints what was found where a counter is not clean.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from libcoveoc4ids.api import oc4ids_json_output
from libcoveoc4ids.config import LibCoveOC4IDSConfig

PROFILE = Path(__file__).resolve().parent.parent / "tests" / "projects" / "oc4ids"
COUNTERS = (
    "validation_errors_count",
    "additional_fields_count",
    "additional_closed_codelist_values",
    "conformance_checks",
    "additional_checks",
)
"""A wrong code of a closed list raises the third only, whatever the first says."""


class _Quiet(SimpleHTTPRequestHandler):
    def log_request(self, code: Any = "-", size: Any = "-") -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder behind an address of this machine: the checker reads its schemas by address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def found(package: dict[str, Any], folder: Path = PROFILE) -> dict[str, Any]:
    """The COUNTERS that are not clean, with what was counted; empty for a good package."""
    with served(folder) as address:
        config = LibCoveOC4IDSConfig(
            {
                "schema_host": address,
                "schema_version_choices": {"0.9.5": ("0.9.5", address)},
                "schema_codelists": {"0.9": f"{address}codelists/"},
            }
        )
        said = oc4ids_json_output(json_data=package, lib_cove_oc4ids_config=config)
    unclean = {name: said[name] for name in COUNTERS if said[name]}
    if "validation_errors_count" in unclean:
        unclean["validation_errors"] = said["validation_errors"]
    if "additional_fields_count" in unclean:
        unclean["data_only"] = said["data_only"]
    return unclean


def main(arguments: list[str]) -> int:
    """Check a package; returns the exit code."""
    package = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    unclean = found(package, Path(arguments[1]) if len(arguments) > 1 else PROFILE)
    print(json.dumps(unclean, ensure_ascii=False, indent=2, default=str))
    return 1 if unclean else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
