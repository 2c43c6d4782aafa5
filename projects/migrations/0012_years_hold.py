"""Counts the year among what a monthly report, its light and its steps are known by."""

from django.db import migrations, models
from django.db.models import Q, UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("projects", "0011_years_of_reports")]

    operations = [
        migrations.RemoveConstraint("progressreport", "report_month_once"),
        migrations.AddConstraint(
            "progressreport",
            UniqueConstraint(fields=("entry", "period", "year"), name="report_month_once"),
        ),
        migrations.RemoveConstraint("reportevent", "report_event_number_once"),
        migrations.AddConstraint(
            "reportevent",
            UniqueConstraint(fields=("report", "number", "year"), name="report_event_number_once"),
        ),
        migrations.AddConstraint(
            "reportlight", UniqueConstraint(fields=("report", "year"), name="light_once")
        ),
        migrations.AddConstraint(
            "obstacle",
            models.CheckConstraint(
                name="obstacle_report_and_year",
                condition=Q(report__isnull=True, report_year__isnull=True)
                | Q(report__isnull=False, report_year__isnull=False),
            ),
        ),
    ]
