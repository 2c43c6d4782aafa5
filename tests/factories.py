"""Plain functions that make rows for tests; what a test does not say does not matter to it."""

from itertools import count

from django.test import Client

from accounts.models import Department, Region, User
from accounts.roles import Role
from projects.models import AnnualPlan, Category, Project

PASSWORD = "three quiet rivers"
_numbers = count(1)


def make_region(code: str = "500101", **fields) -> Region:
    """A region; the same code gives the same region."""
    defaults = {"name": "万州区", "level": Region.Level.DISTRICT, **fields}
    return Region.objects.get_or_create(code=code, defaults=defaults)[0]


def make_department(code: str = "500101-JTW", **fields) -> Department:
    """A department of the district; the same code gives the same department."""
    defaults = {"name": f"单位{code}", **fields}
    if "region" not in defaults:
        defaults["region"] = make_region()
    return Department.objects.get_or_create(code=code, defaults=defaults)[0]


def make_user(username: str = "", role: Role = Role.STAFF, **fields) -> User:
    """Somebody with PASSWORD; staff belong to a department, which may be given."""
    username = username or f"user{next(_numbers)}"
    if role == Role.STAFF and "department" not in fields:
        fields["department"] = make_department()
    return User.objects.create_user(
        username, PASSWORD, **{"name": f"{username}先生", "role": role, **fields}
    )


def make_project(name: str = "", **fields) -> Project:
    """A project of no department, unless one is given."""
    number = next(_numbers)
    defaults = {
        "code": f"500101-{number:04}",
        "name": name or f"项目{number}",
        "category": Category.INFRASTRUCTURE,
    }
    return Project.objects.create(**{**defaults, **fields})


def make_entry(project: Project | None = None, year: int = 2024, **fields) -> AnnualPlan:
    """A project's place in a year's list."""
    project = project or make_project()
    defaults = {
        "category": project.category,
        "sector": project.sector,
        "cited_name": project.name,
        "position": next(_numbers),
        "table": "表5",
    }
    return AnnualPlan.objects.create(project=project, year=year, **{**defaults, **fields})


def signed_in(user: User) -> Client:
    """A browser of this person's."""
    client = Client()
    client.force_login(user)
    return client
