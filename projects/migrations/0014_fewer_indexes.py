"""Leaves the monthly reports, and their steps, no index that another one covers.

A round that opens writes every report of its month, and with each a line into every index. Those of
an entry, of a round and of a report's steps are beginnings of others; who submitted and who reviewed
need a line only where somebody did. New is the index of the reports that wait for their review.

On PostgreSQL each index is built on one partition after the other, CONCURRENTLY: nobody waits. What
an interrupted migration left half built has no use and goes first: it can be run again.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REPORT, EVENT = "projects_progressreport", "projects_reportevent"
COVERED = {
    "projects_progressreport_entry_id_5480807d": (REPORT, "entry_id"),
    "projects_progressreport_period_id_5201bb4b": (REPORT, "period_id"),
    "projects_progressreport_submitted_by_id_3a61448e": (REPORT, "submitted_by_id"),
    "projects_progressreport_reviewed_by_id_5cd0d9aa": (REPORT, "reviewed_by_id"),
    "projects_reportevent_report_id_f4e1ad8a": (EVENT, "report_id"),
}
PARTIAL = {
    "report_waiting": "(entry_id, period_id, year) WHERE state = 'submitted'",
    "report_submitted_by": "(submitted_by_id) WHERE submitted_by_id IS NOT NULL",
    "report_reviewed_by": "(reviewed_by_id) WHERE reviewed_by_id IS NOT NULL",
}


def build(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for name, on in PARTIAL.items():
            cursor.execute(f"DROP INDEX IF EXISTS {name}")
            if schema_editor.connection.vendor == "postgresql":
                _build_by_partition(cursor, name, on)
            else:
                cursor.execute(f"CREATE INDEX {name} ON {REPORT} {on}")
        for name in COVERED:
            cursor.execute(f"DROP INDEX IF EXISTS {name}")


def unbuild(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for name, (table, column) in COVERED.items():
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({column})")
        for name in PARTIAL:
            cursor.execute(f"DROP INDEX IF EXISTS {name}")


def _build_by_partition(cursor, name, on):
    """A partitioned table's index is whole once every partition's own is attached to it."""
    cursor.execute(f"CREATE INDEX {name} ON ONLY {REPORT} {on}")
    cursor.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [REPORT]
    )
    for partition in [row[0] for row in cursor.fetchall()]:
        own = f"{partition}_{name.removeprefix('report_')}"
        cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {own}")
        cursor.execute(f"CREATE INDEX CONCURRENTLY {own} ON {partition} {on}")
        cursor.execute(f"ALTER INDEX {name} ATTACH PARTITION {own}")


class Migration(migrations.Migration):
    atomic = False
    beside_the_release_before = "indexes only: built CONCURRENTLY, and dropped where others serve"

    dependencies = [
        ("projects", "0013_partitions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(build, unbuild)],
            state_operations=[
                migrations.AlterField(
                    model_name="progressreport",
                    name="entry",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="projects.annualplan",
                    ),
                ),
                migrations.AlterField(
                    model_name="progressreport",
                    name="period",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="projects.reportingperiod",
                    ),
                ),
                migrations.AlterField(
                    model_name="progressreport",
                    name="reviewed_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="progressreport",
                    name="submitted_by",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="reportevent",
                    name="report",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="projects.progressreport",
                    ),
                ),
                migrations.AddIndex(
                    model_name="progressreport",
                    index=models.Index(
                        condition=models.Q(("state", "submitted")),
                        fields=["entry", "period", "year"],
                        name="report_waiting",
                    ),
                ),
                migrations.AddIndex(
                    model_name="progressreport",
                    index=models.Index(
                        condition=models.Q(("submitted_by__isnull", False)),
                        fields=["submitted_by"],
                        name="report_submitted_by",
                    ),
                ),
                migrations.AddIndex(
                    model_name="progressreport",
                    index=models.Index(
                        condition=models.Q(("reviewed_by__isnull", False)),
                        fields=["reviewed_by"],
                        name="report_reviewed_by",
                    ),
                ),
            ],
        ),
    ]
