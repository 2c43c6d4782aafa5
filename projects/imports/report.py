"""What a load did, or in a dry run would do."""

from dataclasses import dataclass, field

from django.db.models import Model


@dataclass(frozen=True, slots=True)
class RowReport:
    """A row that was added, or changed with field, old and new value."""

    key: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class ModelReport:
    """What happened to the rows of one model."""

    label: str
    verbose_name: str
    added: list[RowReport] = field(default_factory=list)
    changed: list[RowReport] = field(default_factory=list)
    left: int = 0


@dataclass(slots=True)
class Report:
    """What a load did, or in a dry run would do, model by model."""

    models: list[ModelReport] = field(default_factory=list)

    def of(self, model: type[Model]) -> ModelReport:
        """The report of a model, begun where there is none yet."""
        label = model._meta.label_lower
        for report in self.models:
            if report.label == label:
                return report
        report = ModelReport(label, str(model._meta.verbose_name_plural))
        self.models.append(report)
        return report
