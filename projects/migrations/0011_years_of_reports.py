"""Gives monthly reports, and what hangs on them, the year that they are of.

On SQLite it is filled in here. On PostgreSQL the rows of the large tables are written anew by the
next migration, which gives them their year then: until there it stays 0.
"""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

NEXT_MIGRATION_WRITES = ("ProgressReport", "ReportLight", "ReportEvent")


def fill(apps, schema_editor):
    """The year of an entry is that of its reports, and that of a report is all its rows'."""
    get = lambda name: apps.get_model("projects", name)  # noqa: E731
    years = get("AnnualPlan").objects.filter(pk=OuterRef("entry")).values("year")
    of_report = get("AnnualPlan").objects.filter(reports=OuterRef("report")).values("year")
    filled = {
        "ProgressReport": ("year", years),
        "ReportLight": ("year", of_report),
        "ReportEvent": ("year", of_report),
        "ReportPhoto": ("year", of_report),
        "Obstacle": ("report_year", of_report),
    }
    for name, (column, year) in filled.items():
        if schema_editor.connection.vendor == "postgresql" and name in NEXT_MIGRATION_WRITES:
            continue
        rows = get(name).objects.all()
        if name == "Obstacle":
            rows = rows.filter(report__isnull=False)
        rows.update(**{column: Subquery(year)})


def year(name="year", **options):
    """The column, at first 0 in every row: which costs nothing on PostgreSQL."""
    return models.PositiveSmallIntegerField(editable=False, verbose_name=name, **options)


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_keys")]

    operations = [
        *(
            migrations.AddField(model, "year", year(default=0), preserve_default=False)
            for model in ("progressreport", "reportlight", "reportevent", "reportphoto")
        ),
        migrations.AddField(
            "obstacle", "report_year", year("year of the monthly report", null=True, blank=True)
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
