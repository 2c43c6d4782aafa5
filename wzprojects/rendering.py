"""How pages are rendered: the frame, components, rows and forms by Jinja2, the pages themselves by Django's templates."""

from functools import cache, lru_cache
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.forms.renderers import Jinja2 as Jinja2Forms
from django.template import TemplateDoesNotExist
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext
from django_tables2.templatetags.django_tables2 import table_page_range
from jinja2 import Environment
from markupsafe import Markup

from office.filtering import panel


def environment(**options: Any) -> Environment:
    """What the templates of templates/jinja2 may say: Django's translations and addresses, and icons."""
    made = Environment(extensions=["jinja2.ext.i18n"], **options)
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    made.globals.update(
        _=words,
        icon=icon,
        static=cache(static),
        url=address,
        language=get_language,
        page_range=table_page_range,
        panel=panel,
    )
    return made


def words(text: str, **values: object) -> Markup:
    """A text in the present language, the values in it escaped: what Jinja2's own `_` gives."""
    said = _translated(text, get_language())
    return said % values if values else said


@lru_cache(maxsize=2_000)
def _translated(text: str, language: str | None) -> Markup:
    """Looked up once: a page says a hundred words, and the same ones each time."""
    return Markup(gettext(text))


def address(name: str, *args: object) -> str:
    """A page's address; one without arguments is looked up once."""
    return reverse(name, args=args) if args else _fixed_address(name)


@cache
def _fixed_address(name: str) -> str:
    return reverse(name)


@cache
def icon(name: str) -> Markup:
    """A drawing of the sprite, beside words: it says nothing to a screen reader."""
    sprite = static("vendor/tabler-icons/sprite.svg")
    return Markup(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}" /></svg>'
    ).format(sprite, name)


class FormRenderer(Jinja2Forms):
    """Jinja2's renderer; the widgets of Django's admin and of other packages come from theirs."""

    def __init__(self) -> None:
        super().__init__()
        self._otherwise = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return self._otherwise.get_template(template_name)
