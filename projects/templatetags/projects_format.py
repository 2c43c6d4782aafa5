"""How money and a project's history are written; 亿元 with one decimal place as the report writes it."""

from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from projects import project_history
from projects.models import StatusChange

register = template.Library()

WAN_IN_YI = Decimal(10_000)


@register.filter
def yi(amount: Decimal | None) -> str:
    """An amount in 万元 as 亿元; a dash where it is not known."""
    if amount is None:
        return "—"
    figure = _written(amount / WAN_IN_YI, "0.1")
    return _("%(figure)s hundred million yuan") % {"figure": figure}


@register.filter
def wan(amount: Decimal | None) -> str:
    """An amount in 万元; a dash where it is not known."""
    if amount is None:
        return "—"
    figure = _written(amount, "0.01")
    return _("%(figure)s ten thousand yuan") % {"figure": figure}


@register.filter
def money(amount: Decimal | None) -> str:
    """An amount as a column of money writes it, without its unit; a dash where it is not known."""
    return "—" if amount is None else _written(amount, "0.01")


@register.filter
def stated(figure: Decimal | None) -> str:
    """A figure of the report without the zeros that storage adds: 71.9000 is 71.9."""
    if figure is None:
        return "—"
    return format(figure.normalize(), "f")


@register.filter
def told(step: StatusChange) -> list[project_history.Change]:
    """What a step of a project's history changed, as (label, old, new)."""
    return project_history.changes(step)


@register.filter
def amount_or_words(value: object) -> str:
    """An amount in 万元 as wan() writes it; words as they are; a dash for nothing."""
    return wan(value) if value is None or isinstance(value, Decimal) else str(value)


def _written(amount: Decimal, step: str) -> str:
    # number_format cuts what does not fit; an office rounds.
    rounded = amount.quantize(Decimal(step), ROUND_HALF_UP)
    return str(number_format(rounded, force_grouping=True))
