"""The form that chooses which fixtures to load."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

MAX_UPLOAD = 5 * 1024 * 1024


class FixtureForm(forms.Form):
    """Files of the site, an uploaded one, or both; the uploaded one is loaded last."""

    chosen = forms.MultipleChoiceField(
        label=_("Fixtures of the site"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    upload = forms.FileField(
        label=_("Another fixture file"),
        required=False,
        validators=[FileExtensionValidator(["json"])],
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        help_text=_("JSON in UTF-8, at most 5 MB."),
    )

    def __init__(self, *args: Any, site_names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(name, name) for name in site_names]  # type: ignore[attr-defined]

    def clean_upload(self) -> tuple[str, str] | None:
        """Name and text of the uploaded file; refuses what is too large or not UTF-8."""
        upload: UploadedFile | None = self.cleaned_data["upload"]
        if upload is None:
            return None
        if (upload.size or 0) > MAX_UPLOAD:
            raise ValidationError(_("The file is larger than 5 MB."))
        try:
            return upload.name or "", upload.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("The file is not text in UTF-8.")) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data["chosen"] and not data["upload"]:
            raise ValidationError(_("Choose a file."))
        return data
