"""How forms are rendered: Jinja2 for speed, Django's templates for widgets that exist in no other."""

from typing import Any

from django.forms.renderers import DjangoTemplates, Jinja2
from django.template import TemplateDoesNotExist


class FormRenderer(Jinja2):
    """Jinja2's renderer; the widgets of Django's admin and of other packages come from theirs."""

    def __init__(self) -> None:
        super().__init__()
        self._otherwise = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return self._otherwise.get_template(template_name)
