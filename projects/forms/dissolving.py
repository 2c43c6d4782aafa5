"""The form that dissolves a department into another."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Department
from projects.dissolving import REASON_LENGTH, successors
from projects.forms.obstacle import DepartmentField


class DissolvingForm(forms.Form):
    """Into which department, by what decision; what it does cannot be taken back."""

    into = DepartmentField(label=_("Dissolved into"))
    reason = forms.CharField(
        label=_("By what decision"),
        max_length=REASON_LENGTH // 2,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who decided it and when; it is written into every history."),
    )
    is_sure = forms.BooleanField(
        label=_("I have checked this: it cannot be taken back."), label_suffix=""
    )

    def __init__(self, *args: Any, department: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = successors(department)  # type: ignore[attr-defined]
