"""Lets the wall find the longest red projects and the most overdue obstacles without reading all of them."""

from django.db import migrations, models

INDEXES = {
    "latest_longest_red": (
        "projects_latestfigures (red_since, entry_id) WHERE light = 'red' AND red_since IS NOT NULL"
    ),
    "obstacle_open_by_day": "projects_obstacle (due_on, id) WHERE NOT (state = 'cleared')",
}


def build(apps, schema_editor):
    """What an interrupted migration left half built has no use and goes first."""
    concurrently = "CONCURRENTLY" if schema_editor.connection.vendor == "postgresql" else ""
    for name, on in INDEXES.items():
        schema_editor.execute(f"DROP INDEX {concurrently} IF EXISTS {name}")
        schema_editor.execute(f"CREATE INDEX {concurrently} {name} ON {on}")


def unbuild(apps, schema_editor):
    for name in INDEXES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    atomic = False
    beside_the_release_before = "indexes only, built CONCURRENTLY"

    dependencies = [("projects", "0015_pairs_cost")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(build, unbuild)],
            state_operations=[
                migrations.AddIndex(
                    model_name="latestfigures",
                    index=models.Index(
                        condition=models.Q(("light", "red"), ("red_since__isnull", False)),
                        fields=["red_since", "entry"],
                        name="latest_longest_red",
                    ),
                ),
                migrations.AddIndex(
                    model_name="obstacle",
                    index=models.Index(
                        condition=models.Q(("state", "cleared"), _negated=True),
                        fields=["due_on", "id"],
                        name="obstacle_open_by_day",
                    ),
                ),
            ],
        ),
    ]
