"""What hangs on a row: the rows of other tables that name it."""

from django.db.models import Model


def hanging_on(row: Model) -> list[str]:
    """What other tables hold that names this row, in the reader's words; empty where nothing does."""
    found = []
    for relation in row._meta.related_objects:
        model = relation.related_model
        if model._default_manager.filter(**{relation.field.name: row.pk}).exists():
            found.append(str(model._meta.verbose_name_plural))
    return found
