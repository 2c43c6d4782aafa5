"""Asking for a document, and writing a text of the annual report."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from summaries import narrative, rollup
from summaries.document_kinds import KINDS
from summaries.models import DocumentRun
from summaries.report_fields import Fields


class KindForm(forms.Form):
    """Which document; only kinds that are built."""

    kind = forms.ChoiceField(choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [choice for choice in DocumentRun.Kind.choices if choice[0] in KINDS]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class DocumentForm(forms.Form):
    """What a kind of document is asked for by; a field stands here once for all kinds."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = DocumentRun.Kind(kind)
        wanted = KINDS[kind].parameters
        self.fields = {name: self.fields[name] for name in wanted}
        if "year" in self.fields:
            self.fields["year"].choices = [(year, str(year)) for year in rollup.years()]  # type: ignore[attr-defined]

    @property
    def parameters(self) -> dict[str, Any]:
        """What was asked for, as a run keeps it."""
        return {name: self.cleaned_data[name] for name in KINDS[self.kind].parameters}


class NarrativeForm(forms.Form):
    """A text of the annual report; every field that it names must exist."""

    text = forms.CharField(
        label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 8}), max_length=4000
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, code: str, known: Fields, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code, self.known = code, known

    def clean_text(self) -> str:
        """With plain line ends; a field that does not exist is named."""
        text = "\n".join(self.cleaned_data["text"].splitlines())
        for name in narrative.named_in(text):
            if name not in self.known:
                raise forms.ValidationError(str(narrative.UnknownFieldError(self.code, name)))
        return text
