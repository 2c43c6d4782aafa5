"""Two people change one project's status at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from projects.lifecycle import StaleProjectError, StatusUpdate, change_status
from projects.models import Project, Status, StatusChange
from tests.factories import make_project, make_user


@pytest.mark.usefixtures("transactional_db")
def test_one_of_two_writers_wins_and_the_other_is_told():
    project = make_project(status=Status.STARTED)
    people = [make_user(), make_user()]
    start = Barrier(2)

    def write(person: User) -> str:
        start.wait()
        try:
            update = StatusUpdate(Status.SUSPENDED, reason=person.username)
            change_status(
                project, update, version=0, by=person, on=date(2024, 10, 28), at=timezone.now()
            )
        except StaleProjectError as stale:
            return f"told of {stale.change.by.username if stale.change else 'nobody'}"
        finally:
            connection.close()
        return person.username

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(write, people))

    winner = StatusChange.objects.get().by.username
    assert sorted(outcomes) == sorted([winner, f"told of {winner}"])
    assert Project.objects.get().version == 1
