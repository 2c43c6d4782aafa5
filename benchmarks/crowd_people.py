"""What a hundred people do in a round: the locust file of benchmarks.crowd.

CROWD_PEOPLE names a file of sessions made beforehand; CROWD_ALONE=true lets one person take everybody's
place in turn without a pause, which gives the idle times.
"""

import json
import os
import random
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from locust import HttpUser, between, constant, events, task

PEOPLE = json.loads(Path(os.environ["CROWD_PEOPLE"]).read_text())
ALONE = os.environ.get("CROWD_ALONE") == "true"
YEAR = os.environ["CROWD_YEAR"]
ROW = re.compile(
    r'action="(/reports/\d+/row/)"><input type="hidden" name="csrfmiddlewaretoken" value="([^"]+)">'
    r'<input type="hidden" name="version" value="(\d+)">'
)
PROJECT = re.compile(r'href="(/projects/[0-9A-Z-]+/)"')
WORDS = ("龙驹", "污水", "青阳", "农村公路", "ljz", "产业园", "双河")
turn = count()
saved = count(1)


class Person(HttpUser):
    """One signed-in person; the same draw of the same seed for everybody in turn."""

    wait_time = constant(0) if ALONE else between(2, 8)

    def on_start(self) -> None:
        self.draw = random.Random(next(turn))
        self.take(self.draw.randrange(len(PEOPLE)) if ALONE else next(seat) % len(PEOPLE))

    def take(self, number: int) -> None:
        """Sit down in somebody's place."""
        self.role, cookie = PEOPLE[number]["role"], PEOPLE[number]["session"]
        self.client.cookies.clear()
        self.client.cookies.set("sessionid", cookie)

    @task
    def work(self) -> None:
        """One thing that this person does."""
        if ALONE:
            self.take(next(turn) % len(PEOPLE))
        does: dict[Callable[[Person], None], int] = DOES[self.role]
        self.draw.choices(list(does), list(does.values()))[0](self)

    def page(self, name: str, address: str) -> str:
        """A page, counted under its name."""
        return str(self.client.get(address, name=name).text)


seat = count()


def month(person: Person) -> None:
    """Open the grid of the month and save one of its rows."""
    rows = ROW.findall(person.page("grid", "/month/"))
    if not rows:
        return
    address, token, version = person.draw.choice(rows)
    values = {
        "csrfmiddlewaretoken": token,
        "version": version,
        "physical_progress": "40",
        "narrative": f"第{next(saved)}次保存：主体施工有序推进。",
    }
    headers = {"X-Grid-Row": "1", "Referer": person.host or ""}
    person.client.post(address, data=values, headers=headers, name="grid, a row saved")


def home(person: Person) -> None:
    """The first page: the cockpit for those who see everything, one's own projects for the others."""
    person.page(f"home of {person.role}", "/")


def ranking(person: Person) -> None:
    """The cockpit with another ranking."""
    person.page("ranking", "/?rank=gap")


def plans(person: Person) -> None:
    """The list, and one project of it."""
    html = person.page("list", f"/plans/?year={YEAR}")
    found = PROJECT.findall(html)
    if found:
        person.page("project", person.draw.choice(found))


def filtered(person: Person) -> None:
    """The list with a filter."""
    category = person.draw.choice(("industry", "infrastructure", "ecology", "livelihood"))
    person.page("list, filter", f"/plans/?year={YEAR}&category={category}")


def ordered(person: Person) -> None:
    """The list by planned investment."""
    person.page("list, sorted", f"/plans/?year={YEAR}&sort=-planned_investment")


def search(person: Person) -> None:
    """Somebody looks for a project by a part of its name."""
    person.page("list, search", f"/plans/?year={YEAR}&q={person.draw.choice(WORDS)}")


def review(person: Person) -> None:
    """The review queue."""
    person.page("review queue", "/review/")


def obstacles(person: Person) -> None:
    """The obstacles."""
    person.page("obstacles", "/obstacles/")


DOES: dict[str, dict[Callable[[Person], None], int]] = {
    "staff": {month: 5, home: 2, plans: 2, search: 1, obstacles: 1},
    "manager": {plans: 3, filtered: 3, ordered: 1, search: 2, home: 2, ranking: 1, review: 2},
    "leader": {home: 3, ranking: 1, plans: 2, search: 1},
}


@events.quitting.add_listener
def say_nothing(environment: Any, **details: Any) -> None:
    """Failures are the caller's to judge: it reads them from the statistics."""
    environment.process_exit_code = 0
