"""People by workbook: their names, what they may do, and for which department."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import tree_choices
from accounts.forms import AccountForm, NewAccountForm
from accounts.models import Department, Region, User
from accounts.permissions import has_left_traces, may_administer, visible_users
from accounts.roles import Role
from office.forms import refused
from office.intake import (
    Change,
    Choices,
    Field,
    Key,
    Kind,
    Present,
    Refused,
    Scope,
    Type,
    Values,
    yes_or_no,
)
from office.related import hanging_on


def roles() -> Choices:
    """What a person may be in the office."""
    return Role.choices


class Users(Kind):
    """用户."""

    name = "users"
    label = gettext_lazy("Users")
    about = gettext_lazy(
        "Accounts with their role and department. A new one gets its temporary password on its page."
    )
    may_add = True
    fields = (
        Field(
            "username",
            gettext_lazy("User name"),
            ("用户名", "登录名", "账号"),
            required=True,
            type=Type.CODE,
            is_key=True,
            longest=150,
            example="zhangsan",
        ),
        Field(
            "name",
            pgettext_lazy("of a person", "Name"),
            ("姓名", "名字"),
            longest=60,
            example="张三",
        ),
        Field("email", gettext_lazy("E-mail"), ("邮箱", "电子邮箱"), longest=254, width=24),
        Field("role", gettext_lazy("Role"), ("角色",), type=Type.CHOICE, choices=roles),
        Field(
            "department",
            gettext_lazy("Department"),
            ("部门", "单位", "所在单位"),
            type=Type.CHOICE,
            choices=tree_choices.departments,
            width=24,
        ),
        Field(
            "region",
            gettext_lazy("Works for the region"),
            ("行政区划", "所辖区划", "工作区划"),
            type=Type.CHOICE,
            choices=tree_choices.regions,
            note=gettext_lazy("Empty: the whole installation, or where the department is."),
        ),
        Field(
            "is_active",
            gettext_lazy("Active"),
            ("启用", "是否启用"),
            type=Type.CHOICE,
            choices=yes_or_no,
            note=gettext_lazy("An account that is no longer used is made inactive, not deleted."),
        ),
    )

    def may_import(self, user: User) -> bool:
        """Administrators."""
        return may_administer(user)

    def present(self, user: User, scope: Scope) -> Iterable[Values]:
        """All accounts that this administrator keeps."""
        return (row.values for row in _rows(visible_users(user).order_by("username")))

    def find(self, user: User, keys: Sequence[Key]) -> Mapping[Key, Present]:
        """The accounts of these names."""
        found = visible_users(user).filter(username__in={str(key[0]) for key in keys})
        return {(row.values["username"],): row for row in _rows(found.order_by())}

    def missing(self, key: Key) -> str:
        """A name that is new makes an account."""
        return ""

    def write(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Keep an account as the administration keeps it."""
        values: dict[str, Any] = {
            **(change.present.values if change.present else {}),
            **change.values,
        }
        for name, tree in (("department", Department), ("region", Region)):
            named = tree.objects.filter(code=values.get(name))
            values[name] = named.values_list("pk", flat=True).first()
        values["is_active"] = values.get("is_active", "yes") != "no"
        if change.present is None:
            form: Any = NewAccountForm(values, by=by)
        else:
            form = AccountForm(values, instance=change.present.target, by=by)
        if not form.is_valid():
            raise refused(form)
        form.save()

    def remove(self, change: Change, *, by: User, on: date, at: datetime) -> None:
        """Take a new account out again, unless somebody has used it."""
        user: User = change.present.target  # type: ignore[union-attr]
        if user.last_login is not None or has_left_traces(user) or hanging_on(user):
            raise Refused({"": [_("The account has been used: make it inactive instead.")]})
        user.delete()


def _rows(found: QuerySet[User]) -> Iterable[Present]:
    for user in found.select_related("department", "region"):
        values: Values = {
            "username": user.username,
            "name": user.name,
            "email": user.email,
            "role": user.role,
            "department": user.department.code if user.department else "",
            "region": user.region.code if user.region else "",
            "is_active": "yes" if user.is_active else "no",
        }
        yield Present(user, values, 0, str(user))
