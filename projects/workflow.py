"""The life of a monthly report: one table of steps, and the one way to take them.

Docs (docs/report-states.md), buttons, checks and tests read the same table.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from projects import (
    announcements,
    audit,
    cell_marks,
    chains,
    colouring,
    lifecycle,
    outbox,
    questions,
)
from projects.figures import Known, Problem, check, may_store, may_submit
from projects.models import ProgressReport, ReopenGrant, ReportAction, ReportEvent, ReportState
from projects.permissions import may_report, may_review_of
from projects.reporting import (
    entered,
    errors_of,
    is_overtaken,
    known,
    status_errors,
    status_update,
)
from projects.schedule import Door, door

S, A = ReportState, ReportAction


class Actor(StrEnum):
    """Who takes a step."""

    SYSTEM = "system"
    MAKER = "maker"
    """Who may report for the project's department."""
    CHECKER = "checker"
    """Who may review, and has had no hand in the figures since they were last approved."""
    REVIEWER = "reviewer"
    """Who may review."""


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of the table: where a step leads, who takes it, whether it says why."""

    to: ReportState
    actor: Actor
    needs_note: bool = False
    edits: bool = False
    """Whether the step changes the figures."""


TRANSITIONS: dict[tuple[ReportState, ReportAction], Transition] = {
    (S.NOT_DUE, A.OPEN): Transition(S.DUE, Actor.SYSTEM),
    (S.DUE, A.SAVE): Transition(S.DRAFT, Actor.MAKER, edits=True),
    (S.DRAFT, A.SAVE): Transition(S.DRAFT, Actor.MAKER, edits=True),
    (S.RETURNED, A.SAVE): Transition(S.RETURNED, Actor.MAKER, edits=True),
    (S.REOPENED, A.SAVE): Transition(S.REOPENED, Actor.MAKER, edits=True),
    (S.DRAFT, A.SUBMIT): Transition(S.SUBMITTED, Actor.MAKER),
    (S.RETURNED, A.SUBMIT): Transition(S.SUBMITTED, Actor.MAKER),
    (S.REOPENED, A.SUBMIT): Transition(S.SUBMITTED, Actor.MAKER),
    (S.SUBMITTED, A.APPROVE): Transition(S.APPROVED, Actor.CHECKER),
    (S.SUBMITTED, A.RETURN): Transition(S.RETURNED, Actor.REVIEWER, needs_note=True),
    (S.APPROVED, A.REOPEN): Transition(S.REOPENED, Actor.REVIEWER, needs_note=True),
}

OWNERS: dict[ReportState, Actor] = {
    S.NOT_DUE: Actor.SYSTEM,
    S.DUE: Actor.MAKER,
    S.DRAFT: Actor.MAKER,
    S.RETURNED: Actor.MAKER,
    S.REOPENED: Actor.MAKER,
    S.SUBMITTED: Actor.CHECKER,
    S.APPROVED: Actor.REVIEWER,
}
"""Whose turn it is in each state."""

VALUES = (
    "invested_ytd",
    "physical_progress",
    "status",
    "started_on",
    "completed_on",
    "narrative",
    "problems",
    "next_step",
    "correction",
    "confirmed",
)
"""The columns that a report's maker fills in."""

IN_FORCE = {
    "approved_invested_ytd": "invested_ytd",
    "approved_physical_progress": "physical_progress",
    "approved_status": "status",
}
"""What approval puts in force, and from which column."""


class Refusal(StrEnum):
    """Why a step may not be taken."""

    NO_SUCH_STEP = "no_such_step"
    NOT_YOURS = "not_yours"
    OWN_WORK = "own_work"
    CLOSED = "closed"


WORDS = {
    Refusal.NO_SUCH_STEP: gettext_lazy("A report that is “%(state)s” does not allow this step."),
    Refusal.NOT_YOURS: gettext_lazy("Your role does not take this step."),
    Refusal.OWN_WORK: gettext_lazy(
        "You wrote or submitted these figures yourself: somebody else has to approve them."
    ),
}


class WorkflowError(Exception):
    """A step that is not allowed; the message says why, in the reader's language."""

    def __init__(self, refusal: Refusal, message: str) -> None:
        super().__init__(message)
        self.refusal = refusal


class InvalidFigures(Exception):
    """The figures or the note do not allow the step; `errors` maps fields to their messages."""

    def __init__(self, errors: Mapping[str, list[str]], problems: Iterable[Problem] = ()) -> None:
        super().__init__("; ".join(message for found in errors.values() for message in found))
        self.errors = dict(errors)
        self.problems = list(problems)


class StaleReportError(Exception):
    """Somebody took a step since the page was opened; `events` are those steps, oldest first.

    `report` is the report as it stands now; what was typed stays with the caller.
    """

    def __init__(self, report: ProgressReport, events: list[ReportEvent]) -> None:
        super().__init__(
            _("%(who)s changed this report at %(when)s.")
            % {
                "who": events[-1].by if events else "—",
                "when": timezone.localtime(events[-1].at).strftime("%Y-%m-%d %H:%M")
                if events
                else "—",
            }
        )
        self.report = report
        self.events = events


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that a report's state knows, whether this person may take it now, and if not why."""

    action: ReportAction
    transition: Transition
    refusal: Refusal | None = None
    why: str = ""

    @property
    def is_allowed(self) -> bool:
        """Whether the button is live."""
        return self.refusal is None


def offers(
    report: ProgressReport, *, user: User, entrance: Door, makers: Collection[int]
) -> list[Offer]:
    """The steps of the report's state for people, each with why this person may not take it.

    `entrance` is schedule.door for the project's department; `makers` are makers_of(report).
    """
    return [
        _offer(report, action, transition, user, entrance, makers)
        for (state, action), transition in TRANSITIONS.items()
        if state == report.state and transition.actor is not Actor.SYSTEM
    ]


def available(
    report: ProgressReport, *, user: User, entrance: Door, makers: Collection[int]
) -> set[ReportAction]:
    """The steps that this person may take now."""
    found = offers(report, user=user, entrance=entrance, makers=makers)
    return {offer.action for offer in found if offer.is_allowed}


def makers_of(reports: Collection[int]) -> dict[int, set[int]]:
    """Who has saved or submitted each report since it was last approved; reports are ids."""
    makers: dict[int, set[int]] = {pk: set() for pk in reports}
    steps = ReportEvent.objects.filter(
        report__in=list(reports), action__in=(A.SAVE, A.SUBMIT, A.APPROVE)
    ).order_by("report_id", "number")
    for pk, action, by in steps.values_list("report_id", "action", "by_id"):
        if action == A.APPROVE:
            makers[pk] = set()
        elif by is not None:
            makers[pk].add(by)
    return makers


def perform(
    report_id: int,
    action: ReportAction,
    *,
    version: int,
    by: User,
    on: date,
    at: datetime,
    values: Mapping[str, Any] | None = None,
    note: str = "",
) -> ReportEvent | None:
    """Take one step with a report: the figures, the state, the event and what follows, or nothing.

    Returns the event, None where a saved report is just as it was.

    `version` is the report's when the page was opened; `values` are the VALUES that SAVE changes
    (others stay). Approval sets the project's status and dates, the figures in force and the light
    in the same transaction.

    Raises WorkflowError where the step is not allowed, InvalidFigures where the figures or a missing
    note forbid it, StaleReportError where somebody was faster. The caller has fetched the report
    through permissions.visible_reports.
    """
    with transaction.atomic():
        report = (
            ProgressReport.objects.select_for_update(of=("self",))
            .select_related("period", "entry__project__department")
            .get(pk=report_id)
        )
        if report.version != version:
            newer = report.events.filter(number__gt=version).select_related("by")
            raise StaleReportError(report, list(newer.order_by("number")))
        transition = _allowed(report, action, by=by, on=on)
        note = note.strip()
        if transition.needs_note and not note:
            raise InvalidFigures({"note": [_("Say why.")]})
        before, old_state = snapshot(report), ReportState(report.state)
        if transition.edits:
            fill_in(report, values or {})
        check_figures(report, action, on=on)
        _move(report, action, transition, by=by, on=on, at=at)
        event = chained(report, action, before, old_state, by=by, at=at, note=note)
        if event is not None:
            report.save(update_fields=WRITTEN)
            event.save(force_insert=True)
        if action == A.APPROVE:
            _apply(report, by=by, on=on, at=at)
        if action in _COUNTED:
            cell_marks.mark_from(report)
        if event is not None:
            _tell(report, event, by=by)
            if action == A.APPROVE:
                announcements.report_approved(report, event)
        if action != A.SAVE:
            questions.refresh_project(report.entry.project, on=on)
        return event


def _allowed(report: ProgressReport, action: ReportAction, *, by: User, on: date) -> Transition:
    transition = _known_step(report, action)
    grants = ReopenGrant.objects.filter(period=report.period_id).select_related("department")
    entrance = door(report.period, report.entry.project.department, on=on, grants=grants)
    makers = makers_of([report.pk])[report.pk] if transition.actor is Actor.CHECKER else set()
    return allow(report, action, by=by, entrance=entrance, makers=makers)


def allow(
    report: ProgressReport,
    action: ReportAction,
    *,
    by: User,
    entrance: Door,
    makers: Collection[int],
) -> Transition:
    """The row of the table by which a person takes a step; raises WorkflowError where they may not."""
    transition = _known_step(report, action)
    offer = _offer(report, action, transition, by, entrance, makers)
    if offer.refusal is not None:
        raise WorkflowError(offer.refusal, offer.why)
    return transition


def _known_step(report: ProgressReport, action: ReportAction) -> Transition:
    transition = TRANSITIONS.get((ReportState(report.state), action))
    if transition is None:
        raise WorkflowError(Refusal.NO_SUCH_STEP, _no_such_step(report))
    return transition


def _offer(
    report: ProgressReport,
    action: ReportAction,
    transition: Transition,
    user: User,
    entrance: Door,
    makers: Collection[int],
) -> Offer:
    refusal: Refusal | None = None
    if transition.actor is Actor.SYSTEM or not _is_one(transition.actor, user, report):
        refusal = Refusal.NOT_YOURS
    elif transition.actor is Actor.CHECKER and user.pk in makers:
        refusal = Refusal.OWN_WORK
    elif not entrance.is_open:
        return Offer(action, transition, Refusal.CLOSED, entrance.words)
    return Offer(action, transition, refusal, str(WORDS[refusal]) if refusal else "")


def _is_one(actor: Actor, user: User, report: ProgressReport) -> bool:
    if actor is Actor.MAKER:
        return may_report(user, report.entry.project)
    return may_review_of(user, report.entry.project)


def _no_such_step(report: ProgressReport) -> str:
    return str(WORDS[Refusal.NO_SUCH_STEP]) % {"state": report.get_state_display()}


def snapshot(report: ProgressReport) -> dict[str, Any]:
    """What a report says, as its history writes it."""
    return audit.plain({name: getattr(report, name) for name in (*VALUES, *IN_FORCE)})


def fill_in(report: ProgressReport, values: Mapping[str, Any]) -> None:
    """Put what was entered into the report's columns."""
    for name, value in values.items():
        if name not in VALUES:
            raise ValueError(f"not a value of a report: {name}")
        setattr(report, name, value)


def check_figures(
    report: ProgressReport, action: ReportAction, *, on: date, beside: Known | None = None
) -> list[Problem]:
    """Hold the figures against figures.check and the status against the lifecycle.

    `beside` is known(report), where the caller has it. Returns what is remarkable; raises
    InvalidFigures where the step cannot be taken with these figures.
    """
    if action not in (A.SAVE, A.SUBMIT):
        return []
    problems = check(entered(report), beside or known(report), is_draft=action == A.SAVE)
    if action == A.SAVE:
        if not may_store(problems):
            wrong = [problem for problem in problems if not may_store([problem])]
            raise InvalidFigures(errors_of(wrong), problems)
        return problems
    errors: dict[str, list[str]] = {}
    if not may_submit(problems):
        errors = errors_of(problem for problem in problems if not may_submit([problem]))
    for field, message in status_errors(report, on=on):
        errors.setdefault(field, []).append(message)
    if errors:
        raise InvalidFigures(errors, problems)
    return problems


def _move(
    report: ProgressReport,
    action: ReportAction,
    transition: Transition,
    *,
    by: User,
    on: date,
    at: datetime,
) -> None:
    report.state = transition.to
    if action == A.SUBMIT:
        report.submitted_by, report.submitted_at = by, at
        report.reviewed_by = report.reviewed_at = None
        report.first_submitted_on = report.first_submitted_on or on
    elif action in (A.APPROVE, A.RETURN):
        report.reviewed_by, report.reviewed_at = by, at
    if action == A.APPROVE:
        for column, source in IN_FORCE.items():
            setattr(report, column, getattr(report, source))
    if action == A.REOPEN:  # every correction is explained anew
        report.correction, report.confirmed = "", []


_COUNTED = (A.SUBMIT, A.APPROVE, A.REOPEN)
"""The steps that change what is counted of a month."""

WRITTEN = (
    *VALUES,
    *IN_FORCE,
    *chains.OWNER_FIELDS,
    "state",
    "submitted_by",
    "submitted_at",
    "reviewed_by",
    "reviewed_at",
    "first_submitted_on",
)
"""The columns of a report that a step may write."""


def chained(
    report: ProgressReport,
    action: ReportAction,
    before: Mapping[str, Any],
    old_state: ReportState,
    *,
    by: User,
    at: datetime,
    note: str,
) -> ReportEvent | None:
    """The event of a step that was taken, linked to the report's chain; None where nothing differs.

    `before` is the snapshot() of the report before the step. The caller saves report and event.
    """
    after = snapshot(report)
    changed = [name for name in after if after[name] != before[name]]
    if action == A.SAVE and not changed and old_state == report.state:
        return None
    event = ReportEvent(
        action=action,
        old_state=old_state,
        new_state=report.state,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        note=note,
    )
    return chains.link(event, report, by=by, at=at)


def _apply(report: ProgressReport, *, by: User, on: date, at: datetime) -> None:
    """Bring what was approved to the project: its status and dates (not from a month that a later
    approved one has overtaken), and the lights.
    """
    update = status_update(report)
    if update is not None and not is_overtaken(report):
        try:
            lifecycle.apply(report.entry.project_id, update, by=by, on=on, at=at)
        except lifecycle.TransitionError as error:
            raise InvalidFigures({"status": [str(error)]}) from error
    colouring.recolour(ProgressReport.objects.filter(pk=report.pk), at=at)


def _tell(report: ProgressReport, event: ReportEvent, *, by: User) -> None:
    """Tell the reporter what became of the report."""
    reporter = report.submitted_by
    if event.action not in (A.APPROVE, A.RETURN, A.REOPEN) or reporter is None or reporter == by:
        return
    outbox.post(
        [reporter],
        f"report_{event.action}",
        key=f"{report.pk}-{event.number}",
        params={
            "project": report.entry.project.name,
            "period": str(report.period),
            "who": str(by),
            "note": event.note,
        },
        url=report.get_absolute_url(),
        at=event.at,
    )
