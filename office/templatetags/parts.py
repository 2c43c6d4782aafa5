"""`{% part %}`: a component of a page, rendered by Jinja2; every template has the tag without loading it."""

from typing import Any

from django import template
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def part(context: Context, name: str, **values: Any) -> SafeString:
    """The component `name` of templates/jinja2/includes/, which knows these values and the page's `token`."""
    html = get_template(f"includes/{name}.html", using="jinja2").render(
        {"token": context.get("csrf_token"), **values}
    )
    return SafeString(html)  # escaped by the template
