"""The published projects in the standard for infrastructure data (OC4IDS 0.9.5); see docs/open-data.md.

Only what is recorded is said: whatever is missing is left out, figures are those that were approved,
and nothing names a person.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import F, Prefetch, QuerySet
from django.utils import translation

from projects.models import (
    AnnualPlan,
    Category,
    Funding,
    Milestone,
    ProgressReport,
    Project,
    ProjectList,
    Stage,
    Status,
)
from projects.publishing import Public

VERSION = "0.9"
CHUNK = 500
YUAN = 10_000  # to the unit that we keep money in
CURRENCY = "CNY"

STATUS: dict[str, str] = {
    Status.PREPARATION: "preparation",
    Status.STARTED: "implementation",
    Status.ACCELERATED: "implementation",
    Status.COMPLETED: "completion",
}
"""The standard's word for a status. It has none for work that rests or was moved off the lists."""

SECTORS: dict[str, tuple[str, ...]] = {
    "交通": ("transport",),
    "水利": ("waterAndWaste",),
    "能源": ("energy",),
    "现代化工业": ("economy",),
    "现代化农业": ("economy",),
    "现代化服务业": ("economy",),
    "教育": ("education",),
    "医疗卫生": ("health",),
    "文化体育": ("cultureSportsAndRecreation",),
    "保障性住房": ("socialHousing",),
    "生态保护修复": ("naturalResources",),
    "防洪": ("naturalResources", "naturalResources.floodProtection"),
    "公路": ("transport", "transport.road"),
    "铁路": ("transport", "transport.rail"),
    "港口": ("transport", "transport.water"),
    "机场": ("transport", "transport.air"),
}
"""The standard's sectors of our headings, each after its parent; other headings have none."""


def projects(public: Public, *, on: date, at_once: int = CHUNK) -> Iterator[dict[str, Any]]:
    """Every published project in the order of the codes; six queries for each `at_once` of them.

    `on` is the day that tells a milestone that is still to come from one that was missed.
    """
    found = _whole(public)
    last = ""
    while chunk := list(found.filter(code__gt=last).order_by("code")[:at_once]):
        with translation.override(settings.LANGUAGE_CODE):
            known = _published_ids(public, chunk)
            for project in chunk:
                yield described(project, published=known, on=on)
        last = chunk[-1].code


def package(made: Iterable[dict[str, Any]], *, published_at: str) -> dict[str, Any]:
    """The package around the projects; `published_at` is a full date-time."""
    return {**head(), "projects": list(made), "publishedDate": published_at}


def head() -> dict[str, Any]:
    """What a package says of itself, but for its date."""
    said = {
        "uri": f"{settings.SITE_URL.rstrip('/')}/open-data/oc4ids.json",
        "version": VERSION,
        "publisher": {"name": settings.OPEN_DATA_PUBLISHER},
        "license": settings.OPEN_DATA_LICENSE,
    }
    return _stated(said)


def described(project: Project, *, published: set[int], on: date) -> dict[str, Any]:
    """One project; `published` are the published ones among those that it may be related to."""
    entries = list(project.entries.all())
    reports = [report for entry in entries for report in entry.reports.all()]
    return _stated(
        {
            "id": identifier(project.code),
            "title": project.name,
            "description": project.description,
            "language": "zh",
            "identifiers": _identifiers(project),
            "status": STATUS.get(project.status),
            "period": period(project.planned_start_on, project.planned_finish_on),
            "sector": list(SECTORS.get(project.sector, ())),
            "locations": _locations(project),
            "additionalClassifications": _classifications(project, entries),
            "publicAuthority": _authority(project),
            "parties": _parties(project),
            "budget": _budget(project, entries),
            "forecasts": _forecasts(reports),
            "metrics": _metrics(reports),
            "milestones": _started(project)
            + [milestone(each, on=on) for each in project.milestones.all()],
            "completion": _stated({"endDate": moment(project.completed_on)}),
            "relatedProjects": _related(project, published),
        }
    )


def identifier(code: str) -> str:
    """A project's identifier in the world."""
    return f"{settings.OC4IDS_PREFIX}-{code}"


def moment(day: date | None) -> str:
    """A day as the full date-time that the standard asks for; "" where there is none."""
    return f"{day.isoformat()}T00:00:00+08:00" if day else ""


def period(start: date | None, end: date | None) -> dict[str, str]:
    """From a day to a day, as far as they are known."""
    return _stated({"startDate": moment(start), "endDate": moment(end)})


def milestone(each: Milestone, *, on: date) -> dict[str, Any]:
    """A node of the schedule."""
    if each.done_on is not None:
        status = "met"
    elif each.due_on is not None:
        status = "notMet" if each.due_on < on else "scheduled"
    else:
        status = ""
    return _stated(
        {
            "id": str(each.pk),
            "title": each.name,
            "type": "preProcurement" if each.kind == Milestone.Kind.PREPARATION else "",
            "dueDate": moment(each.due_on),
            "dateMet": moment(each.done_on),
            "status": status,
        }
    )


def _started(project: Project) -> list[dict[str, Any]]:
    """The day when work began: the standard keeps planned beginnings only."""
    if project.started_on is None:
        return []
    day = moment(project.started_on)
    return [{"id": "started", "title": "开工", "dateMet": day, "status": "met"}]


def _whole(public: Public) -> QuerySet[Project]:
    entries = (
        public.entries()
        .order_by("year")
        .prefetch_related(
            Prefetch("reports", ProgressReport.objects.select_related("period").order_by("period")),
            "revisions",
        )
    )
    return (
        public.projects()
        .select_related("department", "region", "predecessor", "parent")
        .prefetch_related(
            Prefetch("entries", entries),
            Prefetch("lists", ProjectList.objects.filter(pk__in=public.lists)),
            Prefetch("funding", Funding.objects.order_by("source")),
            Prefetch(
                "milestones", Milestone.objects.order_by(F("due_on").asc(nulls_last=True), "pk")
            ),
            Prefetch("parts", Project.objects.order_by("code")),
            Prefetch("successors", Project.objects.order_by("code")),
        )
    )


def _published_ids(public: Public, chunk: Iterable[Project]) -> set[int]:
    """Of the projects that these are related to those that are published too."""
    near: set[int] = set()
    for project in chunk:
        near |= {each.pk for each in (*project.parts.all(), *project.successors.all())}
        near |= {pk for pk in (project.predecessor_id, project.parent_id) if pk is not None}
    return (
        set(public.projects().filter(pk__in=near).values_list("pk", flat=True)) if near else set()
    )


def _identifiers(project: Project) -> list[dict[str, str]]:
    if not project.national_code:
        return []
    return [{"id": project.national_code, "scheme": "全国投资项目在线审批监管平台"}]


def _locations(project: Project) -> list[dict[str, str]]:
    region = project.region
    return [{"id": region.code, "description": region.name}] if region else []


def _classifications(project: Project, entries: Iterable[AnnualPlan]) -> list[dict[str, str]]:
    """Our own classes: the category, the status, and what each published year's list says."""
    found: list[tuple[str, str, object]] = [
        ("category", project.category, Category(project.category).label)
    ]
    if project.sector:
        found.append(("sector", project.sector, project.sector))
    if project.status:
        found.append(("status", project.status, Status(project.status).label))
    found += [("list", each.code, each.name) for each in project.lists.all()]
    for entry in entries:
        if entry.level:
            found.append((f"level-{entry.year}", entry.level, entry.get_level_display()))
        if entry.goal:
            found.append((f"goal-{entry.year}", entry.goal, Stage(entry.goal).label))
        if entry.result:
            found.append((f"result-{entry.year}", entry.result, Stage(entry.result).label))
    return [
        {"scheme": scheme, "id": f"{scheme}-{code}", "description": str(label)}
        for scheme, code, label in found
    ]


def _authority(project: Project) -> dict[str, str]:
    department = project.department
    return {"id": department.code, "name": department.name} if department else {}


def _parties(project: Project) -> list[dict[str, Any]]:
    authority = _authority(project)
    found: list[dict[str, Any]] = [{**authority, "roles": ["publicAuthority"]}] if authority else []
    if project.owner_unit:  # 业主单位: the standard has no role that is surely its
        found.append({"id": f"owner-{project.code}", "name": project.owner_unit})
    return found


def _budget(project: Project, entries: Iterable[AnnualPlan]) -> dict[str, Any]:
    by_source = [
        {"id": each.source, "description": each.get_source_display(), "amount": _value(each.amount)}
        for each in project.funding.all()
    ]
    by_year = [
        _stated(
            {
                "id": str(entry.year),
                "amount": _value(entry.planned_investment),
                "period": period(date(entry.year, 1, 1), date(entry.year, 12, 31)),
                "approvalDate": moment(_approved_on(entry)),
            }
        )
        for entry in entries
        if entry.planned_investment is not None
    ]
    groups = [
        {"id": name, "description": words, "budgetBreakdown": made}
        for name, words, made in (
            ("source", "资金来源", by_source),
            ("year", "年度计划投资", by_year),
        )
        if made
    ]
    return _stated({"amount": _value(project.total_investment), "budgetBreakdowns": groups})


def _approved_on(entry: AnnualPlan) -> date | None:
    """When a body last decided of the year's amount."""
    decided = [revision.approved_on for revision in entry.revisions.all()]
    return decided[-1] if decided else None


def _forecasts(reports: Iterable[ProgressReport]) -> list[dict[str, Any]]:
    planned = [_observed(each, {"value": _value(each.planned_ytd)}) for each in reports]
    return _metric("financialProgress", "自年初累计计划投资", planned)


def _metrics(reports: Iterable[ProgressReport]) -> list[dict[str, Any]]:
    invested = [
        _observed(each, {"value": _value(each.approved_invested_ytd)})
        for each in reports
        if each.approved_invested_ytd is not None
    ]
    built = [
        _observed(
            each,
            {"measure": each.approved_physical_progress, "unit": {"name": "%"}},
        )
        for each in reports
        if each.approved_physical_progress is not None
    ]
    return _metric("financialProgress", "自年初累计完成投资", invested) + _metric(
        "physicalProgress", "形象进度", built
    )


def _metric(name: str, title: str, observations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"id": name, "title": title, "observations": observations}] if observations else []


def _observed(report: ProgressReport, what: dict[str, Any]) -> dict[str, Any]:
    year, month = report.period.year, report.period.month
    last = date(year, month, monthrange(year, month)[1])
    return {"id": f"{year}-{month:02}", "period": period(date(year, 1, 1), last), **what}


def _related(project: Project, published: set[int]) -> list[dict[str, Any]]:
    near = [("earlierPhase", project.predecessor), ("whole", project.parent)]
    near += [("laterPhase", each) for each in project.successors.all()]
    near += [("part", each) for each in project.parts.all()]
    return [
        {
            "id": f"{relationship}-{other.code}",
            "scheme": "oc4ids",
            "identifier": identifier(other.code),
            "relationship": relationship,
            "title": other.name,
        }
        for relationship, other in near
        if other is not None and other.pk in published
    ]


def _value(amount: Decimal | None) -> dict[str, Any]:
    return {} if amount is None else {"amount": amount * YUAN, "currency": CURRENCY}


def _stated(said: dict[str, Any]) -> dict[str, Any]:
    """What is there to be said: nothing empty."""
    return {name: value for name, value in said.items() if value not in ("", None, [], {})}
