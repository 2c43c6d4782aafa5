"""Asking for a document, and writing a text of the annual report."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Region, User
from accounts.permissions import selectable_regions, visible_departments
from projects.models import Project, ReportingPeriod
from projects.permissions import visible_projects
from summaries import narrative, rollup
from summaries.document_kinds import KINDS
from summaries.models import DocumentRun, ReconciliationNote
from summaries.report_fields import Fields

STRANGER = "stranger"


class KindForm(forms.Form):
    """Which document; only kinds that are built."""

    kind = forms.ChoiceField(choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [choice for choice in DocumentRun.Kind.choices if choice[0] in KINDS]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]


class RegionField(forms.ModelChoiceField):
    """Of which region something is made; none is all that the user sees."""

    def __init__(self, user: User) -> None:
        super().__init__(
            selectable_regions(user),
            label=_("Region"),
            empty_label=_("All that you see"),
            to_field_name="code",
            required=False,
        )

    def label_from_instance(self, obj: Any) -> str:
        """The name as it stands in the select."""
        return "　" * obj.depth + obj.name


def add_region(form: forms.Form, user: User) -> None:
    """Let a form ask for the region, where there is any to choose."""
    field = RegionField(user)
    if field.queryset.exists():  # type: ignore[union-attr]
        form.fields["region"] = field


class DocumentForm(forms.Form):
    """What a kind of document is asked for by; a field stands here once for all kinds.

    Projects and departments are those that the user sees: others have the error STRANGER.
    """

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    month = forms.TypedChoiceField(
        label=_("Month"), coerce=int, choices=[(month, month) for month in range(1, 13)]
    )
    project = forms.CharField(label=_("Code of the project"), max_length=20)
    department = forms.CharField(label=_("Department"), max_length=40)

    def __init__(self, kind: str, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = DocumentRun.Kind(kind)
        self.user = user
        self.fields = {name: self.fields[name] for name in KINDS[kind].parameters}
        if "year" in self.fields:
            self.fields["year"].choices = [(year, str(year)) for year in rollup.years()]  # type: ignore[attr-defined]
        if KINDS[kind].is_regional:
            add_region(self, user)
        if "month" in self.fields:
            self.initial = {**self._latest_round(), **self.initial}
        if "department" in self.fields:
            choices = visible_departments(user).values_list("code", "name")
            self.fields["department"].widget = forms.Select(choices=list(choices))

    @property
    def parameters(self) -> dict[str, Any]:
        """What was asked for, as a run keeps it."""
        parameters = {name: self.cleaned_data[name] for name in KINDS[self.kind].parameters}
        for name in ("project", "department"):
            if name in parameters:
                parameters[name] = parameters[name].code
        return parameters

    @property
    def region(self) -> Region | None:
        """Which region it is of: the one chosen, else the user's; None for everything."""
        return self.cleaned_data.get("region") or self.user.region

    @property
    def owner(self) -> Department | None:
        """Whose document it is; None for the whole office's."""
        if project := self.cleaned_data.get("project"):
            return project.department
        return self.cleaned_data.get("department")

    @property
    def is_of_a_stranger(self) -> bool:
        """Whether what was asked about is not the user's to see."""
        return any(self.has_error(name, STRANGER) for name in ("project", "department"))

    def clean_project(self) -> Project:
        project = (
            visible_projects(self.user)
            .select_related("department")
            .filter(code=self.cleaned_data["project"])
            .first()
        )
        if project is None:
            raise ValidationError(_("There is no such project."), code=STRANGER)
        return project

    def clean_department(self) -> Department:
        found = visible_departments(self.user).filter(code=self.cleaned_data["department"])
        department: Department | None = found.first()
        if department is None:
            raise ValidationError(_("There is no such department."), code=STRANGER)
        return department

    def clean(self) -> dict[str, Any]:
        """A month's document needs a round that has been opened."""
        cleaned = super().clean() or {}
        if {"year", "month"} <= cleaned.keys():
            opened = ReportingPeriod.objects.filter(opened_at__isnull=False)
            if not opened.filter(year=cleaned["year"], month=cleaned["month"]).exists():
                raise ValidationError(_("The round of this month has not been opened."))
        return cleaned

    @property
    def refusal(self) -> str:
        """Why the form is refused, in a sentence."""
        reasons = self.non_field_errors()
        return str(reasons[0]) if reasons else gettext("Nothing is recorded of that year.")

    def _latest_round(self) -> dict[str, int]:
        opened = ReportingPeriod.objects.filter(opened_at__isnull=False)
        latest = opened.order_by("year", "month").last()
        return {"year": latest.year, "month": latest.month} if latest else {}


class MonthForm(forms.Form):
    """Whose month's summary is built: one of the rounds that have been opened, the latest first."""

    period = forms.ChoiceField(label=_("Month"), choices=[])

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        add_region(self, user)
        opened = ReportingPeriod.objects.filter(opened_at__isnull=False)
        months = opened.order_by("-year", "-month").values_list("year", "month")
        self.fields["period"].choices = [  # type: ignore[attr-defined]
            (f"{year}-{month:02d}", f"{year}-{month:02d}") for year, month in months
        ]

    @property
    def region(self) -> Region | None:
        """Which region it is of: the one chosen, else the user's; None for everything."""
        return self.cleaned_data.get("region") or self.user.region

    @property
    def parameters(self) -> dict[str, int]:
        """What a run keeps."""
        year, month = self.cleaned_data["period"].split("-")
        return {"year": int(year), "month": int(month)}


class IssueForm(forms.Form):
    """Issuing a summary: which issue it replaces, if any, and why."""

    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why a new issue is needed"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReconciliationForm(forms.Form):
    """What is added to a line of the reconciliation; the statistics office's figure to money only."""

    statistics = forms.DecimalField(
        label=_("Statistics office (10,000 yuan)"),
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=2,
    )
    reason = forms.CharField(
        label=_("Reason of the difference"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_money: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_money = is_money
        if not is_money:
            self.fields["statistics"].disabled = True
            self.fields["statistics"].widget = forms.HiddenInput()

    @classmethod
    def of(cls, note: ReconciliationNote, *, is_money: bool) -> "ReconciliationForm":
        """The form as the line stands."""
        names = ("statistics", "reason", "version")
        return cls(initial={name: getattr(note, name) for name in names}, is_money=is_money)

    def again(self, version: int) -> "ReconciliationForm":
        """What was typed, to be sent again over the version that stands now."""
        typed = {**{name: self.data[name] for name in self.data}, "version": str(version)}
        return ReconciliationForm(typed, is_money=self.is_money)


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
