"""A city with two districts, and a province of two cities: regions, their people, one district's data."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts.models import Department, Region, User
from accounts.roles import Role
from office.clock import today
from projects import clearing
from projects.models import (
    AnnualPlan,
    DataQuestion,
    Funding,
    Milestone,
    Obstacle,
    ProgressReport,
    ReportPhoto,
)
from summaries import rollup
from summaries.models import DocumentFile, DocumentRun, ProgressSummary
from tests.factories import make_department, make_region, make_user
from tests.rounds import make_plan, moment, open_rounds, report_of, submit

EAST, WEST = "510104", "510105"


@dataclass(frozen=True)
class City:
    """江城市 with 江东区 and 江西区, a town in the east, a department and people in each."""

    city: Region
    east: Region
    west: Region
    town: Region
    roads: Department
    """Of the city."""
    eastern: Department
    western: Department

    def person(self, role: Role, region: Region | None) -> User:
        """Somebody of this role who works for this region; None is everything."""
        return make_user(f"{role}{region.code if region else ''}", role, region=region)


def make_city(code: str = "510100", above: Region | None = None) -> City:
    """A city of two districts; another code gives another city."""
    head = code[:4]
    city = make_region(code, name="江城市", level=Region.Level.CITY, parent=above)
    east, west = (
        make_region(f"{head}{end}", name=name, level=Region.Level.DISTRICT, parent=city)
        for end, name in (("04", "江东区"), ("05", "江西区"))
    )
    town = make_region(f"{head}04101", name="东山镇", level=Region.Level.TOWN, parent=east)
    return City(
        city,
        east,
        west,
        town,
        make_department(f"{code}-JTJ", name="市交通局", region=city),
        make_department(f"{head}04-JTJ", name="江东区交通局", region=east),
        make_department(f"{head}05-JTJ", name="江西区交通局", region=west),
    )


def make_province() -> tuple[Region, City, City]:
    """A province with two cities of two districts each."""
    province = make_region("510000", name="江省", level=Region.Level.PROVINCE)
    return province, make_city("510100", province), make_city("510200", province)


def picture() -> bytes:
    """The smallest photo."""
    file = BytesIO()
    Image.new("RGB", (2, 2)).save(file, "JPEG")
    return file.getvalue()


@dataclass(frozen=True)
class Held:
    """One row of each kind that belongs to a district."""

    plan: AnnualPlan
    report: ProgressReport
    obstacle: Obstacle
    question: DataQuestion
    photo: ReportPhoto
    document: DocumentRun
    file: DocumentFile
    draft: ProgressSummary
    person: User


def make_district_data(department: Department, *, name: str, **project: Any) -> Held:
    """A plan with reports of January and February, and everything that can hang on them."""
    region = department.region
    reporter = make_user(f"reporter-{region.code}", department=department)
    manager = make_user(f"kept-{region.code}", Role.MANAGER, region=region)
    plan = make_plan(department, name=name, code=f"{region.code}-0001", region=region, **project)
    open_rounds(2)
    report = report_of(plan, 1)
    submit(report, reporter)
    at = moment(today())
    obstacle = clearing.raise_obstacle(
        plan.project,
        kind="land",
        text=f"{name}红线内两户未签约",
        responsible=department,
        due_on=date(2099, 1, 1),
        by=reporter,
        on=today(),
        at=at,
    )
    Funding.objects.create(project=plan.project, source="central", amount=100)
    Milestone.objects.create(project=plan.project, name="主体封顶", due_on=date(2024, 6, 1))
    run = DocumentRun.objects.create(
        kind=DocumentRun.Kind.MONTHLY_BULLETIN,
        parameters={"year": 2024, "month": 1, "region": region.code},
        key=name,
        region=region,
        asked_by=manager,
        heartbeat_at=at,
        state=DocumentRun.State.FAILED,
        finished_at=at,
    )
    return Held(
        plan,
        report,
        obstacle,
        DataQuestion.objects.create(
            kind="same_name_twice",
            key=name,
            project=plan.project,
            params={"codes": "A", "name": name},
        ),
        ReportPhoto.objects.create(
            report=report,
            year=report.year,
            image=ContentFile(picture(), f"{region.code}.jpg"),
            caption=name,
            by=reporter,
            at=at,
        ),
        run,
        DocumentFile.objects.create(
            run=run,
            format="pdf",
            name=f"{name}.pdf",
            file=ContentFile(b"%PDF-1.7", f"{region.code}.pdf"),
            size=8,
            digest="0" * 64,
        ),
        ProgressSummary.objects.create(
            year=2024,
            region=region,
            cut_off=timezone.now(),
            rule_version="1",
            figures=rollup.figures(rollup.read(2024, region)),
            headline=name,
            text=name,
            digest="0" * 64,
            built_by=manager,
        ),
        reporter,
    )
