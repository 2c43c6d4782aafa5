"""Forms of the light rules and of a manager's own judgement."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import Light, LightRule


class RuleForm(forms.ModelForm):
    """A draft of a new version."""

    class Meta:
        model = LightRule
        fields = (
            "version",
            "measure",
            "yellow_gap",
            "red_gap",
            "yellow_rate",
            "red_rate",
            "red_start_months",
            "suspended",
            "long_red_days",
            "basis",
        )

    def clean(self) -> dict[str, Any]:
        """Red lies beyond yellow; nothing is negative."""
        data = super().clean() or {}
        gaps, rates = (
            (data.get("yellow_gap"), data.get("red_gap")),
            (
                data.get("yellow_rate"),
                data.get("red_rate"),
            ),
        )
        for name in ("yellow_gap", "red_gap", "yellow_rate", "red_rate"):
            if data.get(name) is not None and data[name] < 0:
                self.add_error(name, _("A threshold is not negative."))
        if None not in gaps and gaps[0] > gaps[1]:  # type: ignore[operator]
            self.add_error("red_gap", _("Red begins beyond yellow."))
        if None not in rates and rates[0] < rates[1]:  # type: ignore[operator]
            self.add_error("red_rate", _("Red begins beyond yellow."))
        return data


class MonthField(forms.DateField):
    """A month, as its first day; written 2024-07."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m", "%Y-%m-%d"],
            widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
            **kwargs,
        )

    def to_python(self, value: Any) -> date | None:
        """The first day of the month."""
        found: date | None = super().to_python(value)
        return found.replace(day=1) if found else None


class AdoptRuleForm(forms.Form):
    """From which month a version applies."""

    applies_from = MonthField(label=_("Applies from"))


class JudgeForm(forms.Form):
    """A manager's own judgement of a month; no colour takes it back."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    light = forms.ChoiceField(
        label=_("Light"),
        required=False,
        choices=[("", _("As computed")), *Light.choices],
    )
    reason = forms.CharField(
        label=_("Reason of the judgement"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
