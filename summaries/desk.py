"""What the home page of a reporting officer shows: the month's reports, one's own projects, what may be done."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from office.charts import address
from projects import round_status, schedule
from projects.models import (
    AnnualPlan,
    DataQuestion,
    ObstacleState,
    ProgressReport,
    Project,
    ReportState,
    Stage,
    Status,
    StatusChange,
)
from projects.permissions import (
    may_update_status,
    visible_changes,
    visible_grants,
    visible_obstacles,
    visible_projects,
    visible_questions,
    visible_reports,
)
from projects.questions import kind_label, title
from summaries.charts import NOT_STATED

LONGEST_LIST = 50
RECENT = 8


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One of the department's projects; `update_url` is empty where the person may not write."""

    project: Project
    planned: bool
    goal: str
    goal_label: str
    update_url: str


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """An open question about one of the projects."""

    kind: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Month:
    """The present round, as far as it is one's own; `why` says whether and why one may write in it."""

    round: round_status.Round
    why: str
    counts: list[tuple[ReportState, str, int]]
    returned: list[ProgressReport]
    obstacles: int


@dataclass(frozen=True, slots=True)
class Desk:
    """The page; `year` is the latest plan's, `month` None where no round asks for anything."""

    year: int | None
    month: Month | None
    total: int
    statuses: list[tuple[str, str, int, str]]
    lines: list[ProjectLine]
    changes: list[StatusChange]
    questions: list[QuestionLine]


SHOWN = (
    ReportState.DUE,
    ReportState.DRAFT,
    ReportState.RETURNED,
    ReportState.SUBMITTED,
    ReportState.APPROVED,
)


def read(user: User, *, on: date) -> Desk:
    """Everything on the page, in a fixed number of queries."""
    year = AnnualPlan.objects.order_by("-year").values_list("year", flat=True).first()
    found = visible_projects(user).order_by().values_list("status").annotate(count=Count("pk"))
    counts = Counter(dict(found))
    return Desk(
        year=year,
        month=_month(user, on=on),
        total=sum(counts.values()),
        statuses=[
            (
                value,
                str(label),
                counts[value],
                address("projects:project-list", status=value or NOT_STATED),
            )
            for value, label in (*((s.value, s.label) for s in Status), ("", _("Not stated")))
            if counts[value]
        ],
        lines=_lines(user, year or 0),
        changes=list(visible_changes(user).select_related("project", "by")[:RECENT]),
        questions=_questions(user),
    )


def _month(user: User, *, on: date) -> Month | None:
    period = schedule.current_period(on=on)
    if period is None:
        return None
    reports = visible_reports(user)
    present = round_status.totals(period, reports, on=on)
    if not present.counts["asked"]:
        return None
    grants = visible_grants(user).filter(period=period).select_related("department")
    returned = reports.filter(year=period.year, period=period, state=ReportState.RETURNED)
    return Month(
        round=present,
        why=round_status.words(period, user, on=on, grants=grants),
        counts=[(state, str(state.label), present.counts[state]) for state in SHOWN],
        returned=list(returned.select_related("entry__project", "period")[:RECENT]),
        obstacles=visible_obstacles(user).exclude(state=ObstacleState.CLEARED).count(),
    )


def _lines(user: User, year: int) -> list[ProjectLine]:
    """Projects of this year's plan first, then the others, each by name."""
    entries = AnnualPlan.objects.filter(project=OuterRef("pk"), year=year)
    projects = (
        visible_projects(user)
        .select_related("department")
        .annotate(planned=Exists(entries), goal=Subquery(entries.values("goal")[:1]))
        .order_by("-planned", "name_sort", "pk")
    )
    labels = dict(Stage.choices)
    return [
        ProjectLine(
            project=project,
            planned=project.planned,
            goal=project.goal or "",
            goal_label=str(labels.get(project.goal, "")),
            update_url=reverse("projects:project-status", args=[project.code])
            if may_update_status(user, project)
            else "",
        )
        for project in projects[:LONGEST_LIST]
    ]


def _questions(user: User) -> list[QuestionLine]:
    found = visible_questions(user).filter(
        state=DataQuestion.State.OPEN, project__in=visible_projects(user)
    )
    return [
        QuestionLine(
            kind_label(question.kind),
            title(question),
            f"{reverse('projects:question-list')}#q{question.pk}",
        )
        for question in found.order_by("kind", "key")[:RECENT]
    ]
