"""Migrations that build indexes beside people at work can be interrupted, and are run again."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.postgresql_only
LEFT = {
    "projects_progressreport_other_waiting": "projects_progressreport_other",
    "latest_longest_red": "projects_latestfigures",
    "obstacle_open_by_day": "projects_obstacle",
}


def migrate(targets):
    MigrationExecutor(connection).migrate(targets)


def test_what_an_interrupted_migration_left_is_built_anew(transactional_db):
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    migrate([("projects", "0013_partitions")])
    try:
        with connection.cursor() as cursor:
            for name, table in LEFT.items():
                column = "entry_id" if "obstacle" not in table else "project_id"
                cursor.execute(f"CREATE INDEX {name} ON {table} ({column})")
    finally:
        migrate(newest)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [list(LEFT)]
        )
        found = dict(cursor.fetchall())
    assert set(found) == set(LEFT)
    assert all(" WHERE " in definition for definition in found.values())
