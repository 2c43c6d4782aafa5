"""Indexes for the pages, orders and words of the lists (docs/adr/0020-pages-by-key.md).

On a large table each index is built while nobody writes to it: a few seconds for 100,000 entries,
some minutes for a million, most of them for the pairs of signs. Who cannot stop writing so long makes
them beforehand by hand, CONCURRENTLY and under the same names: those of the search are then left as
they are, the others are told to be there with `migrate --fake` once all of them are.
"""

from django.db import migrations, models

from office.pairs import FUNCTION

SEARCH_INDEXES = {
    "project_name_pairs": "projects_project USING gin (text_pairs(name))",
    "project_initials_pairs": "projects_project USING gin (text_pairs(name_initials))",
    "project_pinyin_begins": "projects_project (name_pinyin varchar_pattern_ops)",
    "project_code_ends": "projects_project (reverse(code) text_pattern_ops)",
    "plan_name_pairs": "projects_annualplan USING gin (text_pairs(cited_name))",
}


def make_search_indexes(apps, schema_editor):
    """On PostgreSQL; elsewhere lists are short enough to be read."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(FUNCTION)
    for name, on in SEARCH_INDEXES.items():
        schema_editor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {on}")


def drop_search_indexes(apps, schema_editor):
    """The way back."""
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in SEARCH_INDEXES:
        schema_editor.execute(f"DROP INDEX IF EXISTS {name}")
    schema_editor.execute("DROP FUNCTION IF EXISTS text_pairs(text)")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_api_token'),
        ('projects', '0009_webhooks'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='annualplan',
            name='plan_year_order',
        ),
        migrations.AlterField(
            model_name='project',
            name='name_sort',
            field=models.CharField(editable=False, max_length=800),
        ),
        migrations.AddIndex(
            model_name='annualplan',
            index=models.Index(fields=['-year', 'table', 'position', 'id'], name='plan_by_order'),
        ),
        migrations.AddIndex(
            model_name='annualplan',
            index=models.Index(fields=['year', 'level', 'table', 'position', 'id'], name='plan_by_level'),
        ),
        migrations.AddIndex(
            model_name='annualplan',
            index=models.Index(fields=['year', 'category', 'table', 'position', 'id'], name='plan_by_category'),
        ),
        migrations.AddIndex(
            model_name='annualplan',
            index=models.Index(fields=['year', 'sector', 'table', 'position', 'id'], name='plan_by_sector'),
        ),
        migrations.AddIndex(
            model_name='annualplan',
            index=models.Index(fields=['year', 'goal', 'table', 'position', 'id'], name='plan_by_goal'),
        ),
        migrations.AddIndex(
            model_name='annualplan',
            index=models.Index(fields=['year', 'result', 'table', 'position', 'id'], name='plan_by_result'),
        ),
        migrations.AddIndex(
            model_name='annualplan',
            index=models.Index(fields=['year', 'planned_investment', 'id'], name='plan_by_investment'),
        ),
        migrations.AddIndex(
            model_name='latestfigures',
            index=models.Index(fields=['completion_rate', 'entry'], name='latest_by_completion'),
        ),
        migrations.AddIndex(
            model_name='latestfigures',
            index=models.Index(fields=['gap', 'entry'], name='latest_by_gap'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['name_sort', 'id'], name='project_by_name'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['total_investment', 'id'], name='project_by_total'),
        ),
        migrations.RunPython(make_search_indexes, drop_search_indexes),
    ]
