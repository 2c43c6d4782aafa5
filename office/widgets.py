"""Form widgets that cost little: one template a widget, not one an option."""

from typing import Any

from django import forms
from django.template.loader import get_template
from django.utils.safestring import SafeString


class LeanSelect(forms.Select):
    """A select of plain options; Django's own renders a template for every one of them."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The select as HTML; `renderer` is not asked."""
        html = get_template("lean_select.html", using="jinja2").render(
            {
                "name": name,
                "attrs": self.build_attrs(self.attrs, attrs),
                "options": [(str(option), label) for option, label in self.choices],
                "chosen": self.format_value(value),
            }
        )
        return SafeString(html)  # escaped by the template
