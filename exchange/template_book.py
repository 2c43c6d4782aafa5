"""The template of a kind: its columns, filled with the rows that the reader sees, and what each takes."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from office import cell_values
from office.excel_template import Shown, TemplateColumn, template
from office.intake import UNITS, Field, Kind, Scope, Type, Value

Labels = Mapping[str, Mapping[str, str | Promise]]
"""Of each choice: its codes with their labels."""


def filled(kind: Kind, user: User, scope: Scope) -> bytes:
    """The workbook, in .xlsx; it can be brought in again as it is, and then changes nothing."""
    choices = {each.name: dict(each.choices()) for each in kind.fields if each.type is Type.CHOICE}
    rows = (
        [_shown(each, values.get(each.name), choices) for each in kind.fields]
        for values in kind.present(user, scope)
    )
    notes = [
        f"{kind.label}: {kind.about}",
        *map(str, kind.notes),
        _("Rows are known by: %(keys)s.")
        % {"keys": " · ".join(str(key.label) for key in kind.keys)},
        _(
            "A column that is taken out stays as it is; a cell that is emptied is emptied in the system."
        ),
        _("Columns may stand in any order; columns of another name are refused."),
    ]
    heads = [_("Column"), _("What it takes"), _("Note"), _("Example")]
    guide = [heads, *(_told(each, choices) for each in kind.fields)]
    columns = [_column(each, choices) for each in kind.fields]
    return template(str(kind.label), columns, rows, notes_name=_("Notes"), notes=notes, guide=guide)


def _shown(field: Field, value: Value, choices: Labels) -> Shown:
    if field.type is Type.CHOICE:
        return str(choices[field.name].get(str(value), value)) if value else ""
    return cell_values.shown(field, value)


def _column(field: Field, choices: Labels) -> TemplateColumn:
    note = [str(UNITS[field.type]), str(field.note)]
    if field.is_shown or field.is_key:
        note.append(_("Do not change it in rows that are there."))
    return TemplateColumn(
        field.label,
        "\n".join(filter(None, note)),
        field.width,
        tuple(str(label) for label in choices.get(field.name, {}).values()),
        is_money=field.type is Type.MONEY,
        is_day=field.type is Type.DAY,
        is_text=field.type in (Type.CODE, Type.MONTH),
        is_filled=field.is_shown or field.is_key,
    )


def _told(field: Field, choices: Labels) -> list[str]:
    labels = list(choices.get(field.name, {}).values())
    takes = str(UNITS[field.type])
    if labels:
        takes = " · ".join(map(str, labels[:12])) + (" · …" if len(labels) > 12 else "")
    note = str(field.note)
    if field.required:
        note = " ".join(filter(None, [_("Required."), note]))
    example = field.example or (str(labels[0]) if labels else "")
    return [str(field.label), takes, note, example]
