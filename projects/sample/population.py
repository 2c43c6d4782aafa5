"""The invented country's places and departments, and the people who report, review, lead and look after."""

from collections.abc import Iterator
from datetime import datetime

from accounts.demo import DEMO_ACCOUNTS, DEMO_PASSWORD
from accounts.models import Department, Region, User
from accounts.roles import Role
from office.row_stream import Loader, Row, Table
from projects.sample import country

CANNOT_SIGN_IN = "!sample"


class Population:
    """So many counties with so many departments each, and somebody who reports in each of these."""

    place_key: int
    office_key: int
    maker_key: int
    """The first of those who report; their numbers follow those of the departments."""
    checker_key: int

    def __init__(self, regions: int, departments: int) -> None:
        self.places = country.places(regions)
        self.offices = country.offices(self.places, departments)

    def write(self, loader: Loader, *, year: int, at: datetime) -> None:
        """Write them, with the accounts of the demo in the first department; the keys are known then."""
        regions = Table(Region, ("id", "code", "name", "path", "parent_id", "level"))
        departments = Table(
            Department,
            ("id", "code", "name", "path", "parent_id", "region_id"),
            {"is_sample": True},
        )
        users = Table(
            User,
            ("id", "username", "name", "role", "department_id"),
            {"password": CANNOT_SIGN_IN, "date_joined": f"{year}-01-02 01:00:00"},
        )
        self.place_key = regions.next_key()
        self.office_key = departments.next_key()
        loader.load(regions, self._place_rows())
        loader.load(departments, self._office_rows())
        first = Department.objects.get(pk=self.office_key)
        for account in DEMO_ACCOUNTS:
            if not User.objects.filter(username=account.username).exists():
                User.objects.create_user(
                    account.username,
                    DEMO_PASSWORD,
                    name=account.name,
                    role=account.role,
                    department=first if account.department else None,
                    date_joined=at,
                )
        self.maker_key = users.next_key()
        self.checker_key = self.maker_key + len(self.offices)
        loader.load(users, self._user_rows())

    def _place_rows(self) -> Iterator[Row]:
        key = self.place_key
        for number, place in enumerate(self.places):
            above = None if place.above is None else key + place.above
            yield key + number, place.code, place.name, place.path, above, place.level

    def _office_rows(self) -> Iterator[Row]:
        key = self.office_key
        for number, office in enumerate(self.offices):
            above = None if office.above is None else key + office.above
            county = self.place_key + office.county
            yield key + number, office.code, office.name, office.path, above, county

    def _user_rows(self) -> Iterator[Row]:
        for number, office in enumerate(self.offices):
            yield (
                self.maker_key + number,
                f"shili-{office.code.lower()}",
                f"示例填报员·{office.name}"[:60],
                Role.STAFF.value,
                self.office_key + number,
            )
        for index, role in enumerate((Role.MANAGER, Role.LEADER, Role.ADMIN)):
            key = self.checker_key + index
            yield key, f"shili-{role.value}", f"示例{role.value}", role.value, None
