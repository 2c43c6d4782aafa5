"""Asking for a summary."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from summaries import rollup


class BuildForm(forms.Form):
    """Which year to sum up; only years that something is recorded of."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in rollup.years()]  # type: ignore[attr-defined]
