"""Persons who read pages and save rows over HTTP until they are stopped, and repeat what failed elsewhere."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

import urllib3
from django.conf import settings

from accounts.models import User
from tests.factories import signed_in
from tests.worker import eventually

PATIENCE = 60
"""Seconds for which somebody repeats a request that failed: longer than it takes to promote a server."""
CSRF = "t" * 32


class Person:
    """Somebody at a browser, signed in; a request that fails is sent again, to the next web process."""

    def __init__(self, user: User, webs: Sequence[str]) -> None:
        self.session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        self.webs = webs
        self.http = urllib3.PoolManager(maxsize=2, retries=False)
        self.failed: list[str] = []
        """Requests that had to be repeated."""

    def ask(self, method: str, address: str, **fields: str) -> urllib3.BaseHTTPResponse:
        """The answer to a request; fails where no repetition cures it."""
        cookies = f"sessionid={self.session}; csrftoken={CSRF}"
        headers = {"Cookie": cookies, "X-CSRFToken": CSRF, "X-Grid-Row": "1"}
        more: dict[str, Any] = {"headers": headers, "timeout": 30, "redirect": False}
        until = monotonic() + PATIENCE
        while monotonic() < until:
            web = self.webs[len(self.failed) % len(self.webs)]
            try:
                answer = self.http.request(method, f"{web}{address}", fields=fields or None, **more)
                if answer.status < 500:
                    return answer
                self.failed.append(f"{method} {address}: {answer.status}")
            except urllib3.exceptions.HTTPError as error:
                self.failed.append(f"{method} {address}: {error!r}")
            sleep(0.2)
        raise AssertionError(f"Not cured by repeating it: {self.failed[-3:]}")


@dataclass
class Load:
    """Rows of a month that are saved again and again, pages that are read again and again."""

    month: str
    pages: Sequence[str]
    saved: dict[int, list[int]] = field(default_factory=dict)
    """The figures that were acknowledged, by report."""
    read: dict[str, int] = field(default_factory=dict)
    """How often each page was read."""
    stopped: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    problems: list[BaseException] = field(default_factory=list)

    def begin(self, reporters: Mapping[int, Person], reader: Person) -> None:
        """Let each report's reporter save its row, and the reader read every page."""
        self.saved = {report: [] for report in reporters}
        self.read = dict.fromkeys(self.pages, 0)
        for report, person in reporters.items():
            self._go_on(self._save, person, report)
        self._go_on(self._read, reader)

    def wait(self, rows: int = 2) -> None:
        """Wait until each row has been saved some more times and every page has been read again."""
        saved = {report: len(amounts) + rows for report, amounts in self.saved.items()}
        read = {page: times + 1 for page, times in self.read.items()}

        def has_gone_on() -> bool:
            assert not self.problems, self.problems
            return all(len(self.saved[report]) >= many for report, many in saved.items()) and all(
                self.read[page] >= times for page, times in read.items()
            )

        eventually(has_gone_on, seconds=150)

    def end(self) -> None:
        """Stop everybody; fails where somebody had given up before."""
        self.stopped.set()
        for thread in self.threads:
            thread.join(timeout=PATIENCE)
        assert not self.problems, self.problems

    def _go_on(self, work: Callable[..., None], *args: Any) -> None:
        def run() -> None:
            try:
                while not self.stopped.is_set():
                    work(*args)
            except BaseException as problem:
                self.problems.append(problem)

        thread = threading.Thread(target=run, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _save(self, person: Person, report: int) -> None:
        amount = len(self.saved[report]) + 1
        version = versions_in(person.ask("GET", self.month).data.decode())[report]
        answer = person.ask("POST", f"/reports/{report}/row/", **typed(version, amount))
        if answer.status == 409:
            return  # saved the first time, and the answer was lost: look at the row again
        assert answer.status == 200, answer.data.decode()
        self.saved[report].append(amount)

    def _read(self, person: Person) -> None:
        for page in self.pages:
            answer = person.ask("GET", page)
            assert answer.status == 200, (page, answer.status)
            self.read[page] += 1


def versions_in(html: str) -> dict[int, str]:
    """The version of each report's row, as the forms of the month's page carry it."""
    rows = re.findall(r'action="/reports/(\d+)/row/".*?name="version" value="(\d+)"', html)
    return {int(report): version for report, version in rows}


def typed(version: str, amount: int) -> dict[str, str]:
    """What is typed into a row."""
    return {
        "version": version,
        "invested_ytd": str(amount),
        "physical_progress": "25",
        "status": "started",
        "started_on": "2023-03-01",
        "narrative": f"完成投资{amount}万元。",
    }
