"""清障: the life of an obstacle: one table of steps, and the one way to take them.

Docs (docs/obstacle-states.md), buttons, checks and tests read the same table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Department, User
from accounts.permissions import may_name, overseeing
from accounts.roles import Role
from projects import announcements, audit, chains, outbox
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
from projects.obstacle_clock import CLOCK, clock_end, ripe
from projects.permissions import may_keep_plan_of, may_raise_obstacles, may_reply_to

S, A = ObstacleState, ObstacleAction


class Actor(StrEnum):
    """Who takes a step."""

    SYSTEM = "system"
    """The level's clock."""
    RAISER = "raiser"
    """The raiser's side: who may report for the project."""
    RESPONSIBLE = "responsible"
    """The department that has to clear it."""
    OFFICE = "office"
    """The scheduling office."""


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of the table: where a step leads, who takes it, whether a person says why or what."""

    to: ObstacleState
    actors: tuple[Actor, ...]
    needs_note: bool = False


_BY_HAND_OR_CLOCK = (Actor.OFFICE, Actor.SYSTEM)
_CLOSERS = (Actor.RAISER, Actor.OFFICE)

TRANSITIONS: dict[tuple[ObstacleState | None, ObstacleAction], Transition] = {
    (None, A.RAISE): Transition(S.OPEN, (Actor.RAISER,)),
    (S.OPEN, A.REPLY): Transition(S.REPLIED, (Actor.RESPONSIBLE,), needs_note=True),
    (S.REPLIED, A.REPLY): Transition(S.REPLIED, (Actor.RESPONSIBLE,), needs_note=True),
    (S.OPEN, A.CLEAR): Transition(S.CLEARED, _CLOSERS, needs_note=True),
    (S.REPLIED, A.CLEAR): Transition(S.CLEARED, _CLOSERS, needs_note=True),
    (S.OPEN, A.ESCALATE): Transition(S.OPEN, _BY_HAND_OR_CLOCK, needs_note=True),
    (S.REPLIED, A.ESCALATE): Transition(S.OPEN, _BY_HAND_OR_CLOCK, needs_note=True),
    (S.OPEN, A.MOVE): Transition(S.OPEN, (Actor.OFFICE,), needs_note=True),
    (S.REPLIED, A.MOVE): Transition(S.OPEN, (Actor.OFFICE,), needs_note=True),
    (S.CLEARED, A.REOPEN): Transition(S.OPEN, _CLOSERS, needs_note=True),
}
"""Who an obstacle comes to anew, by climbing or by moving, has yet to reply: it is open again."""

VALUES = ("kind", "text", "level", "responsible", "due_on", "state", "level_due_on", "cleared_on")
"""What an obstacle's history accounts for; the department by its code."""


class Refusal(StrEnum):
    """Why a step may not be taken."""

    NO_SUCH_STEP = "no_such_step"
    NOT_YOURS = "not_yours"
    TOP_LEVEL = "top_level"


WORDS = {
    Refusal.NO_SUCH_STEP: gettext_lazy("An obstacle that is “%(state)s” does not allow this step."),
    Refusal.TOP_LEVEL: gettext_lazy("There is no level above the city."),
}

WHOSE: dict[tuple[Actor, ...], Any] = {
    (Actor.RAISER,): gettext_lazy("This step is for the project's own department."),
    (Actor.RESPONSIBLE,): gettext_lazy("This step is for %(responsible)s, which has to clear it."),
    (Actor.OFFICE,): gettext_lazy("This step is for the scheduling office."),
    _BY_HAND_OR_CLOCK: gettext_lazy("This step is for the scheduling office."),
    _CLOSERS: gettext_lazy(
        "This step is for the project's own department and the scheduling office."
    ),
}


class ClearingError(Exception):
    """A step that is not allowed; the message says why, in the reader's language."""

    def __init__(self, refusal: Refusal, message: str) -> None:
        super().__init__(message)
        self.refusal = refusal


class InvalidStepError(Exception):
    """What was entered does not allow the step; `errors` maps fields to their messages."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("; ".join(message for found in errors.values() for message in found))
        self.errors = dict(errors)


class StaleObstacleError(Exception):
    """Somebody took a step since the page was opened; `events` are those steps, oldest first."""

    def __init__(self, obstacle: Obstacle, events: list[ObstacleEvent]) -> None:
        last = events[-1]
        super().__init__(
            _("%(who)s took a step at %(when)s: %(step)s.")
            % {
                "who": last.by or _("The clock"),
                "when": timezone.localtime(last.at).strftime("%Y-%m-%d %H:%M"),
                "step": last.get_action_display(),
            }
        )
        self.obstacle = obstacle
        self.events = events


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that an obstacle's state knows, whether this person may take it, and if not why."""

    action: ObstacleAction
    transition: Transition
    refusal: Refusal | None = None
    why: str = ""

    @property
    def is_allowed(self) -> bool:
        """Whether the button is live."""
        return self.refusal is None


def offers(obstacle: Obstacle, *, user: User) -> list[Offer]:
    """The steps of the obstacle's state, each with why this person may not take it.

    The obstacle comes with its responsible department and its project's department.
    """
    return [
        _offer(obstacle, action, transition, user)
        for (state, action), transition in TRANSITIONS.items()
        if state == obstacle.state
    ]


def offer_of(obstacle: Obstacle, action: ObstacleAction, *, user: User) -> Offer:
    """Whether this person may take this step now, and if not why."""
    transition = TRANSITIONS.get((ObstacleState(obstacle.state), action))
    if transition is None:
        words = str(WORDS[Refusal.NO_SUCH_STEP]) % {"state": obstacle.get_state_display()}
        nowhere = Transition(ObstacleState(obstacle.state), ())
        return Offer(action, nowhere, Refusal.NO_SUCH_STEP, words)
    return _offer(obstacle, action, transition, user)


def available(obstacle: Obstacle, *, user: User) -> set[ObstacleAction]:
    """The steps that this person may take now."""
    return {offer.action for offer in offers(obstacle, user=user) if offer.is_allowed}


@transaction.atomic
def raise_obstacle(
    project: Project,
    *,
    kind: ObstacleKind,
    text: str,
    responsible: Department,
    due_on: date,
    by: User,
    on: date,
    at: datetime,
    level: ObstacleLevel = ObstacleLevel.DEPARTMENT,
    report: ProgressReport | None = None,
) -> Obstacle:
    """Raise an obstacle of a project, out of one of its monthly reports or on its own.

    Raises ClearingError where this person may not, InvalidStepError where a field forbids it. The
    caller has fetched project and report through the permitted querysets.
    """
    transition = TRANSITIONS[None, A.RAISE]
    # Whoever sends the form twice waits here, and is then told.
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    obstacle = Obstacle(
        project=project,
        report=report,
        report_year=report.year if report else None,
        kind=kind,
        text=text.strip(),
        level=level,
        responsible=responsible,
        due_on=due_on,
        state=transition.to,
        raised_by=by,
        raised_on=on,
        level_due_on=clock_end(level, on) or on,
    )
    offer = _offer(obstacle, A.RAISE, transition, by)
    if offer.refusal is not None:
        raise ClearingError(offer.refusal, offer.why)
    errors: dict[str, list[str]] = {}
    if not obstacle.text:
        errors["text"] = [_("Say what the obstacle is.")]
    elif project.obstacles.exclude(state=S.CLEARED).filter(text=obstacle.text).exists():
        errors["text"] = [_("This obstacle has been raised already.")]
    if due_on < on:
        errors["due_on"] = [_("This day is past.")]
    if responsible.dissolved_into_id is not None:
        errors["responsible"] = [_("This department has been dissolved.")]
    elif not may_name(by, responsible):
        errors["responsible"] = [_("This department is of another region.")]
    if errors:
        raise InvalidStepError(errors)
    if report is not None and report.entry.project_id != project.pk:
        raise ValueError("the report is another project's")
    obstacle.save(force_insert=True)
    _record(obstacle, A.RAISE, dict.fromkeys(VALUES), by=by, at=at, note="")
    return obstacle


@transaction.atomic
def act(
    obstacle_id: int,
    action: ObstacleAction,
    *,
    version: int,
    by: User,
    on: date,
    at: datetime,
    note: str = "",
    responsible: Department | None = None,
    due_on: date | None = None,
) -> ObstacleEvent:
    """Take one step with an obstacle: its state, the event and the messages, or nothing.

    `version` is the obstacle's when the page was opened. `responsible` is who a MOVE goes to;
    `due_on` may set a new day when an obstacle is moved or opened again.

    Raises StaleObstacleError where somebody was faster, ClearingError where the step is not
    allowed, InvalidStepError where a field forbids it. The caller has fetched the obstacle through
    permissions.visible_obstacles.
    """
    obstacle = _locked(Obstacle.objects.filter(pk=obstacle_id)).get()
    if obstacle.version != version:
        newer = obstacle.events.filter(number__gt=version).select_related("by")
        raise StaleObstacleError(obstacle, list(newer.order_by("number")))
    offer = offer_of(obstacle, action, user=by)
    if offer.refusal is not None:
        raise ClearingError(offer.refusal, offer.why)
    note = note.strip()
    errors: dict[str, list[str]] = {}
    if offer.transition.needs_note and not note:
        errors["note"] = [_("A note is needed.")]
    if action == A.MOVE:
        errors |= _errors_of_move(obstacle, responsible, by)
    if due_on is not None and due_on < on:
        errors["due_on"] = [_("This day is past.")]
    if errors:
        raise InvalidStepError(errors)
    return _take(
        obstacle, action, by=by, on=on, at=at, note=note, responsible=responsible, due_on=due_on
    )


def escalate_due(*, on: date, at: datetime) -> list[Obstacle]:
    """Let every obstacle whose level has had its days climb one level; returns those that did.

    Safe to run again: the next level's clock starts on the day of the climb, so nothing climbs
    twice a day, and none skips a level however late the job comes. Each climbs in a transaction of
    its own.
    """
    climbed = []
    for pk in Obstacle.objects.filter(ripe(on)).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            obstacle = _locked(Obstacle.objects.filter(ripe(on), pk=pk)).first()
            if obstacle is not None:
                _take(obstacle, A.ESCALATE, by=None, on=on, at=at)
                climbed.append(obstacle)
    return climbed


def _locked(found: QuerySet[Obstacle]) -> QuerySet[Obstacle]:
    return found.select_for_update(of=("self",)).select_related(
        "project__department", "responsible", "raised_by"
    )


def _offer(obstacle: Obstacle, action: ObstacleAction, transition: Transition, user: User) -> Offer:
    if not any(_is_one(actor, user, obstacle) for actor in transition.actors):
        whose = str(WHOSE[transition.actors]) % {"responsible": obstacle.responsible}
        return Offer(action, transition, Refusal.NOT_YOURS, whose)
    if action == A.ESCALATE and obstacle.level not in CLOCK:
        return Offer(action, transition, Refusal.TOP_LEVEL, str(WORDS[Refusal.TOP_LEVEL]))
    return Offer(action, transition)


def _is_one(actor: Actor, user: User, obstacle: Obstacle) -> bool:
    if actor is Actor.RAISER:
        return may_raise_obstacles(user, obstacle.project)
    if actor is Actor.RESPONSIBLE:
        return may_reply_to(user, obstacle)
    return actor is Actor.OFFICE and may_keep_plan_of(user, obstacle.project)


def _errors_of_move(
    obstacle: Obstacle, responsible: Department | None, by: User
) -> dict[str, list[str]]:
    if responsible is None:
        return {"responsible": [_("Say which department.")]}
    if responsible.pk == obstacle.responsible_id:
        return {"responsible": [_("The obstacle is with this department already.")]}
    if responsible.dissolved_into_id is not None:
        return {"responsible": [_("This department has been dissolved.")]}
    if not may_name(by, responsible):
        return {"responsible": [_("This department is of another region.")]}
    return {}


def _take(
    obstacle: Obstacle,
    action: ObstacleAction,
    *,
    by: User | None,
    on: date,
    at: datetime,
    note: str = "",
    responsible: Department | None = None,
    due_on: date | None = None,
) -> ObstacleEvent:
    before = values_of(obstacle)
    told = {obstacle.responsible_id}
    obstacle.state = TRANSITIONS[ObstacleState(obstacle.state), action].to
    obstacle.cleared_on = on if obstacle.state == S.CLEARED else None
    if action == A.ESCALATE:
        obstacle.level += 1
    if action == A.MOVE and responsible is not None:
        obstacle.responsible = responsible
    if action == A.REOPEN and obstacle.responsible.dissolved_into is not None:
        obstacle.responsible = obstacle.responsible.dissolved_into
    if action in (A.MOVE, A.REOPEN):
        obstacle.due_on = due_on or obstacle.due_on
    if action in (A.ESCALATE, A.MOVE, A.REOPEN):
        obstacle.level_due_on = clock_end(obstacle.level, on) or obstacle.level_due_on
    return _record(obstacle, action, before, by=by, at=at, note=note, told=told)


def values_of(obstacle: Obstacle) -> dict[str, Any]:
    """What an obstacle's history accounts for, as its row says it, in plain form."""
    values = {name: getattr(obstacle, name) for name in VALUES}
    values["responsible"] = obstacle.responsible.code
    return audit.plain(values)


def _record(
    obstacle: Obstacle,
    action: ObstacleAction,
    before: Mapping[str, Any],
    *,
    by: User | None,
    at: datetime,
    note: str,
    told: set[int] | None = None,
) -> ObstacleEvent:
    after = values_of(obstacle)
    changed = [name for name in VALUES if after[name] != before[name]]
    event = ObstacleEvent(
        action=action,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
        note=note,
    )
    chains.link(event, obstacle, by=by, at=at)
    obstacle.save(update_fields=[*VALUES, *chains.OWNER_FIELDS])
    event.save(force_insert=True)
    _tell(obstacle, event, (told or set()) | {obstacle.responsible_id})
    if action == A.ESCALATE:
        announcements.obstacle_escalated(obstacle, event)
    return event


def _tell(obstacle: Obstacle, event: ObstacleEvent, departments: set[int]) -> None:
    """Tell whoever raised it, the departments concerned and, of a climb, leaders and office."""
    concerned = Q(pk=obstacle.raised_by_id) | Q(
        department__in=departments | {obstacle.project.department_id} - {None}
    )
    if event.action == A.ESCALATE:
        concerned |= Q(role__in=(Role.LEADER, Role.MANAGER)) & overseeing(obstacle.project.region)
    people = User.objects.filter(concerned, is_active=True)
    if event.by is not None:
        people = people.exclude(pk=event.by.pk)
    outbox.post(
        people,
        f"obstacle_{event.action}" if event.by is not None else CLIMBS[obstacle.level],
        key=f"{obstacle.pk}-{event.number}",
        params={
            "project": obstacle.project.name,
            "text": obstacle.text,
            "department": obstacle.responsible.name,
            "who": str(event.by or ""),
            "note": event.note,
        },
        url=obstacle.get_absolute_url(),
        at=event.at,
    )


CLIMBS: dict[int, str] = {
    ObstacleLevel.DISTRICT: "obstacle_to_district",
    ObstacleLevel.CITY: "obstacle_to_city",
}
"""What the clock tells people, by the level that the obstacle has come to."""
