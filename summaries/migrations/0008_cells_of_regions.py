"""The departments' cells say of which region: a region's cockpit and the ranking of regions add up these few."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

KEY = ('year', 'month', 'department_id', 'category')


def add_up(apps, schema_editor, key=(*KEY, 'region_id')):
    """The departments' cells anew, as the next rebuild would write them."""
    table = apps.get_model('summaries', 'DepartmentCell')._meta
    columns = [field for field in table.concrete_fields if field.column not in {'id', 'region_id', *KEY}]
    names = ', '.join([*key, *(field.column for field in columns)])
    sums = ', '.join(
        f'ROUND(SUM({field.column}), 2)'
        if isinstance(field, models.DecimalField)
        else f'SUM({field.column})'
        for field in columns
    )
    schema_editor.execute(f'DELETE FROM {table.db_table}')
    schema_editor.execute(
        f'INSERT INTO {table.db_table} ({names})'
        f" SELECT {', '.join(key)}, {sums} FROM summaries_progresscell GROUP BY {', '.join(key)}"
    )
    # PostgreSQL changes no table while checks of its rows are still to come.
    schema_editor.connection.check_constraints()


def add_up_without_regions(apps, schema_editor):
    add_up(apps, schema_editor, KEY)


class Migration(migrations.Migration):

    beside_the_release_before = (
        'rows that are computed, and few; the release before adds them up right with or without a region.'
        ' Worker and beat stop for it, so that none is written without one (docs/operations.md)'
    )

    dependencies = [
        ('accounts', '0004_regions'),
        ('summaries', '0007_regions'),
    ]

    operations = [
        migrations.AddField(
            model_name='departmentcell',
            name='region',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.region', verbose_name='region'),
        ),
        migrations.RemoveConstraint(
            model_name='departmentcell',
            name='department_cell_once',
        ),
        migrations.AddConstraint(
            model_name='departmentcell',
            constraint=models.UniqueConstraint(models.F('year'), models.F('month'), django.db.models.functions.comparison.Coalesce('department', 0), django.db.models.functions.comparison.Coalesce('region', 0), models.F('category'), name='department_cell_of_a_region_once'),
        ),
        migrations.RunPython(add_up, add_up_without_regions),
    ]
