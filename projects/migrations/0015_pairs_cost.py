"""The pairs of a text are told to cost what one text's cost: at 1,000 PostgreSQL sent for workers to look at a few names."""

from django.db import migrations


def cost(number):
    """A step that tells PostgreSQL what text_pairs costs."""

    def tell(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER FUNCTION text_pairs(text) COST {number}")

    return tell


class Migration(migrations.Migration):

    beside_the_release_before = "It changes what the planner expects, no row and no answer."

    dependencies = [
        ('projects', '0014_fewer_indexes'),
    ]

    operations = [migrations.RunPython(cost(10), cost(1000))]
