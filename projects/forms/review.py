"""The version that a step goes with, and its note."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class StepForm(forms.Form):
    """One step with a report: the version that was looked at, and a note."""

    version = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        widget=forms.HiddenInput,
        error_messages={
            "required": _("The form was not complete: open the page again."),
            "invalid": _("The form was not complete: open the page again."),
        },
    )
    note = forms.CharField(
        label=pgettext_lazy("of a step", "Note"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def refuse(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Take over what the workflow found, at the form's own fields where they are meant."""
        for name, found in errors.items():
            for message in found:
                self.add_error(name if name in self.fields else None, message)
