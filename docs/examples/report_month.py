"""Report a month's figures from a CSV file, with nothing but Python's own library.

    WZ_TOKEN=wz_… python report_month.py https://projects.example.cn 2024 10 figures.csv [--submit]

The file has the columns project (code), invested_ytd (10,000 yuan since January),
physical_progress (%), and narrative. A report that somebody else has changed meanwhile is not
overwritten: the program says who changed what, and goes on.
"""

import csv
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

FIGURES = ("invested_ytd", "physical_progress", "narrative")
WRITABLE = {"due", "draft", "returned", "reopened"}


class RefusedError(Exception):
    """The API refused; `problem` says why, by field where it is about fields."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem['detail']}")
        self.status, self.problem = status, problem


class Api:
    """The API with a token: reads pages to their end, waits when it is told to."""

    def __init__(self, site: str, token: str) -> None:
        self.root, self.token = f"{site.rstrip('/')}/api/v1/", token

    def call(self, method: str, address: str, body: Any = None, seen: str = "") -> tuple[Any, str]:
        """The answer and its ETag; `seen` is the ETag of what the caller has read."""
        request = urllib.request.Request(
            urllib.parse.urljoin(self.root, address),
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            | ({"If-Match": seen} if seen else {}),
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response), response.headers["ETag"]
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 429:
                    time.sleep(int(error.headers["Retry-After"]))
                    return self.call(method, address, body, seen)
                raise RefusedError(error.code, json.load(error)) from error

    def rows(self, address: str, **query: object) -> Iterator[dict[str, Any]]:
        """Every row of a list, page after page."""
        following = f"{address}?{urllib.parse.urlencode(query)}"
        while following:
            page, _tag = self.call("GET", following)
            yield from page["results"]
            following = page["next"]


def main(site: str, year: str, month: str, file: str, *options: str) -> int:
    """Report every row of the file; 1 where one could not be."""
    api, failed = Api(site, os.environ["WZ_TOKEN"]), 0
    reports = {row["project"]: row for row in api.rows("reports/", year=year, month=month)}
    with open(file, encoding="utf-8-sig", newline="") as rows:
        for row in csv.DictReader(rows):
            report = reports.get(row["project"])
            if report is None or report["state"] not in WRITABLE:
                said = "is not to be reported"
            else:
                said = reported(api, report["id"], row, submit="--submit" in options)
            failed += said not in ("draft", "submitted")
            print(f"{row['project']}: {said}")
    return 1 if failed else 0


def reported(api: Api, pk: int, row: dict[str, str], *, submit: bool) -> str:
    """Save one report, and submit it where that is asked for; its state then, or why it was refused."""
    address = f"reports/{pk}/"
    try:
        report, tag = api.call("GET", address)
        figures = {name: row[name] for name in FIGURES if row.get(name)}
        # The first save of a month also says what has not changed.
        figures |= {"status": row.get("status") or report["status"] or "started"}
        report, tag = api.call("PATCH", address, figures, seen=tag)
        if submit:
            report, tag = api.call("POST", f"{address}submit/", {}, seen=tag)
    except RefusedError as refused:
        fields = refused.problem.get("errors", {})
        words = [f"{name}: {message}" for name, found in fields.items() for message in found]
        return "; ".join(words) or str(refused)
    return str(report["state"])


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
