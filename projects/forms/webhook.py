"""A webhook's name, address and events."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects import webhooks
from projects.models import Webhook, WebhookEvent


class WebhookForm(forms.ModelForm):
    """What an administrator enters of a webhook; the address is judged, nobody is asked yet."""

    events = forms.MultipleChoiceField(
        label=_("Events"), choices=WebhookEvent.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Webhook
        fields = ("name", "url", "events")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        refusal = webhooks.refusal_of(url)
        if refusal:
            raise forms.ValidationError(refusal)
        return url
