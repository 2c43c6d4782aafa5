"""Forms of the password page and of the admin's user page."""

from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordChangeForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import leaves_no_administrator
from accounts.roles import Role
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


class AccountForm(forms.ModelForm):
    """An account as an administrator sees it; the last administrator stays one."""

    class Meta:
        model = User
        fields: tuple[str, ...] = (
            "username",
            "name",
            "email",
            "role",
            "department",
            "is_active",
        )
        field_classes = {"username": UsernameField}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        role = data.get("role", self.instance.role)
        if role == Role.STAFF and "department" in data and not data["department"]:
            self.add_error("department", _("A reporting officer belongs to a department."))
        keeps = role == Role.ADMIN and data.get("is_active", True)
        if self.instance.pk and not keeps and leaves_no_administrator([self.instance]):
            raise ValidationError(
                _("This is the last active administrator. Make somebody else one first.")
            )
        return data


class NewAccountForm(AccountForm):
    """A new account: gets a temporary password, which the page after it shows once."""

    class Meta(AccountForm.Meta):
        fields = ("username", "name", "email", "role", "department")

    def save(self, commit: bool = True) -> User:
        self.temporary_password = new_temporary_password()
        self.instance.set_password(self.temporary_password)
        self.instance.must_change_password = True
        return super().save(commit)
