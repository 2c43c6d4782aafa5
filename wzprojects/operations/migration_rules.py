"""What a migration may do while the release before it still serves people (docs/operations.md, "Zero downtime")."""

from collections.abc import Iterator

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED, ManyToManyField

EXCUSE = "beside_the_release_before"
"""The attribute of a migration that says in words why it is harmless all the same, or that the site stops."""


def breaches(migration: migrations.Migration) -> list[str]:
    """What the release before would not survive, or would have to wait for; nothing where it is excused."""
    if getattr(migration, EXCUSE, ""):
        return []
    made = {
        operation.name_lower
        for operation in migration.operations
        if isinstance(operation, migrations.CreateModel)
    }
    return [
        f"{operation.describe()}: {reason}"
        for operation in migration.operations
        if getattr(operation, "model_name_lower", None) not in made
        for reason in _reasons(operation)
    ]


def _reasons(operation: Operation) -> Iterator[str]:
    match operation:
        case migrations.RenameField() | migrations.RenameModel() | migrations.AlterModelTable():
            yield "the release before asks for the old name; add, copy, and remove a release later"
        case migrations.RemoveField() | migrations.DeleteModel():
            yield "the release before still asks for it; only what nobody has read for a release goes"
        case migrations.AddField() if _must_be_given(operation):
            yield "the release before writes rows without it; null=True or db_default first"
        case migrations.AlterField():
            yield "it may rewrite the table or refuse what the release before writes"
        case migrations.AddIndex():
            yield "it keeps writers waiting; build it CONCURRENTLY, outside a transaction"
        case migrations.AddConstraint() | migrations.AlterUniqueTogether():
            yield "it reads the whole table while writers wait; NOT VALID first, then VALIDATE"
        case migrations.RunPython():
            yield "back-fills run in batches, by a command or a job, not in one transaction"
        case _:
            return


def _must_be_given(operation: migrations.AddField) -> bool:
    field = operation.field
    if isinstance(field, ManyToManyField):
        return False
    return not field.null and field.db_default is NOT_PROVIDED
