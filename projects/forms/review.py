"""The notes that go with a step."""

from django import forms
from django.utils.translation import gettext_lazy as _


class StepForm(forms.Form):
    """One step with a report: the version that was looked at, and a note."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
