"""Photos of a site, several at once."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.models import ReportPhoto
from projects.photographs import MOST_BYTES, MOST_PHOTOS


class PhotosInput(forms.FileInput):
    """Takes several files."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """The list of uploaded files; what is in them is for photographs.prepare to say."""

    widget = PhotosInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """At least one file."""
        files: list[UploadedFile] = data or []
        if not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return files


class PhotosForm(forms.Form):
    """An upload: photos, one caption for them, and whether their place may be kept."""

    images = PhotosField(label=_("Photos"))
    caption = forms.CharField(
        label=_("Caption"),
        required=False,
        max_length=ReportPhoto._meta.get_field("caption").max_length,
    )
    keep_location = forms.BooleanField(
        label=_("Keep the place where they were taken"),
        required=False,
        help_text=_("Otherwise the coordinates are removed as well."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["images"].help_text = gettext(
            "JPEG, PNG or WebP, up to %(most)s MB each, at most %(photos)s for a report."
            " They are made smaller; what the camera wrote into them is removed."
        ) % {"most": MOST_BYTES // 1024 // 1024, "photos": MOST_PHOTOS}
