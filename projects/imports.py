"""Loading fixtures: checked row by row, written all or nothing, idempotent by natural keys.

A fixture file is JSON: `model`, optionally the `document` that its rows cite, and `rows`. A model
is loadable where it declares FIXTURE_KEY; fields named in its FIXTURE_INITIAL are set once and
then belong to the people who work with them.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models, transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _

from accounts.models import User
from projects.models import Cited, SourceDocument, SourceSentence
from projects.sources import OutlineError, store

_SOURCE_FILE = re.compile(r"source/[\w.-]+\.txt")
_HEADER_KEYS = {"model", "document", "about", "rows"}


@dataclass(frozen=True, slots=True)
class FixtureFile:
    """A file's name, as messages call it, and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: file, row (counted from 1; 0 is the file itself), field, and what."""

    file: str
    row: int
    field: str
    message: str

    def __str__(self) -> str:
        place = [self.file]
        if self.row:
            place.append(_("row %(row)d") % {"row": self.row})
        if self.field:
            place.append(self.field)
        return f"{' · '.join(place)}: {self.message}"


class FixtureError(Exception):
    """Nothing was loaded; `problems` says why, every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = list(problems)


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


class _RowError(Exception):
    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field_name = field_name


def site_fixtures(folder: Path | None = None) -> list[FixtureFile]:
    """The fixtures that belong to the site, in loading order; sample data are not among them."""
    folder = folder or settings.FIXTURES_DIR
    return [read_file(path) for path in sorted(Path(folder).glob("*.json"))]


def read_file(path: Path) -> FixtureFile:
    """Read a fixture from disk; raises FixtureError where it is missing or not UTF-8."""
    try:
        return FixtureFile(path.name, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise FixtureError([Problem(path.name, 0, "", _("cannot be read: %s") % error)]) from error


def load(files: Iterable[FixtureFile], *, dry_run: bool = False, by: User | None = None) -> Report:
    """Load the files in their order, in one transaction; a dry run writes nothing.

    Raises FixtureError with every problem of every row; nothing is loaded then.
    """
    loading = _Loading()
    with transaction.atomic():
        for file in files:
            loading.add(file)
        if by is not None and not dry_run and not loading.problems:
            _note(loading.report, by)
        if dry_run or loading.problems:
            transaction.set_rollback(True)
    if loading.problems:
        raise FixtureError(loading.problems)
    return loading.report


def _note(report: Report, by: User) -> None:
    for model_report in report.models:
        if model_report.added or model_report.changed:
            model = apps.get_model(model_report.label)
            LogEntry.objects.create(
                user=by,
                content_type=ContentType.objects.get_for_model(model),
                object_repr=str(model._meta.verbose_name_plural),
                action_flag=CHANGE,
                change_message=f"+{len(model_report.added)} ~{len(model_report.changed)}",
            )


class _Loading:
    """The state of one load: what was found so far and what is wrong."""

    def __init__(self) -> None:
        self.report = Report()
        self.problems: list[Problem] = []
        self._objects: dict[type[models.Model], dict[tuple[Any, ...], models.Model]] = {}
        self._sentences: dict[str, dict[str, list[SourceSentence]]] = {}

    def add(self, file: FixtureFile) -> None:
        """Load one file, collecting its problems."""
        try:
            content = json.loads(file.text, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            self.problems.append(Problem(file.name, 0, "", _("is not JSON: %s") % error))
            return
        try:
            model, document, rows = self._header(content)
        except _RowError as error:
            self.problems.append(Problem(file.name, 0, error.field_name, str(error)))
            return
        seen: dict[tuple[Any, ...], int] = {}
        for number, row in enumerate(rows, start=1):
            try:
                with transaction.atomic():
                    self._row(model, document, row, number, seen)
            except _RowError as error:
                self.problems.append(Problem(file.name, number, error.field_name, str(error)))
            except ValidationError as error:
                self.problems += [
                    Problem(
                        file.name, number, "" if name == "__all__" else name, "; ".join(messages)
                    )
                    for name, messages in error.message_dict.items()
                ]

    def _header(self, content: Any) -> tuple[type[models.Model], str, list[Any]]:
        if not isinstance(content, dict):
            raise _RowError("", _("must be an object with model and rows"))
        for name in content.keys() - _HEADER_KEYS:
            raise _RowError(str(name), _("unknown key"))
        try:
            model = apps.get_model(str(content.get("model", "")))
        except (LookupError, ValueError):
            raise _RowError("model", _("unknown model: %s") % content.get("model")) from None
        if not hasattr(model, "FIXTURE_KEY"):
            raise _RowError("model", _("not loaded from fixtures: %s") % content["model"])
        rows = content.get("rows")
        if not isinstance(rows, list):
            raise _RowError("rows", _("must be a list"))
        return model, str(content.get("document", "")), rows

    def _row(
        self,
        model: type[models.Model],
        document: str,
        row: Any,
        number: int,
        seen: dict[tuple[Any, ...], int],
    ) -> None:
        if not isinstance(row, dict):
            raise _RowError("", _("must be an object"))
        values, many = self._values(model, document, dict(row))
        key = self._key(model, values)
        if key in seen:
            raise _RowError(
                ", ".join(model.FIXTURE_KEY),  # type: ignore[attr-defined]
                _("duplicate of row %(row)d") % {"row": seen[key]},
            )
        seen[key] = number
        found = self._existing(model).get(key)
        if found is None:
            self._create(model, key, values, many)
        else:
            self._update(found, key, values, many)

    def _create(
        self,
        model: type[models.Model],
        key: tuple[Any, ...],
        values: dict[str, Any],
        many: dict[str, list[models.Model]],
    ) -> None:
        created = model(**values)
        created.full_clean()
        created.save()
        for name, members in many.items():
            getattr(created, name).set(members)
        self._existing(model)[key] = created
        self.report.of(model).added.append(RowReport(_show(key)))
        self._after(created)

    def _update(
        self,
        found: models.Model,
        key: tuple[Any, ...],
        values: dict[str, Any],
        many: dict[str, list[models.Model]],
    ) -> None:
        report = self.report.of(type(found))
        initial = getattr(found, "FIXTURE_INITIAL", ())
        changes = []
        for name, new in values.items():
            old = getattr(found, name)
            if old != new and not (name in initial and old not in (None, "")):
                changes.append((name, _show(old), _show(new)))
                setattr(found, name, new)
        for name, members in many.items():
            old_members = set(getattr(found, name).all())
            if old_members != set(members):
                changes.append((name, _show(sorted(map(str, old_members))), _show(members)))
                getattr(found, name).set(members)
        if changes:
            found.full_clean()
            found.save()
            report.changed.append(RowReport(_show(key), changes))
        else:
            report.left += 1
        self._after(found)

    def _after(self, row: models.Model) -> None:
        if isinstance(row, SourceDocument):
            if not _SOURCE_FILE.fullmatch(row.file):
                raise _RowError("file", _("must be source/NAME.txt"))
            path = Path(settings.FIXTURES_DIR) / row.file
            try:
                store(row, path.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError) as error:
                raise _RowError("file", _("cannot be read: %s") % error) from error
            except (OutlineError, KeyError, ValueError) as error:
                raise _RowError("sections", str(error)) from error
            except ProtectedError:
                raise _RowError("sections", _("a sentence that facts cite is gone")) from None
            self._sentences.pop(row.code, None)

    def _values(
        self, model: type[models.Model], document: str, row: dict[str, Any]
    ) -> tuple[dict[str, Any], dict[str, list[models.Model]]]:
        values: dict[str, Any] = {}
        many: dict[str, list[models.Model]] = {}
        if issubclass(model, Cited) and ("section" in row or "quote" in row):
            values["quote"] = str(row.pop("quote", ""))
            values["sentence"] = self._sentence(document, row.pop("section", ""), values["quote"])
        for name, given in row.items():
            model_field = self._field(model, name)
            if isinstance(model_field, models.ManyToManyField):
                many[name] = [self._target(name, model_field, item) for item in given or []]
            elif isinstance(model_field, models.ForeignKey):
                values[name] = None if given is None else self._target(name, model_field, given)
            elif given is None and not model_field.null:
                values[name] = model_field.get_default()
            else:
                values[name] = _python_value(name, model_field, given)
        return values, many

    def _field(self, model: type[models.Model], name: str) -> models.Field:
        try:
            found = model._meta.get_field(name)
        except FieldDoesNotExist:
            raise _RowError(name, _("unknown key")) from None
        if not isinstance(found, models.Field) or found.primary_key or not found.editable:
            raise _RowError(name, _("unknown key"))
        return found

    def _target(self, name: str, model_field: Any, given: Any) -> models.Model:
        target: type[models.Model] = model_field.related_model
        parts = tuple(given) if isinstance(given, list) else (given,)
        key_fields: tuple[str, ...] = getattr(target, "FIXTURE_KEY", ("pk",))
        if len(parts) == len(key_fields):
            resolved = []
            for key_field, part in zip(key_fields, parts, strict=True):
                column = target._meta.get_field(key_field)
                if isinstance(column, models.ForeignKey):
                    resolved.append(self._target(name, column, part).pk)
                else:
                    resolved.append(part)
            found = self._existing(target).get(tuple(resolved))
            if found is not None:
                return found
        raise _RowError(
            name,
            _("no such %(what)s: %(key)s") % {"what": target._meta.verbose_name, "key": given},
        )

    def _key(self, model: type[models.Model], values: dict[str, Any]) -> tuple[Any, ...]:
        key = []
        for name in model.FIXTURE_KEY:  # type: ignore[attr-defined]
            value = values.get(name, model._meta.get_field(name).get_default())
            if value in (None, "") and not model._meta.get_field(name).null:
                raise _RowError(name, _("is missing"))
            key.append(value.pk if isinstance(value, models.Model) else value)
        return tuple(key)

    def _existing(self, model: type[models.Model]) -> dict[tuple[Any, ...], models.Model]:
        if model not in self._objects:
            names = [model._meta.get_field(name).attname for name in model.FIXTURE_KEY]  # type: ignore[attr-defined]
            relations = [
                f.name for f in model._meta.fields if isinstance(f, models.ForeignKey)
            ]
            self._objects[model] = {
                tuple(getattr(row, name) for name in names): row
                for row in model._default_manager.select_related(*relations)
            }
        return self._objects[model]

    def _sentence(self, document: str, section: Any, quote: str) -> SourceSentence:
        if document not in self._sentences:
            by_section: dict[str, list[SourceSentence]] = {}
            for sentence in SourceSentence.objects.filter(
                document__code=document
            ).select_related("document"):
                by_section.setdefault(sentence.section, []).append(sentence)
            self._sentences[document] = by_section
        if not self._sentences[document]:
            raise _RowError("document", _("no such source document: %s") % document)
        if section not in self._sentences[document]:
            raise _RowError("section", _("no such section: %s") % section)
        if not quote:
            raise _RowError("quote", _("is missing"))
        found = [s for s in self._sentences[document][section] if quote in s.text]
        if not found:
            raise _RowError("quote", _("does not stand in %(section)s") % {"section": section})
        if len(found) > 1:
            raise _RowError(
                "quote",
                _("stands in %(count)d sentences of %(section)s; quote more words")
                % {"count": len(found), "section": section},
            )
        return found[0]


def _python_value(name: str, model_field: models.Field, given: Any) -> Any:
    if isinstance(model_field, models.CharField | models.TextField):
        if not isinstance(given, str):
            raise _RowError(name, _("must be text: %s") % given)
        return given
    if isinstance(model_field, models.DecimalField) and isinstance(given, bool | list | dict):
        raise _RowError(name, _("must be a number: %s") % given)
    try:
        value = model_field.to_python(given)
    except ValidationError as error:
        raise _RowError(name, "; ".join(error.messages)) from error
    return value


def _show(value: Any) -> str:
    if isinstance(value, tuple | list):
        return " · ".join(_show(item) for item in value)
    return "" if value is None else str(value)
