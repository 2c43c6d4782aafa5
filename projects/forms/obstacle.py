"""The forms that raise an obstacle and take the steps of clearing it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Department, User
from accounts.permissions import nameable_departments
from office.widgets import LeanSelect
from projects.clearing import Offer
from projects.models import ObstacleAction, ObstacleKind, ObstacleLevel

TEXT_LENGTH = 400


class DepartmentField(forms.ModelChoiceField):
    """A department that still exists, indented by how deep it lies in the tree."""

    widget = LeanSelect

    def __init__(self, **kwargs: Any) -> None:
        existing = Department.objects.offered()
        super().__init__(existing, to_field_name="code", empty_label="—", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        """The name as it stands in the select."""
        return "　" * obj.depth + obj.name


def _day(on: date) -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date", "min": on.isoformat()}, format="%Y-%m-%d")


class ObstacleForm(forms.Form):
    """A new obstacle; what it must hold besides is clearing's to say."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", "—"), *ObstacleKind.choices], widget=LeanSelect
    )
    text = forms.CharField(
        label=_("Obstacle"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What stands in the way, where, and what would clear it."),
    )
    level = forms.TypedChoiceField(
        label=_("Level"),
        choices=ObstacleLevel.choices,
        coerce=lambda value: ObstacleLevel(int(value)),
        initial=ObstacleLevel.DEPARTMENT,
        widget=LeanSelect,
        help_text=_("Who has to clear it now; it climbs by itself when the level's days are over."),
    )
    responsible = DepartmentField(label=_("To be cleared by"))
    due_on = forms.DateField(label=_("To be cleared until"))

    def __init__(self, *args: Any, by: User, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].widget = _day(on)
        self.fields["responsible"].queryset = nameable_departments(by).offered()  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """One step with an obstacle; a move asks where to, a move and a reopening perhaps for a day."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    responsible = DepartmentField(label=_("To be cleared by"))
    due_on = forms.DateField(label=_("New day to be cleared until"), required=False)
    note = forms.CharField(
        label=pgettext_lazy("of a step", "Note"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, *args: Any, offer: Offer, version: int, by: User, on: date, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"version": version})
        # Several of these stand on one page: their fields are told apart by the step.
        kwargs["auto_id"] = f"{offer.action}-%s"
        super().__init__(*args, **kwargs)
        self.fields["due_on"].widget = _day(on)
        self.fields["note"].required = offer.transition.needs_note
        responsible: Any = self.fields["responsible"]
        responsible.queryset = nameable_departments(by).offered()
        if offer.action != ObstacleAction.MOVE:
            del self.fields["responsible"]
        if offer.action not in (ObstacleAction.MOVE, ObstacleAction.REOPEN):
            del self.fields["due_on"]
