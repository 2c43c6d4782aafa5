"""How verdicts and gaps are written on a page."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators import wording
from indicators.evaluation import Judgement, Verdict
from indicators.rows import Citation

register = template.Library()


@register.filter
def verdict_badge(verdict: Verdict) -> SafeString:
    """The verdict as a badge with its word."""
    return format_html(
        '<span class="badge badge-verdict-{}">{}</span>', verdict.value, wording.VERDICTS[verdict]
    )


@register.filter
def gap(judgement: Judgement) -> str:
    """Actual minus target with its unit; a dash where nothing can be subtracted."""
    return wording.gap(judgement) or "—"


@register.filter
def reason(judgement: Judgement) -> str:
    """Why the verdict is what it is, where the figures do not say it."""
    return str(wording.REASONS[judgement.reason])


@register.filter
def cite(citation: Citation | None) -> SafeString | str:
    """The link to the sentence that a figure stands in."""
    if citation is None:
        return ""
    section = citation.section
    if len(section) == 1:
        # 一 alone would read as a dash.
        section = _("Part %(section)s") % {"section": section}
    return format_html(
        '<a class="cite" href="{}"><span class="visually-hidden">{} </span>{}</a>',
        citation.url,
        _("Source:"),
        section,
    )
