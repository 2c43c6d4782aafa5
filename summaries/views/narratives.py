"""The texts of the annual report: read with their fields filled in, edited, with their history."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from summaries import narrative, report_fields, rollup
from summaries.forms import NarrativeForm
from summaries.models import NarrativeTemplate
from summaries.permissions import may_edit_narrative, may_see_everything, visible_templates
from summaries.report_outline import LABELS, SECTIONS


@require_safe
def narrative_list(request: HttpRequest) -> HttpResponse:
    """Every text in the report's order, as it would be printed of a year; wrong fields are named."""
    user: User = request.user  # type: ignore[assignment]
    if not may_see_everything(user):
        raise Http404
    year = _year(request)
    fields = report_fields.read(year)
    found = narrative.by_section(visible_templates(user))
    context = {
        "year": year,
        "years": rollup.years(),
        "sections": [
            (section.label, [(each, *_preview(each, fields)) for each in found[section.code]])
            for section in SECTIONS
            if section.code in found
        ],
        "crumbs": [(_("Documents"), reverse("summaries:document-list"))],
    }
    return render(request, "summaries/narrative_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def narrative_edit(request: HttpRequest, code: str) -> HttpResponse:
    """A text with its preview and its history; POST shows the new preview, or keeps the text."""
    user: User = request.user  # type: ignore[assignment]
    template = get_object_or_404(visible_templates(user), code=code)
    year = _year(request)
    fields = report_fields.read(year)
    if request.method != "POST":
        start = {"text": template.text, "version": template.version}
        return _edit(request, template, NarrativeForm(code, fields, initial=start), fields, year)
    if not may_edit_narrative(user):
        raise PermissionDenied
    form = NarrativeForm(code, fields, request.POST)
    if not form.is_valid():
        return _edit(request, template, form, fields, year, status=422)
    text, version = form.cleaned_data["text"], form.cleaned_data["version"]
    if "preview" in request.POST:
        template.text = text
        return _edit(request, template, form, fields, year)
    try:
        narrative.change(template.pk, text, version=version, by=user, at=timezone.now())
    except narrative.StaleTextError as stale:
        form.add_error("text", _("%(name)s has changed this text meanwhile.") % {"name": stale.by})
        return _edit(request, template, form, fields, year, status=409)
    messages.success(request, _("The text was saved."))
    return redirect(f"{reverse('summaries:narrative-list')}?year={year}#{code}")


@require_safe
def narrative_fields(request: HttpRequest) -> HttpResponse:
    """Every field that a text may name, with its value of a year and its source."""
    if not may_see_everything(request.user):  # type: ignore[arg-type]
        raise Http404
    year, sought = _year(request), request.GET.get("q", "").strip()
    found = report_fields.read(year).values()
    context = {
        "year": year,
        "years": rollup.years(),
        "q": sought,
        "fields": [field for field in found if sought in field.name],
        "crumbs": [
            (_("Documents"), reverse("summaries:document-list")),
            (_("Texts of the annual report"), reverse("summaries:narrative-list")),
        ],
    }
    return render(request, "summaries/narrative_fields.html", context)


def _edit(
    request: HttpRequest,
    template: NarrativeTemplate,
    form: NarrativeForm,
    fields: report_fields.Fields,
    year: int,
    status: int = 200,
) -> HttpResponse:
    preview, problem, used = _preview(template, fields)
    context = {
        "template": template,
        "section": LABELS.get(template.section, template.section),
        "form": form if may_edit_narrative(request.user) else None,  # type: ignore[arg-type]
        "preview": preview,
        "problem": problem,
        "used": used,
        "year": year,
        "changes": template.changes.select_related("by"),
        "crumbs": [
            (_("Documents"), reverse("summaries:document-list")),
            (_("Texts of the annual report"), reverse("summaries:narrative-list")),
        ],
    }
    return render(request, "summaries/narrative_edit.html", context, status=status)


def _preview(
    template: NarrativeTemplate, fields: report_fields.Fields
) -> tuple[str, str, tuple[report_fields.Field, ...]]:
    """The filled text, or what is wrong with it, and the fields that it used."""
    try:
        filled = narrative.fill(template, fields)
    except narrative.UnknownFieldError as problem:
        return "", str(problem), ()
    return filled.text, "", filled.used


def _year(request: HttpRequest) -> int:
    """The year that the address names, or the latest of which results are known."""
    years = rollup.years()
    asked = request.GET.get("year") or request.POST.get("year")
    usual = report_fields.latest_year() or (years[0] if years else timezone.localdate().year)
    return next((year for year in years if str(year) == asked), usual)
