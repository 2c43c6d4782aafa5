"""The form of a project's funding: one line a source, money as people type it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import DecimalValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from office.paste import Unit
from projects.forms.report import FigureField
from projects.funding import FundingError, Money
from projects.models import Funding

FIELDS = ("amount", "arrived")


class MoneyField(FigureField):
    """An amount in 万元 as a person writes it, not negative and no longer than it can be kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            unit=Unit.WAN_YUAN,
            validators=[DecimalValidator(16, 2), MinValueValidator(Decimal(0))],
            **kwargs,
        )
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """The amount without the zeros that storage adds."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source as the page shows it; `confirm` is None where nothing has to be confirmed."""

    label: str
    amount: forms.BoundField
    arrived: forms.BoundField
    confirm: forms.BoundField | None


class FundingForm(forms.Form):
    """All sources at once. Whether they hold is for funding.keep to say.

    Who may not keep plans enters what has arrived, and nothing else.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, stored: Mapping[str, Funding], version: int, may_plan: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = version
        self.to_confirm: frozenset[str] = frozenset()
        self.sources = [
            (source, str(label))
            for source, label in Funding.Source.choices
            if may_plan or source in stored
        ]
        for source, label in self.sources:
            row = stored.get(source)
            for name, words in zip(FIELDS, (_("amount"), _("arrived")), strict=True):
                self.fields[f"{name}_{source}"] = MoneyField(
                    label=f"{label}: {words}",
                    initial=getattr(row, name, None),
                    disabled=name == "amount" and not may_plan,
                )
            self.fields[f"confirm_{source}"] = forms.BooleanField(
                label=_("More has arrived than this source gives: that is right"), required=False
            )

    def lines(self) -> Iterator[SourceLine]:
        """The sources in their order."""
        for source, label in self.sources:
            asked = source in self.to_confirm or self.data.get(f"confirm_{source}")
            confirm = self[f"confirm_{source}"] if asked else None
            yield SourceLine(label, self[f"amount_{source}"], self[f"arrived_{source}"], confirm)

    def entered(self) -> dict[str, Money]:
        """What was typed; only of a valid form."""
        data = self.cleaned_data
        return {
            source: Money(data[f"amount_{source}"], data[f"arrived_{source}"])
            for source, _label in self.sources
        }

    def confirmed(self) -> set[str]:
        """The sources that the person has confirmed."""
        return {source for source, _label in self.sources if self.cleaned_data[f"confirm_{source}"]}

    def refuse(self, error: FundingError) -> None:
        """Say at each field what funding.keep has against it."""
        self.to_confirm = error.to_confirm
        for (source, field), message in error.errors.items():
            self.add_error(f"{field}_{source}", message)
