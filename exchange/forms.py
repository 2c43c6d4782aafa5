"""The forms of the imports: a workbook of a kind, and what a template is filled with."""

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from office.excel import KINDS, Code, ExcelError
from office.intake import Kind, Scope


class UploadForm(forms.Form):
    """A filled workbook."""

    upload = forms.FileField(
        label=_("Workbook"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind}" for kind in KINDS)}),
    )
    skips_totals = forms.BooleanField(
        label=_("Skip rows of totals (合计, 小计)"), required=False, label_suffix=""
    )

    def __init__(self, *args: Any, kind: Kind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limits = kind.limits
        self.fields["upload"].help_text = _(
            ".xlsx, .xls, .et or .csv, at most %(megabytes)s MB and %(rows)s rows."
        ) % {"megabytes": self.limits.megabytes, "rows": f"{self.limits.rows:,}"}

    def clean_upload(self) -> UploadedFile:
        """The file, which is not larger than is read at all."""
        upload: UploadedFile = self.cleaned_data["upload"]
        if (upload.size or 0) > self.limits.megabytes * 1024 * 1024:
            refused = ExcelError(Code.FILE_TOO_LARGE, most=self.limits.megabytes)
            raise forms.ValidationError(refused.message)
        return upload


class ScopeForm(forms.Form):
    """Which rows a template is filled with; what the kind does not ask for is left out."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    month = forms.IntegerField(label=_("Month"), min_value=1, max_value=12)

    def __init__(self, *args: Any, kind: Kind, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        if kind.scope != "month":
            del self.fields["month"]
        if not kind.scope:
            del self.fields["year"]

    def scope(self) -> Scope:
        """The rows that are asked for; only of a valid form."""
        data = self.cleaned_data
        return Scope(data.get("year", self.on.year), data.get("month", self.on.month))
