"""Forms of the password page, of a new token and of the admin's user page."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Region, User
from accounts.permissions import (
    in_bounds,
    leaves_no_administrator,
    nameable_departments,
    works_everywhere,
)
from accounts.roles import ABILITIES, Ability, Role
from accounts.scopes import offered
from accounts.tokens import MOST_DAYS
from accounts.workflow import new_temporary_password


class NewPasswordForm(PasswordChangeForm):
    """The old password and a new one, twice; clears the mark of a temporary password."""

    def clean_new_password1(self) -> str:
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise ValidationError(_("The new password must differ from the old one."))
        return str(password)

    def save(self, commit: bool = True) -> Any:
        self.user.must_change_password = False
        return super().save(commit)


class TokenForm(forms.Form):
    """A new token: what for, what it may do, how long it lives."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=60,
        help_text=_("The program or system that will use it."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(label=_("Days that it lives"), min_value=1, max_value=MOST_DAYS)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"scopes": ["read"], "days": 90})
        super().__init__(*args, **kwargs)
        scopes: Any = self.fields["scopes"]
        scopes.choices = [(scope.value, scope.label) for scope in offered(user.role)]


class AccountForm(forms.ModelForm):
    """An account as an administrator sees it; the last administrator stays one.

    `by` is the administrator: one of a region gives away no more than that region.
    """

    by: User | None = None

    class Meta:
        model = User
        fields: tuple[str, ...] = (
            "username",
            "name",
            "email",
            "role",
            "department",
            "region",
            "is_active",
        )
        field_classes = {"username": UsernameField}

    def __init__(self, *args: Any, by: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by or self.by
        if self.by is not None and not works_everywhere(self.by):
            for name, lookup in (("department", "region"), ("region", "pk")):
                field: Any = self.fields[name]
                field.queryset = field.queryset.filter(in_bounds(self.by, lookup))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        role = data.get("role", self.instance.role)
        sees_all = Ability.SEE_ALL in ABILITIES.get(role, ())
        is_bounded = self.by is not None and not works_everywhere(self.by)
        if is_bounded and sees_all and "region" in data and not data["region"]:
            self.add_error("region", _("Say for which region: yours, or one below it."))
        if role == Role.STAFF and "department" in data and not data["department"]:
            self.add_error("department", _("A reporting officer belongs to a department."))
        keeps = role == Role.ADMIN and data.get("is_active", True) and not data.get("region")
        if self.instance.pk and not keeps and leaves_no_administrator([self.instance]):
            raise ValidationError(
                _("This is the last active administrator. Make somebody else one first.")
            )
        return data


class NewAccountForm(AccountForm):
    """A new account: gets a temporary password, which the page after it shows once."""

    class Meta(AccountForm.Meta):
        fields = ("username", "name", "email", "role", "department", "region")

    def save(self, commit: bool = True) -> User:
        self.temporary_password = new_temporary_password()
        self.instance.set_password(self.temporary_password)
        self.instance.must_change_password = True
        return super().save(commit)


class DepartmentForm(forms.ModelForm):
    """A department; its region and the one that it belongs to are named by their codes."""

    region = forms.ModelChoiceField(Region.objects.all(), to_field_name="code")
    parent = forms.ModelChoiceField(
        Department.objects.offered(), to_field_name="code", required=False
    )

    class Meta:
        model = Department
        fields = ("code", "name", "region", "parent")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions: Any = self.fields["region"]
        regions.queryset = Region.objects.filter(in_bounds(by, "pk"))
        parents: Any = self.fields["parent"]
        parents.queryset = nameable_departments(by).offered()
