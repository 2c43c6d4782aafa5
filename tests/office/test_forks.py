"""Forked processes and the database connections of their parents."""

import os
import subprocess
import sys

import pytest

from tests.worker import database_url

SCRIPT = """
import os
import django
django.setup()
from django.db import connection

def session():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]

mine = session()
if not (child := os.fork()):
    print(session(), flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(mine, session())
"""


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_a_forked_process_has_sessions_of_its_own_and_leaves_its_parent_s_alone():
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "DATABASE_URL": database_url(), "DB_POOL_SIZE": "2"},
        capture_output=True,
        text=True,
        check=True,
    )
    child, parent = said.stdout.splitlines()
    before, after = parent.split()
    assert before == after != child
