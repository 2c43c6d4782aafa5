"""Uploading a report; correcting what was found in it, a form for each kind of proposal."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import FileExtensionValidator
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from indicators.models import Commitment, Indicator
from projects.models import (
    Category,
    Comparator,
    Level,
    PlanStatement,
    Project,
    Stage,
    StatedAmount,
)
from reading import labels
from reading.choices import Kind
from reading.models import ReadingRow
from reading.proposals import CommitmentFound, Proposal
from reading.review import Candidate

MAX_UPLOAD = 20 * 1024 * 1024
EXTENSIONS = ("docx", "pdf", "txt", "html", "htm")
_NEW = ""
_MODELS: dict[str, type[Model]] = {
    Kind.PROJECT: Project,
    Kind.INDICATOR: Indicator,
    Kind.COUNT: PlanStatement,
    Kind.AMOUNT: StatedAmount,
    Kind.COMMITMENT: Commitment,
}


class UploadForm(forms.Form):
    """A report's file; what is in it is looked at by a worker."""

    upload = forms.FileField(
        label=_("Report"),
        validators=[FileExtensionValidator(EXTENSIONS)],
        widget=forms.FileInput(attrs={"accept": ",".join(f".{each}" for each in EXTENSIONS)}),
        help_text=_("Word (.docx), PDF with text, plain text or a web page; at most 20 MB."),
    )

    def clean_upload(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["upload"]
        if (upload.size or 0) > MAX_UPLOAD:
            raise ValidationError(_("The file is larger than 20 MB."))
        return upload


class CorrectionForm(forms.Form):
    """What an officer says instead of what was found, and which known record is meant."""

    FIELDS: tuple[str, ...] = ()

    def __init__(
        self,
        row: ReadingRow,
        proposal: Proposal,
        candidates: Sequence[Candidate],
        data: QueryDict | None = None,
        *,
        prefix: str = "",
    ) -> None:
        self.row, self.proposal = row, proposal
        chosen = _NEW if row.candidate is None else str(row.candidate)
        initial = {name: _initial(getattr(proposal, name)) for name in self.FIELDS}
        super().__init__(data, prefix=prefix, initial={**initial, "candidate": chosen})
        for name, field in self.fields.items():
            field.label = field.label or labels.field_label(name)
        self.fields["candidate"] = forms.ChoiceField(
            label=_("Known record"),
            required=False,
            choices=[
                (_NEW, _("None: it is new")),
                *((str(each.key), f"{each.name} · {each.code}") for each in candidates),
            ],
        )
        self.fields["code"] = forms.CharField(
            label=_("Another known record"),
            required=False,
            max_length=60,
            help_text=_("Its code, where it is none of these."),
        )
        self.chosen: int | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.chosen = int(data["candidate"]) if data.get("candidate") else None
        if code := (data.get("code") or "").strip():
            found = _MODELS[self.row.kind]._default_manager.filter(code=code).first()
            if found is None:
                self.add_error("code", _("No known record has this code."))
            else:
                self.chosen = found.pk
        return data

    def values(self) -> dict[str, Any]:
        """What differs from what was found, as JSON."""
        said = {name: _stored(self.cleaned_data[name]) for name in self.FIELDS}
        return {name: value for name, value in said.items() if value != self.row.proposal[name]}


class ProjectForm(CorrectionForm):
    """A project and its place in the year's list."""

    FIELDS = (
        "name",
        "year",
        "part",
        "stage",
        "verb",
        "category",
        "sector",
        "level",
        "position",
        "total_investment",
        "planned_investment",
        "owner_unit",
    )

    name = forms.CharField(max_length=120)
    year = forms.IntegerField(min_value=1990, max_value=2100)
    part = forms.ChoiceField(choices=list(labels.PARTS.items()))
    stage = forms.ChoiceField(choices=[("", "—"), *Stage.choices], required=False)
    verb = forms.CharField(max_length=40, required=False)
    category = forms.ChoiceField(choices=[("", "—"), *Category.choices], required=False)
    sector = forms.CharField(max_length=40, required=False)
    level = forms.ChoiceField(choices=[("", "—"), *Level.choices], required=False)
    position = forms.IntegerField(
        min_value=0,
        help_text=_("0: it is only spoken of, and does not stand in the year's list."),
    )
    total_investment = forms.DecimalField(required=False, min_value=0, decimal_places=2)
    planned_investment = forms.DecimalField(required=False, min_value=0, decimal_places=2)
    owner_unit = forms.CharField(max_length=100, required=False)


class IndicatorForm(CorrectionForm):
    """An indicator with the year's target and result."""

    FIELDS = ("name", "unit", "year", "target", "actual", "binding", "parent", "seq")

    name = forms.CharField(max_length=100)
    unit = forms.CharField(max_length=20, required=False)
    year = forms.IntegerField(min_value=1990, max_value=2100)
    target = forms.CharField(
        max_length=100, required=False, help_text=_("Left empty, no target is written.")
    )
    actual = forms.CharField(
        max_length=100, required=False, help_text=_("Left empty, no result is written.")
    )
    binding = forms.TypedChoiceField(
        choices=[("", "—"), ("true", _("binding")), ("false", _("expected"))],
        coerce=lambda value: value == "true",
        empty_value=None,
        required=False,
    )
    parent = forms.CharField(max_length=100, required=False)
    seq = forms.CharField(max_length=5, required=False)


class CountForm(CorrectionForm):
    """A stated number of projects."""

    FIELDS = ("subject", "year", "stage", "comparator", "count", "category", "level")

    subject = forms.CharField(max_length=100, required=False)
    year = forms.IntegerField(min_value=1990, max_value=2100)
    stage = forms.ChoiceField(choices=[("", "—"), *Stage.choices], required=False)
    comparator = forms.ChoiceField(choices=Comparator.choices)
    count = forms.IntegerField(min_value=0)
    category = forms.ChoiceField(choices=[("", "—"), *Category.choices], required=False)
    level = forms.ChoiceField(choices=[("", "—"), *Level.choices], required=False)


class AmountForm(CorrectionForm):
    """A stated amount of money."""

    FIELDS = ("subject", "year", "kind", "comparator", "value", "unit", "growth", "growth_unit")

    subject = forms.CharField(max_length=100)
    year = forms.IntegerField(min_value=1990, max_value=2100)
    kind = forms.ChoiceField(choices=StatedAmount.Kind.choices)
    comparator = forms.ChoiceField(choices=Comparator.choices)
    value = forms.DecimalField(required=False, decimal_places=4)
    unit = forms.CharField(max_length=20, required=False)
    growth = forms.DecimalField(required=False, decimal_places=3)
    growth_unit = forms.CharField(max_length=20, required=False)


class CommitmentForm(CorrectionForm):
    """A commitment; quantities that were misread are left out."""

    FIELDS = ("title", "year", "kind", "part", "heading", "text")

    title = forms.CharField(max_length=100)
    year = forms.IntegerField(min_value=1990, max_value=2100)
    kind = forms.ChoiceField(choices=Commitment.Kind.choices)
    part = forms.ChoiceField(choices=list(labels.PARTS.items()))
    heading = forms.CharField(max_length=80, required=False)
    text = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(
        self,
        row: ReadingRow,
        proposal: Proposal,
        candidates: Sequence[Candidate],
        data: QueryDict | None = None,
        *,
        prefix: str = "",
    ) -> None:
        super().__init__(row, proposal, candidates, data, prefix=prefix)
        found = proposal.measures if isinstance(proposal, CommitmentFound) else ()
        if found:
            self.fields["left_out"] = forms.TypedMultipleChoiceField(
                label=_("Quantities to leave out"),
                required=False,
                coerce=int,
                widget=forms.CheckboxSelectMultiple,
                choices=[(str(n), labels.measure(each)) for n, each in enumerate(found)],
                initial=row.values.get("dropped_measures", []),
            )

    def values(self) -> dict[str, Any]:
        said = super().values()
        if left_out := self.cleaned_data.get("left_out"):
            said["dropped_measures"] = left_out
        return said


FORMS: dict[str, type[CorrectionForm]] = {
    Kind.PROJECT: ProjectForm,
    Kind.INDICATOR: IndicatorForm,
    Kind.COUNT: CountForm,
    Kind.AMOUNT: AmountForm,
    Kind.COMMITMENT: CommitmentForm,
}


def _initial(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.value if isinstance(value, StrEnum) else value


def _stored(value: Any) -> Any:
    return f"{value.normalize() + 0:f}" if isinstance(value, Decimal) else value
