"""The annual report's editable texts: filled with fields, changed by officers, their history kept."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from summaries.models import NarrativeChange, NarrativeTemplate
from summaries.report_fields import Field

_FIELD = re.compile(r"\{([^{}]*)\}")


class UnknownFieldError(Exception):
    """A text names a field that does not exist; `template` is the text's code, `field` the name."""

    def __init__(self, template: str, field: str) -> None:
        words = _("The text “%(template)s” names the field {%(field)s}, which does not exist.")
        super().__init__(words % {"template": template, "field": field})
        self.template, self.field = template, field


class StaleTextError(Exception):
    """Somebody else changed the text meanwhile; `by` is who."""

    def __init__(self, by: User) -> None:
        super().__init__(f"the text was changed by {by}")
        self.by = by


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its fields filled in, and the fields that it used."""

    template: NarrativeTemplate
    text: str
    used: tuple[Field, ...]


def named_in(text: str) -> list[str]:
    """The fields that a text names, each once, in their order."""
    return list(dict.fromkeys(_FIELD.findall(text)))


def fill(template: NarrativeTemplate, fields: Mapping[str, Field]) -> Filled:
    """The text with every field's value, 暂无数据 where there is none; UnknownFieldError."""
    names = named_in(template.text)
    for name in names:
        if name not in fields:
            raise UnknownFieldError(template.code, name)
    text = _FIELD.sub(lambda match: fields[match[1]].printed, template.text)
    return Filled(template, text, tuple(fields[name] for name in names))


def by_section(templates: Iterable[NarrativeTemplate]) -> dict[str, list[NarrativeTemplate]]:
    """The texts by the section that they stand in, in their order."""
    found: dict[str, list[NarrativeTemplate]] = {}
    for template in sorted(templates, key=lambda each: (each.position, each.code)):
        found.setdefault(template.section, []).append(template)
    return found


@transaction.atomic
def change(pk: int, text: str, *, version: int, by: User, at: datetime) -> NarrativeTemplate:
    """Keep a text and who wrote it; the same text again changes nothing.

    Raises StaleTextError where `version` is not the present one. The caller has asked
    permissions.may_edit_narrative and made sure that every field exists.
    """
    template = NarrativeTemplate.objects.select_for_update().get(pk=pk)
    if template.version != version:
        raise StaleTextError(template.changes.select_related("by").latest("version").by)
    if template.text == text:
        return template
    before, template.text, template.version = template.text, text, version + 1
    template.save(update_fields=["text", "version"])
    NarrativeChange.objects.create(
        template=template, version=template.version, before=before, after=text, by=by, at=at
    )
    return template
