"""The form that explains a data question and closes it."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AnswerForm(forms.Form):
    """What settles the question."""

    explanation = forms.CharField(
        label=_("Explanation"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
