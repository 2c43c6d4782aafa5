"""The forms of a year's plan: who decided it and when, and how it is spread or revised."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from office.paste import Unit
from projects.forms.report import FigureField
from projects.models import PlanRevision, Stage
from projects.planning import Decision, FromMonth
from projects.schedule_curves import SHAPE_WORDS, Shape


def _longest(name: str) -> int | None:
    """How long a text of a decision may be."""
    column: Any = PlanRevision._meta.get_field(name)
    length: int | None = column.max_length
    return length


class DecisionForm(forms.Form):
    """The body that decided and the day."""

    approved_by = forms.CharField(label=_("Approving body"), max_length=_longest("approved_by"))
    approved_on = forms.DateField(
        label=_("Approved on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["approved_on"].widget.attrs["max"] = on.isoformat()

    def clean_approved_on(self) -> date:
        """The day, which has come."""
        day: date = self.cleaned_data["approved_on"]
        if day > self.on:
            raise forms.ValidationError(_("The day lies in the future."))
        return day

    def decision(self) -> Decision:
        """What was decided, and why; only of a valid form."""
        data = self.cleaned_data
        return Decision(data["approved_by"], data["approved_on"], data.get("reason", ""))


class AdoptionForm(DecisionForm):
    """A decision on plans of a year, and how rows without months are spread."""

    spread = forms.ChoiceField(
        label=_("Rows without months"),
        choices=list(SHAPE_WORDS.items()),
        initial=Shape.EVEN,
    )

    def shape(self) -> Shape:
        """How rows without months are spread, also where the rest is not valid yet."""
        return Shape(self.cleaned_data.get("spread") or Shape.EVEN)


class PlanBlockForm(forms.Form):
    """A block copied from a spreadsheet."""

    block = forms.CharField(
        label=_("Copied rows"), strip=False, widget=forms.Textarea(attrs={"rows": 6, "wrap": "off"})
    )


class MonthSelect(forms.Select):
    """Months, of which some are refused."""

    refused: frozenset[str] = frozenset()

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if str(option["value"]) in self.refused:
            option["attrs"]["disabled"] = True
        return option


class RevisionForm(DecisionForm):
    """中期调整: from when on, why, and the new plan; the months are read beside it."""

    PROPORTION, TYPED = "proportion", "typed"

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"), max_length=_longest("reason"), widget=forms.Textarea(attrs={"rows": 2})
    )
    from_month = forms.TypedChoiceField(
        label=_("From month"),
        coerce=int,
        widget=MonthSelect,
        help_text=_("Earlier months stay as they were."),
    )
    planned_investment = FigureField(label=_("New planned investment"), unit=Unit.WAN_YUAN)
    goal = forms.ChoiceField(label=_("Goal"), choices=Stage.choices, required=False)
    spread = forms.ChoiceField(
        label=_("Months"),
        choices=[
            (PROPORTION, _("What remains in the proportions of the present plan")),
            (TYPED, _("As typed below")),
        ],
    )

    field_order = (
        "version",
        "approved_by",
        "approved_on",
        "from_month",
        "planned_investment",
        "goal",
        "spread",
        "reason",
    )

    def __init__(
        self, *args: Any, months: Sequence[FromMonth], goal_is_stated: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.refused = {each.month: each.refused for each in months if each.refused}
        field: Any = self.fields["from_month"]
        field.choices = [(each.month, str(each.month)) for each in months]
        field.widget.refused = frozenset(map(str, self.refused))
        if self.refused:
            field.help_text = self.refused[max(self.refused)]
        self.fields["planned_investment"].required = True
        self.fields["goal"].required = goal_is_stated
        if not goal_is_stated:
            self.fields["goal"].choices = [("", _("Not stated")), *Stage.choices]  # type: ignore[attr-defined]

    def clean_from_month(self) -> int:
        """The month, of which the round and all later ones are not locked."""
        month: int = self.cleaned_data["from_month"]
        if month in self.refused:
            raise forms.ValidationError(self.refused[month])
        return month
