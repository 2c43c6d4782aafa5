"""Light rules, who changes colour under a new one, and a manager's own judgement."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from office.clock import now, today
from projects import back_test, colouring, report_page
from projects.forms.light import AdoptRuleForm, JudgeForm, RuleForm
from projects.models import LightRule, ProgressReport
from projects.permissions import (
    may_keep_light_rules,
    may_review,
    may_see_back_test,
    visible_reports,
)
from projects.tasks import ask_for_refresh

SHOWN = 200
"""Months that change colour named on the page; the counts are of all."""


@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    """All versions, the one in force marked."""
    _reader(request)
    adopted = colouring.adopted_rules()
    context = {
        "rules": LightRule.objects.select_related("adopted_by"),
        "in_force": colouring.rule_for(today().year, today().month, adopted),
        "may_keep": may_keep_light_rules(request.user),  # type: ignore[arg-type]
    }
    return render(request, "projects/light_rule_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rule_new(request: HttpRequest) -> HttpResponse:
    """Write a new version, beginning with the thresholds in force."""
    _keeper(request)
    adopted = colouring.adopted_rules()
    present = colouring.rule_for(today().year, today().month, adopted)
    initial = {name: getattr(present, name) for name in RuleForm.Meta.fields}
    initial |= {"version": back_test.next_version(), "basis": ""}
    form = RuleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        return redirect("projects:light-rule-detail", form.save().pk)
    return render(
        request,
        "projects/light_rule_form.html",
        {"form": form, "crumbs": _crumbs()},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def rule_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A version and, of a draft, who would change colour; a draft may still be rewritten."""
    _reader(request)
    rule = get_object_or_404(LightRule.objects.select_related("adopted_by"), pk=pk)
    form = None
    if rule.adopted_at is None and may_keep_light_rules(request.user):  # type: ignore[arg-type]
        form = RuleForm(request.POST or None, instance=rule)
        if request.method == "POST" and form.is_valid():
            form.save()
            messages.success(request, _("The draft was saved."))
            return redirect("projects:light-rule-detail", pk)
    elif request.method == "POST":
        raise PermissionDenied
    return _rule_page(request, pk, form=form, status=422 if form and form.errors else 200)


@require_POST
def rule_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Adopt a version from a month on; the stored months since then are judged by it."""
    user = _keeper(request)
    get_object_or_404(LightRule, pk=pk)
    form = AdoptRuleForm(request.POST)
    if form.is_valid():
        try:
            _rule, judged = back_test.adopt_rule(
                pk, applies_from=form.cleaned_data["applies_from"], by=user, at=now()
            )
        except back_test.RuleError as error:
            form.add_error(error.field or None, str(error))
        else:
            said = ngettext(
                "The rule was adopted; %(count)s month was judged by it.",
                "The rule was adopted; %(count)s months were judged by it.",
                judged,
            )
            messages.success(request, said % {"count": judged})
            return redirect("projects:light-rule-detail", pk)
    return _rule_page(request, pk, adopting=form, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def report_judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge a month's light otherwise than the rule does, or take that back."""
    user: User = request.user  # type: ignore[assignment]
    found = visible_reports(user).select_related("period", "entry__project", "light__rule")
    report = get_object_or_404(found, pk=pk, light__isnull=False)
    if not may_review(user):
        raise PermissionDenied
    light = report.light
    initial = {"version": report.version, "light": light.judged}
    form = JudgeForm(request.POST or None, initial=initial)
    status, stale = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                colouring.judge_otherwise(
                    report,
                    form.cleaned_data["light"],
                    version=form.cleaned_data["version"],
                    reason=form.cleaned_data["reason"],
                    by=user,
                    at=now(),
                )
            except colouring.StaleLightError as error:
                stale, status = report_page.steps(error.events), 409
                form = _with_version(request, report)
            else:
                ask_for_refresh()
                messages.success(request, _("The judgement was recorded."))
                return redirect(report)
    context = {
        "report": report,
        "light": light,
        "light_words": report_page.light_words(light),
        "form": form,
        "stale": stale,
        "crumbs": [
            (f"{report.entry.project} · {report.period}", report.get_absolute_url()),
        ],
    }
    return render(request, "projects/report_judge.html", context, status=status)


def _with_version(request: HttpRequest, report: ProgressReport) -> JudgeForm:
    report.refresh_from_db()
    typed = request.POST.copy()
    typed["version"] = str(report.version)
    return JudgeForm(typed)


def _rule_page(
    request: HttpRequest,
    pk: int,
    *,
    form: RuleForm | None = None,
    adopting: AdoptRuleForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rule = get_object_or_404(LightRule.objects.select_related("adopted_by"), pk=pk)
    may_keep = may_keep_light_rules(request.user)  # type: ignore[arg-type]
    since = _since(request, rule)
    is_tested = rule.adopted_at is None and may_see_back_test(request.user)  # type: ignore[arg-type]
    tested = back_test.back_test(rule, since=since) if is_tested else None
    if rule.adopted_at is None and may_keep:
        form = form or RuleForm(instance=rule)
        adopting = adopting or AdoptRuleForm(initial={"applies_from": since})
    context = {
        "rule": rule,
        "form": form,
        "adopting": adopting,
        "tested": tested,
        "shown": tested.changes[:SHOWN] if tested else [],
        "crumbs": _crumbs(),
    }
    return render(request, "projects/light_rule_detail.html", context, status=status)


def _since(request: HttpRequest, rule: LightRule) -> date:
    """The month that the address or the form names, else the first of the business year."""
    chosen = request.POST.get("applies_from") or request.GET.get("since", "")
    form = AdoptRuleForm({"applies_from": chosen})
    if chosen and form.is_valid():
        since: date = form.cleaned_data["applies_from"]
        return since
    return date(today().year, 1, 1)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Light rules"), reverse("projects:light-rule-list"))]


def _reader(request: HttpRequest) -> None:
    if not may_review(request.user):  # type: ignore[arg-type]
        raise PermissionDenied


def _keeper(request: HttpRequest) -> User:
    user: User = request.user  # type: ignore[assignment]
    if not may_keep_light_rules(user):
        raise PermissionDenied
    return user
