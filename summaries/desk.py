"""What the home page of a reporting officer shows: one's own projects and what may be done."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from office.charts import address
from projects.models import AnnualPlan, DataQuestion, Project, Stage, Status, StatusChange
from projects.permissions import (
    may_update_status,
    visible_changes,
    visible_projects,
    visible_questions,
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
class Desk:
    """The page; `year` is the latest plan's."""

    year: int | None
    total: int
    statuses: list[tuple[str, str, int, str]]
    lines: list[ProjectLine]
    changes: list[StatusChange]
    questions: list[QuestionLine]


def read(user: User) -> Desk:
    """Everything on the page, in a fixed number of queries."""
    year = AnnualPlan.objects.order_by("-year").values_list("year", flat=True).first()
    found = visible_projects(user).order_by().values_list("status").annotate(count=Count("pk"))
    counts = Counter(dict(found))
    return Desk(
        year=year,
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
