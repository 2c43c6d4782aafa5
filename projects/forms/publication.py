"""Publishing a list as open data, or withdrawing it."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PublicationForm(forms.Form):
    """A decision about one list; a withdrawal says why."""

    PUBLISH, WITHDRAW = "publish", "withdraw"

    step = forms.ChoiceField(
        choices=[(PUBLISH, _("Publish")), (WITHDRAW, _("Withdraw"))], widget=forms.HiddenInput
    )
    reason = forms.CharField(label=_("Reason"), max_length=400, required=False)
