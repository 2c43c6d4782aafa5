"""The part of the installation that a person works for; empty, as before, is all of it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_api_token")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="region",
            field=models.ForeignKey(
                blank=True,
                help_text="Of those who see every department: what lies at or below this region, and no more. Empty: the whole installation. A reporting officer's is the department's.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="accounts.region",
                verbose_name="works for the region",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("role", "staff"), _negated=True)
                | models.Q(("region__isnull", True)),
                name="user_staff_region_is_department",
                violation_error_message="A reporting officer's region is that of the department: leave it empty.",
            ),
        ),
    ]
