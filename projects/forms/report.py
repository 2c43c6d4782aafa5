"""The row of a monthly report as somebody types it, and the block that they paste."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from office.paste import Cell, PasteError, Unit, number
from projects.figures import Code
from projects.models import ProgressReport, Status


class FigureField(forms.Field):
    """A figure as a person writes it: 1,200, 0.12亿元, １２００; blank is None."""

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, required=False, widget=forms.TextInput, **kwargs)
        self.unit = unit

    def to_python(self, value: Any) -> Decimal | None:
        """The figure in the unit of its column; raises ValidationError, quoting what is none."""
        try:
            return number(Cell(1, 1, str(value or "")), self.unit)
        except PasteError as error:
            raise forms.ValidationError(
                gettext("“%(text)s” is not a figure that can be read.") % {"text": error.text[:40]}
            ) from error


class WordsField(forms.CharField):
    """Words of several lines. A browser sends CR and LF; a line break is one sign, whoever sends it."""

    def to_python(self, value: Any) -> str:
        """The words with plain line breaks, so that the same words compare as the same."""
        return super().to_python(str(value or "").replace("\r\n", "\n")) or ""


def _words(name: str) -> WordsField:
    column: Any = ProgressReport._meta.get_field(name)
    return WordsField(
        label=column.verbose_name, required=False, max_length=column.max_length, strip=True
    )


class ReportForm(forms.Form):
    """One row of the grid. Whether the figures hold is for figures.check to say."""

    version = forms.IntegerField(min_value=0)
    invested_ytd = FigureField(label=_("Invested, year to date"), unit=Unit.WAN_YUAN)
    physical_progress = FigureField(label=_("Physical progress (%)"), unit=Unit.PERCENT)
    status = forms.ChoiceField(label=_("Status"), choices=Status.choices, required=False)
    started_on = forms.DateField(label=_("Started on"), required=False)
    completed_on = forms.DateField(label=_("Completed on"), required=False)
    narrative = _words("narrative")
    problems = _words("problems")
    next_step = _words("next_step")
    correction = _words("correction")
    confirmed = forms.MultipleChoiceField(
        choices=[(code.value, code.value) for code in Code], required=False
    )

    def values(self) -> dict[str, Any]:
        """The columns of the report; only of a valid form."""
        found = dict(self.cleaned_data)
        del found["version"]
        found["confirmed"] = sorted(found["confirmed"])
        return found


class BlockForm(forms.Form):
    """A block copied from a spreadsheet."""

    block = forms.CharField(
        label=_("Copied rows"), strip=False, widget=forms.Textarea(attrs={"rows": 6, "wrap": "off"})
    )
