"""清障: the list of obstacles, raising one, and the steps of clearing it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Department, User
from office.clock import now, today
from office.file_answers import answer, format_asked
from office.table_files import CHUNK
from projects import clearing
from projects.forms.obstacle import ObstacleForm, StepForm
from projects.models import (
    Obstacle,
    ObstacleAction,
    ObstacleEvent,
    ObstacleKind,
    ObstacleLevel,
    ObstacleState,
    ProgressReport,
    Project,
)
from projects.obstacle_clock import overdue
from projects.obstacle_list import UNCLEARED, ObstacleFilter, in_file, in_order, shown
from projects.permissions import (
    may_raise_obstacles,
    visible_obstacles,
    visible_projects,
    visible_reports,
)
from projects.views.listing import active_filters

PAGE_SIZE = 50


@require_safe
def obstacle_list(request: HttpRequest) -> HttpResponseBase:
    """The obstacles that this person sees; without a query, those that are not cleared."""
    user: User = request.user  # type: ignore[assignment]
    on = today()
    query = request.GET or QueryDict(f"state={UNCLEARED}")
    filterset = ObstacleFilter(query, queryset=visible_obstacles(user), request=request, on=on)
    is_valid = filterset.is_valid()
    found = filterset.qs if is_valid else filterset.queryset.none()
    rows = in_order(found.select_related("project", "responsible"))
    kind = format_asked(query)
    if is_valid and kind is not None:
        columns = in_file()
        values = rows.values_list(*(column.path for column in columns))
        told = values.iterator(chunk_size=CHUNK)
        return answer(kind, columns, told, label=_("Obstacles"), on=on)
    page = Paginator(rows, PAGE_SIZE).get_page(query.get("page"))
    kept = query.copy()
    kept.pop("page", None)
    context = {
        "filter": filterset,
        "active": active_filters(filterset, query) if is_valid else [],
        "totals": found.order_by().aggregate(
            uncleared=Count("pk", filter=~Q(state=ObstacleState.CLEARED)),
            overdue=Count("pk", filter=overdue(on)),
            district=Count(
                "pk", filter=~Q(state=ObstacleState.CLEARED) & Q(level=ObstacleLevel.DISTRICT)
            ),
            city=Count("pk", filter=~Q(state=ObstacleState.CLEARED) & Q(level=ObstacleLevel.CITY)),
        ),
        "page": page,
        "rows": shown(page.object_list, projects=visible_projects(user), on=on),
        "query": kept.urlencode(),
        "clear_url": f"{request.path}?all=1",
    }
    status = 200 if is_valid else 400
    return render(request, "projects/obstacle_list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def obstacle_raise(request: HttpRequest, code: str) -> HttpResponse:
    """Raise an obstacle of a project, out of a monthly report (`?report=`) or on its own."""
    user: User = request.user  # type: ignore[assignment]
    project = get_object_or_404(visible_projects(user).select_related("department"), code=code)
    if not may_raise_obstacles(user, project):
        raise PermissionDenied
    report = _report(request, project)
    initial = {"text": report.problems[:400] if report else ""}
    form = ObstacleForm(request.POST or None, initial=initial, by=user, on=today())
    if form.is_valid():
        try:
            obstacle = clearing.raise_obstacle(
                project, **form.cleaned_data, report=report, by=user, on=today(), at=now()
            )
        except clearing.InvalidStepError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("The obstacle was raised."))
            return redirect(obstacle)
    context = {
        "project": project,
        "report": report,
        "form": form,
        "crumbs": [(_("Projects"), "/projects/"), (project.name, project.get_absolute_url())],
    }
    return render(request, "projects/obstacle_form.html", context)


@require_safe
def obstacle_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An obstacle's facts and clock, what was done about it, and what this person may do."""
    return _page(request, _visible(request, pk))


@require_POST
def obstacle_step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Take a step; what is refused comes back with what was typed and why."""
    obstacle = _visible(request, pk)
    if action not in ObstacleAction.values or action == ObstacleAction.RAISE:
        raise Http404
    step = ObstacleAction(action)
    offer = clearing.offer_of(obstacle, step, user=request.user)  # type: ignore[arg-type]
    if offer.refusal is clearing.Refusal.NOT_YOURS and not _is_stale(request, obstacle):
        raise PermissionDenied
    form = StepForm(
        request.POST,
        offer=offer,
        version=obstacle.version,
        by=request.user,  # type: ignore[arg-type]
        on=today(),
    )
    if not form.is_valid():
        return _page(request, obstacle, form=form, action=step)
    try:
        clearing.act(
            obstacle.pk,
            step,
            **form.cleaned_data,
            by=request.user,  # type: ignore[arg-type]
            on=today(),
            at=now(),
        )
    except clearing.InvalidStepError as error:
        _add_errors(form, error)
        return _page(request, obstacle, form=form, action=step)
    except clearing.StaleObstacleError as error:
        return _page(request, _visible(request, pk), form=form, action=step, refused=error)
    except clearing.ClearingError as error:
        return _page(request, obstacle, form=form, action=step, refused=error)
    messages.success(request, _("The step was taken."))
    return redirect(obstacle)


@dataclass(frozen=True, slots=True)
class Step:
    """A step as the page offers it: with its form, or with the reason why there is none."""

    offer: clearing.Offer
    form: StepForm | None
    is_unfolded: bool


def _page(
    request: HttpRequest,
    obstacle: Obstacle,
    *,
    form: StepForm | None = None,
    action: ObstacleAction | None = None,
    refused: Exception | None = None,
) -> HttpResponse:
    """The obstacle's page; `form` is what was typed for `action`, `refused` why it was not taken."""
    user: User = request.user  # type: ignore[assignment]
    on = today()
    steps = []
    for offer in clearing.offers(obstacle, user=user):
        given = form if offer.action == action else None
        if given is not None and refused is not None:
            typed = request.POST.copy()
            typed["version"] = str(obstacle.version)
            given = StepForm(typed, offer=offer, version=obstacle.version, by=user, on=on)
        blank = given or StepForm(offer=offer, version=obstacle.version, by=user, on=on)
        steps.append(Step(offer, blank if offer.is_allowed else None, given is not None))
    is_typed_kept = any(step.is_unfolded and step.form for step in steps)
    context = {
        "row": shown([obstacle], projects=visible_projects(user), on=on)[0],
        "obstacle": obstacle,
        "steps": steps,
        "history": _history(obstacle),
        "refused": refused,
        "is_stale": isinstance(refused, clearing.StaleObstacleError),
        "typed": "" if is_typed_kept or form is None else request.POST.get("note", ""),
        "crumbs": [(_("Obstacles"), reverse("projects:obstacle-list"))],
    }
    status = 409 if refused is not None else 200
    return render(request, "projects/obstacle_detail.html", context, status=status)


def _visible(request: HttpRequest, pk: int) -> Obstacle:
    found = visible_obstacles(request.user)  # type: ignore[arg-type]
    related = ("project__department", "responsible", "raised_by", "report__period")
    return get_object_or_404(found.select_related(*related), pk=pk)


def _is_stale(request: HttpRequest, obstacle: Obstacle) -> bool:
    """Whether the form was opened before the last step: then its sender is told, not turned away."""
    version = request.POST.get("version", "")
    return version.isdecimal() and int(version) != obstacle.version


def _report(request: HttpRequest, project: Project) -> ProgressReport | None:
    """The report that the address names: one of this project's that this person sees."""
    pk = request.GET.get("report")
    if pk is None:
        return None
    if not pk.isdecimal():
        raise Http404
    reports: QuerySet[ProgressReport] = visible_reports(request.user)  # type: ignore[arg-type]
    found = reports.filter(entry__project=project).select_related("period", "entry")
    return get_object_or_404(found, pk=pk)


def _add_errors(form: Any, error: clearing.InvalidStepError) -> None:
    for field, found in error.errors.items():
        for message in found:
            form.add_error(field, message)


Change = tuple[str, str, str]
_LABELS: dict[str, dict[Any, Any]] = {
    "state": dict(ObstacleState.choices),
    "level": dict(ObstacleLevel.choices),
    "kind": dict(ObstacleKind.choices),
}
_TOLD_WHEN_RAISED = ("level", "responsible", "due_on")


def _history(obstacle: Obstacle) -> list[tuple[ObstacleEvent, list[Change]]]:
    """The steps taken, the latest first, each with what it changed in words."""
    events = list(obstacle.events.select_related("by__department").order_by("-number"))
    codes = {
        values["responsible"]
        for event in events
        for values in (event.before, event.after)
        if values.get("responsible")
    }
    names = dict(Department.objects.filter(code__in=codes).values_list("code", "name"))
    return [(event, list(_changes(event, names))) for event in events]


def _changes(event: ObstacleEvent, names: dict[str, str]) -> Iterable[Change]:
    labels = {**_LABELS, "responsible": names}
    for name in clearing.VALUES:
        is_told = event.action != ObstacleAction.RAISE or name in _TOLD_WHEN_RAISED
        if name in event.after and is_told:
            known = labels.get(name, {})
            old, new = (
                str(known.get(values[name], values[name] or ""))
                for values in (event.before, event.after)
            )
            field: Any = Obstacle._meta.get_field(name)
            yield capfirst(field.verbose_name), old, new
