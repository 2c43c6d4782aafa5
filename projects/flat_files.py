"""The published data as flat files, and the dictionary of their columns, which the models write."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from projects.models import AnnualPlan, Funding, Milestone, ProgressReport, Project
from projects.publishing import Public

CHUNK = 2000
LABEL = "_label"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a flat file and the field that it shows."""

    name: str
    field: "models.Field[Any, Any]"

    @property
    def heads(self) -> list[str]:
        """The heading, and that of the label where the value is a code."""
        return [self.name, self.name + LABEL] if self.labels is not None else [self.name]

    @property
    def labels(self) -> dict[Any, str] | None:
        """The words of the codes; None where the values are no codes."""
        choices = self.field.flatchoices
        return {code: str(label) for code, label in choices if code} if choices else None


@dataclass(frozen=True, slots=True)
class FlatFile:
    """A table of one model's rows: the columns by name, each with the way to its field."""

    name: str
    title: Any
    model: type[models.Model]
    columns: tuple[tuple[str, str], ...]
    rows_of: Callable[[Public], QuerySet[Any]]

    def heads(self) -> list[str]:
        """The names of the columns; a coded value has its label beside it."""
        return [head for column in self.described() for head in column.heads]

    def described(self) -> list[Column]:
        """The columns with their fields."""
        return [Column(name, field_of(self.model, path)) for name, path in self.columns]

    def rows(self, public: Public) -> Iterator[list[Any]]:
        """The published rows, read a chunk at a time."""
        labels = [column.labels for column in self.described()]
        paths = [path for _name, path in self.columns]
        for row in self.rows_of(public).values_list(*paths).iterator(chunk_size=CHUNK):
            cells = []
            for value, known in zip(row, labels, strict=True):
                cells.append(value)
                if known is not None:
                    cells.append(known.get(value, ""))
            yield cells


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the dictionary."""

    file: str
    column: str
    title: str
    kind: str
    codes: str
    about: str


KINDS: tuple[tuple[type["models.Field[Any, Any]"], Any], ...] = (
    (models.DateField, gettext_lazy("date, YYYY-MM-DD")),
    (models.DecimalField, gettext_lazy("decimal number")),
    (models.IntegerField, gettext_lazy("whole number")),
)
HEADS = ("file", "column", "title", "type", "codes", "about")

FILES = (
    FlatFile(
        "projects.csv",
        gettext_lazy("Projects"),
        Project,
        (
            ("code", "code"),
            ("national_code", "national_code"),
            ("name", "name"),
            ("category", "category"),
            ("sector", "sector"),
            ("status", "status"),
            ("department_code", "department__code"),
            ("department", "department__name"),
            ("region_code", "region__code"),
            ("region", "region__name"),
            ("owner_unit", "owner_unit"),
            ("description", "description"),
            ("total_investment", "total_investment"),
            ("planned_start_on", "planned_start_on"),
            ("planned_finish_on", "planned_finish_on"),
            ("started_on", "started_on"),
            ("completed_on", "completed_on"),
            ("statistics_entry_on", "statistics_entry_on"),
            ("part_of", "parent__code"),
            ("earlier_phase", "predecessor__code"),
        ),
        lambda public: public.projects().order_by("code"),
    ),
    FlatFile(
        "plans.csv",
        gettext_lazy("Entries of the years' lists"),
        AnnualPlan,
        (
            ("code", "project__code"),
            ("year", "year"),
            ("cited_name", "cited_name"),
            ("level", "level"),
            ("category", "category"),
            ("sector", "sector"),
            ("goal", "goal"),
            ("result", "result"),
            ("planned_investment", "planned_investment"),
            ("invested_before", "invested_before"),
            ("table", "table"),
            ("position", "position"),
            ("adopted_on", "adopted_on"),
        ),
        lambda public: public.entries().order_by("year", "project__code"),
    ),
    FlatFile(
        "months.csv",
        gettext_lazy("Approved monthly figures"),
        ProgressReport,
        (
            ("code", "entry__project__code"),
            ("year", "period__year"),
            ("month", "period__month"),
            ("planned_year", "planned_year"),
            ("planned_ytd", "planned_ytd"),
            ("invested_ytd", "approved_invested_ytd"),
            ("physical_progress", "approved_physical_progress"),
            ("status", "approved_status"),
        ),
        lambda public: ProgressReport.objects.filter(
            entry__in=public.entries(), approved_invested_ytd__isnull=False
        ).order_by("period__year", "period__month", "entry__project__code"),
    ),
    FlatFile(
        "funding.csv",
        gettext_lazy("Funding by source"),
        Funding,
        (
            ("code", "project__code"),
            ("source", "source"),
            ("amount", "amount"),
            ("arrived", "arrived"),
        ),
        lambda public: Funding.objects.filter(project__in=public.projects()).order_by(
            "project__code", "source"
        ),
    ),
    FlatFile(
        "milestones.csv",
        gettext_lazy("Milestones"),
        Milestone,
        (
            ("code", "project__code"),
            ("kind", "kind"),
            ("name", "name"),
            ("due_on", "due_on"),
            ("done_on", "done_on"),
        ),
        lambda public: Milestone.objects.filter(project__in=public.projects()).order_by(
            "project__code", "due_on", "pk"
        ),
    ),
)


def field_of(model: type[models.Model], path: str) -> "models.Field[Any, Any]":
    """The field that a path leads to, over the models that it passes."""
    *before, last = path.split("__")
    for name in before:
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model._meta.get_field(last)  # type: ignore[return-value]


def dictionary() -> list[Entry]:
    """Every column of every file, in the reader's language."""
    return [
        Entry(
            file=each.name,
            column=column.name,
            title=str(column.field.verbose_name),
            kind=kind_of(column),
            codes="; ".join(f"{code} = {label}" for code, label in (column.labels or {}).items()),
            about=_about(each, column),
        )
        for each in FILES
        for column in each.described()
    ]


def kind_of(column: Column) -> str:
    """What the values of a column are, in words."""
    if column.labels is not None:
        return _("code; %(column)s has its label") % {"column": column.name + LABEL}
    for kind, words in KINDS:
        if isinstance(column.field, kind):
            return str(words)
    return pgettext("kind of value", "text")


def _about(file: FlatFile, column: Column) -> str:
    """Of whom the column tells, where that is not the row's own model, and the field's own note."""
    notes = [str(column.field.help_text)] if column.field.help_text else []
    if column.field.model is not file.model:
        notes.insert(0, str(column.field.model._meta.verbose_name))
    return "; ".join(notes)
