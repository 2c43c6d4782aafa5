"""公开: which lists are open data, who decided so and when, and what follows for projects and entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from accounts.models import User
from projects.models import AnnualPlan, Project, ProjectList, Publication


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that may be published: a year's official one, or one of the others.

    `latest` is the decision that holds, None where nobody has decided: the list is not public.
    """

    year: int | None
    project_list: ProjectList | None
    projects: int
    latest: Publication | None

    @property
    def key(self) -> str:
        """What a form calls the list."""
        return f"year-{self.year}" if self.project_list is None else f"list-{self.project_list.pk}"

    @property
    def is_public(self) -> bool:
        """Whether the list is open data now."""
        return self.latest is not None and self.latest.is_public


class ReasonMissingError(Exception):
    """A list is withdrawn for a reason."""


class NothingToDoError(Exception):
    """The list is public already, or is not public anyway."""


def lists() -> list[Listed]:
    """Every list, the latest year first; three queries."""
    holding = {(each.year, each.project_list_id): each for each in in_force()}
    years = AnnualPlan.objects.order_by("-year").values_list("year").annotate(Count("pk"))
    others = ProjectList.objects.annotate(projects=Count("project"))
    return [Listed(year, None, count, holding.get((year, None))) for year, count in years] + [
        Listed(None, each, each.projects, holding.get((None, each.pk))) for each in others
    ]


def in_force() -> list[Publication]:
    """The latest decision about each list that anybody decided about; one query."""
    found: dict[tuple[int | None, int | None], Publication] = {}
    for each in Publication.objects.select_related("project_list", "by").order_by("pk"):
        found[each.year, each.project_list_id] = each
    return list(found.values())


@transaction.atomic
def decide(
    listed: Listed, *, is_public: bool, reason: str = "", by: User, at: datetime
) -> Publication:
    """Publish a list or withdraw it; the open-data files of before are not handed out any more.

    Raises ReasonMissingError where a withdrawal has none, NothingToDoError where the list is so
    already. The caller has asked permissions.may_publish.
    """
    if not is_public and not reason.strip():
        raise ReasonMissingError
    same = Publication.objects.filter(year=listed.year, project_list=listed.project_list)
    latest = same.order_by("pk").last()
    if (latest is not None and latest.is_public) == is_public:
        raise NothingToDoError
    return Publication.objects.create(
        year=listed.year,
        project_list=listed.project_list,
        is_public=is_public,
        reason=reason.strip(),
        by=by,
        at=at,
    )


def latest_decision() -> int | None:
    """The number of the latest decision; None before the first."""
    return Publication.objects.order_by("-pk").values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True)
class Public:
    """What is public at a moment: years and other lists."""

    years: tuple[int, ...]
    lists: tuple[int, ...]

    def projects(self) -> QuerySet[Project]:
        """The projects of a public list."""
        return Project.objects.filter(
            Q(pk__in=self.entries().order_by().values("project"))
            | Q(
                pk__in=Project.lists.through.objects.filter(projectlist__in=self.lists).values(
                    "project"
                )
            )
        )

    def entries(self) -> QuerySet[AnnualPlan]:
        """The entries of public years; what a project does in another year is not told."""
        return AnnualPlan.objects.filter(year__in=self.years)


def public(decisions: Iterable[Publication]) -> Public:
    """What these decisions, those in force, have made public."""
    holding = [each for each in decisions if each.is_public]
    return Public(
        years=tuple(sorted(each.year for each in holding if each.year is not None)),
        lists=tuple(
            sorted(each.project_list_id for each in holding if each.project_list_id is not None)
        ),
    )
