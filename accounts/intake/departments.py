"""Departments by workbook: their names and their place in the tree."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import tree_choices
from accounts.forms import DepartmentForm
from accounts.models import Department, User
from accounts.permissions import may_administer, visible_departments
from office.forms import refused
from office.intake import Change, Field, Key, Kind, Present, Refused, Scope, Type, Values
from office.related import hanging_on


class Departments(Kind):
    """责任单位."""

    name = "departments"
    label = gettext_lazy("Departments")
    about = gettext_lazy("Departments that answer for projects, each under the one above it.")
    may_add = True
    notes = (gettext_lazy("A department stands below the row of the one that it belongs to."),)
    fields = (
        Field(
            "code",
            gettext_lazy("Code"),
            ("编码", "单位编码"),
            required=True,
            type=Type.CODE,
            is_key=True,
            longest=40,
            example="500101-JTW",
        ),
        Field(
            "name",
            gettext_lazy("Department"),
            ("单位", "单位名称", "责任单位"),
            longest=100,
            width=32,
            example="区交通局",
        ),
        Field(
            "region",
            gettext_lazy("Region"),
            ("行政区划", "所属区划"),
            type=Type.CHOICE,
            choices=tree_choices.regions,
        ),
        Field(
            "parent",
            gettext_lazy("Belongs to (code)"),
            ("上级单位编码", "上级编码"),
            type=Type.CODE,
            longest=40,
        ),
    )

    def may_import(self, user: User) -> bool:
        """Administrators."""
        return may_administer(user)

    def present(self, user: User, scope: Scope) -> Iterable[Values]:
        """The departments that still exist, each below the one that it belongs to."""
        return (row.values for row in _rows(visible_departments(user).offered()))

    def find(self, user: User, keys: Sequence[Key]) -> Mapping[Key, Present]:
        """The departments of these codes."""
        if not may_administer(user):
            return {}
        found = visible_departments(user).filter(code__in={str(key[0]) for key in keys})
        return {(row.values["code"],): row for row in _rows(found.order_by())}

    def missing(self, key: Key) -> str:
        """A code that is new makes a department."""
        return ""

    def write(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Keep a department as the administration keeps it."""
        values = {**(change.present.values if change.present else {}), **change.values}
        instance = change.present.target if change.present else None
        form = DepartmentForm(values, instance=instance, by=by)
        if not form.is_valid():
            raise refused(form)
        form.save()

    def remove(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Take a new department out again, unless something hangs on it."""
        department: Department = change.present.target  # type: ignore[union-attr]
        if found := hanging_on(department):
            said = _("There are already: %(what)s.")
            raise Refused({"": [said % {"what": " · ".join(found)}]})
        department.delete()


def _rows(found: QuerySet[Department]) -> Iterable[Present]:
    for row in found.select_related("region", "parent"):
        values: Values = {
            "code": row.code,
            "name": row.name,
            "region": row.region.code,
            "parent": row.parent.code if row.parent else "",
        }
        yield Present(row, values, 0, row.name)
