"""A migration that the release before it would not survive is found, and has to say why it is there."""

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from wzprojects.operations.migration_rules import EXCUSE, breaches

pytestmark = pytest.mark.any_database

# The last that were written before the site was installed anywhere: the rule holds for later ones.
FIRST_INSTALLED = {
    "accounts": 4,
    "exchange": 1,
    "indicators": 1,
    "projects": 13,
    "reading": 1,
    "summaries": 7,
}


def migration(*operations) -> migrations.Migration:
    made = migrations.Migration("0099_next", "projects")
    made.operations = list(operations)
    return made


def test_no_later_migration_breaks_the_rule():
    loader = MigrationLoader(None)
    later = [
        found
        for (app, name), found in loader.disk_migrations.items()
        if app in FIRST_INSTALLED and int(name[:4]) > FIRST_INSTALLED[app]
    ]
    assert {found.name: breaches(found) for found in later if breaches(found)} == {}


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RenameField("project", "name", "title"),
        migrations.RenameModel("project", "scheme"),
        migrations.AlterModelTable("project", "schemes"),
        migrations.RemoveField("project", "name"),
        migrations.DeleteModel("project"),
        migrations.AddField("project", "weight", models.IntegerField(default=0)),
        migrations.AlterField("project", "name", models.CharField(max_length=20)),
        migrations.AddIndex("project", models.Index(fields=["name"], name="by_name")),
        migrations.AddConstraint(
            "project", models.UniqueConstraint(fields=["name"], name="name_once")
        ),
        migrations.RunPython(migrations.RunPython.noop),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_the_release_before_would_not_survive_is_found(operation):
    assert len(breaches(migration(operation))) == 1


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("project", "weight", models.IntegerField(null=True)),
        migrations.AddField("project", "weight", models.IntegerField(db_default=0)),
        migrations.AddField("project", "tags", models.ManyToManyField("projects.tag")),
        migrations.CreateModel("tag", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AlterModelOptions("project", {"ordering": ["name"]}),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_expands_is_allowed(operation):
    assert breaches(migration(operation)) == []


def test_a_table_that_is_new_may_have_anything():
    made = migrations.CreateModel("tag", [("id", models.BigAutoField(primary_key=True))])
    index = migrations.AddIndex("tag", models.Index(fields=["id"], name="by_id"))
    assert breaches(migration(made, index)) == []


def test_a_migration_may_say_why_it_is_harmless():
    contracted = migration(migrations.RemoveField("project", "name"))
    setattr(contracted, EXCUSE, "nobody has read it since release 2")
    assert breaches(contracted) == []
