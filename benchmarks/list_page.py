"""How long the first page of the plan list takes at 10,000 entries, beside Django's admin.

    python -m benchmarks.list_page [--entries 10000] [--rounds 60] [--profile]

Three pages are asked for in turn, round after round, by one signed-in administrator, in this
process and through every middleware: our list with its default columns, the same page with a
filter that finds nothing, and Django admin's change list of the same table, fifty rows each.
A database and a broker are made for the run and thrown away; DATABASE_URL=postgres://… or
TEST_DATABASE=postgresql measure on PostgreSQL.
"""

import argparse
import cProfile
import logging
import os
import pstats
import random
import sys
from statistics import median
from time import process_time

from tests import ground

if os.environ.get("DATABASE_URL", "").startswith("postgres"):
    os.environ.setdefault("TEST_DATABASE", "postgresql")
ground.prepare()

from django.contrib import admin  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_databases, teardown_databases  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.models import Department, Region, User  # noqa: E402
from accounts.roles import Role  # noqa: E402
from benchmarks.pages import (  # noqa: E402
    check,
    fetch,
    measure,
    print_header,
    print_pages,
    print_ratios,
    queries,
)
from projects.models import (  # noqa: E402
    AnnualPlan,
    Category,
    Level,
    Project,
    SourceDocument,
    SourceSentence,
    Stage,
    Status,
)
from projects.views.listing import PAGE_SIZE  # noqa: E402

YEAR = 2024
# the mark of a row, and how many the page has
ROWS = {
    "ours": (b'<th scope="row"', PAGE_SIZE),
    "without rows": (b'<th scope="row"', 0),
    "admin": (b'class="action-select"', PAGE_SIZE),
}
# (ratio, the most it may be)
GOALS = {"ours / without rows": 3.0, "ours / admin": 0.2}
PLACES = ("龙驹", "分水", "新田", "甘宁", "武陵", "高峰", "白羊", "余家", "太安", "恒合")
SUBJECTS = (
    "污水处理厂",
    "中小学扩建",
    "产业园",
    "农村公路",
    "水库",
    "变电站",
    "安置房",
    "粮食仓储",
)


def make_data(entries: int) -> User:
    """A district with its departments, towns, projects and one year's list, always the same."""
    draw = random.Random(20240101)
    district = Region.objects.create(code="500101", name="万州区", level=Region.Level.DISTRICT)
    towns = [
        Region.objects.create(
            code=f"500101{n:03}", name=f"{n}号镇", level=Region.Level.TOWN, parent=district
        )
        for n in range(1, 53)
    ]
    departments = [
        Department.objects.create(code=f"500101-D{n:02}", name=f"{n}号单位", region=district)
        for n in range(1, 41)
    ]
    document = SourceDocument.objects.create(code="report", title="报告", issuer="区", year=YEAR)
    sentences = SourceSentence.objects.bulk_create(
        SourceSentence(document=document, number=n, section="表5", line=n, text=f"第{n}句。")
        for n in range(1, 51)
    )
    projects = []
    for n in range(1, entries + 1):
        name = f"{draw.choice(PLACES)}镇{n}号{draw.choice(SUBJECTS)}"
        project = Project(
            code=f"500101-{n:05}",
            name=name,
            # what Project.save() derives; bulk_create passes it by
            name_sort=f"{draw.random():.8f}",
            name_pinyin=f"p{n}",
            name_initials=f"i{n}",
            category=draw.choice(Category.values),
            status=draw.choice(list(Status)),
            department=draw.choice(departments),
            region=draw.choice(towns),
            total_investment=draw.randint(100, 900_000),
        )
        projects.append(project)
    Project.objects.bulk_create(projects, batch_size=1000)
    AnnualPlan.objects.bulk_create(
        (
            AnnualPlan(
                project=project,
                year=YEAR,
                cited_name=project.name,
                level=Level.DISTRICT,
                category=project.category,
                sector=draw.choice(("交通", "水利", "城建", "能源", "现代化工业")),
                goal=draw.choice(Stage.values),
                planned_investment=draw.choice((None, draw.randint(100, 90_000))),
                position=n,
                table="表5",
                sentence=draw.choice(sentences),
                quote=project.name,
            )
            for n, project in enumerate(projects, start=1)
        ),
        batch_size=1000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return User.objects.create_user("admin", name="管理员", role=Role.ADMIN)


def addresses() -> dict[str, str]:
    """The three pages by what they are called in the results."""
    plans = reverse("projects:plan-list")
    change_list = reverse("admin:projects_annualplan_changelist")
    return {
        "ours": f"{plans}?year={YEAR}",
        "without rows": f"{plans}?year={YEAR}&level={Level.MUNICIPAL}",
        "admin": change_list,
    }


def profile(client: Client, address: str, rounds: int) -> None:
    """Print where the time of our page goes."""
    profiler = cProfile.Profile(process_time)
    profiler.enable()
    for _ in range(rounds):
        fetch(client, address)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)


def report(taken: dict[str, list[float]], asked: dict[str, int]) -> bool:
    """Print the results as results.md holds them; true where every goal is reached."""
    print_header(f"{AnnualPlan.objects.count():,} entries, {len(taken['ours'])} rounds")
    print_pages(taken, asked)
    ratios = {
        "ours / without rows": median(taken["ours"]) / median(taken["without rows"]),
        "ours / admin": median(taken["ours"]) / median(taken["admin"]),
    }
    return print_ratios(ratios, GOALS)


def main() -> int:
    """Measure once; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--profile", action="store_true", help="show where our page's time goes")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        client = Client()
        client.force_login(make_data(options.entries))
        admin.site.get_model_admin(AnnualPlan).list_per_page = PAGE_SIZE
        pages = addresses()
        check(client, pages, ROWS)
        if options.profile:
            profile(client, pages["ours"], options.rounds)
            return 0
        asked = {name: queries(client, address) for name, address in pages.items()}
        return 0 if report(measure(client, pages, options.rounds), asked) else 1
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
