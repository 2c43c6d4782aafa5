"""Rows of fixtures become rows of the database, in one transaction."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from accounts.models import User
from projects import cell_marks
from projects.imports.files import (
    Fixture,
    FixtureError,
    FixtureFile,
    JSONObject,
    Problem,
    RowError,
    key_fields,
    parse,
)
from projects.imports.report import Report, RowReport
from projects.imports.values import brief, field_of, python_value, show, text_value
from projects.models import (
    AnnualPlan,
    Cited,
    Project,
    ReportingPeriod,
    SourceDocument,
    SourceSentence,
)
from projects.sources import OutlineError, store

_SOURCE_FILE = re.compile(r"source/[\w.-]+\.txt")


def load(files: Iterable[FixtureFile], *, dry_run: bool = False, by: User | None = None) -> Report:
    """Load the files in their order, in one transaction; a dry run writes nothing.

    Raises FixtureError with every problem of every row; nothing is loaded then. Rows that fail
    only because a row they name failed are not reported besides.
    """
    loading = _Loading()
    with transaction.atomic():
        for file in files:
            try:
                loading.add(parse(file))
            except RowError as error:
                loading.problems.append(Problem(file.name, 0, error.field_name, str(error)))
        if not loading.problems:
            loading.check_citations()
            loading.mark_cells()
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


class _Consequence(Exception):
    """The row names a row that failed; that one's problem is the one to tell."""


class _Loading:
    """The state of one load: what was found so far and what is wrong."""

    def __init__(self) -> None:
        self.report = Report()
        self.problems: list[Problem] = []
        # Rows by the values of their key fields, relations as primary keys.
        self._objects: dict[type[models.Model], dict[tuple[Any, ...], models.Model]] = {}
        self._sentences: dict[str, dict[str, list[SourceSentence]]] = {}
        # Where each row of this load was given, by key; failed rows by key as it was written.
        self._given: dict[tuple[type[models.Model], Any], tuple[Fixture, int, JSONObject]] = {}
        self._failed: set[tuple[type[models.Model], Any]] = set()
        # Documents whose text changed: where the change was given.
        self._rewritten: dict[SourceDocument, tuple[str, int]] = {}
        # The new entries of yearly plans, by id.
        self._entered: list[int] = []

    def add(self, fixture: Fixture) -> None:
        """Load one file, collecting its problems."""
        for number, row in enumerate(fixture.rows, start=1):
            try:
                with transaction.atomic():
                    self._row(fixture, number, row)
                continue
            except _Consequence:
                pass
            except RowError as error:
                self._problem(fixture, number, error.field_name, str(error))
            except ValidationError as error:
                for name, messages in _messages(error).items():
                    self._problem(fixture, number, name, "; ".join(messages))
            except (IntegrityError, DataError) as error:
                self._problem(fixture, number, "", _("is refused by the database: %s") % error)
            if isinstance(row, JSONObject):
                written = [row.get(name) for name in key_fields(fixture.model)]
                self._failed.add((fixture.model, _frozen(written)))

    def check_citations(self) -> None:
        """After a document's text changed: every fact's words still stand in its sentence."""
        for document, (file, number) in self._rewritten.items():
            models_that_cite = [m for m in apps.get_models() if issubclass(m, Cited)]
            for model in filter(key_fields, models_that_cite):
                facts = model._default_manager.filter(sentence__document=document)
                for fact in facts.select_related("sentence"):
                    if fact.sentence and fact.quote not in fact.sentence.text:
                        what = {"quote": fact.quote, "fact": fact}
                        message = _("the words “%(quote)s” of %(fact)s are gone") % what
                        self.problems.append(Problem(file, number, "file", message))

    def mark_cells(self) -> None:
        """Have the new entries counted; changed ones are marked where they change."""
        cell_marks.mark_entries(AnnualPlan.objects.filter(pk__in=self._entered))

    def _problem(self, fixture: Fixture, number: int, name: str, message: str) -> None:
        self.problems.append(Problem(fixture.name, number, name, message))

    def _row(self, fixture: Fixture, number: int, row: Any) -> None:
        if not isinstance(row, JSONObject):
            raise RowError("", _("must be an object"))
        if row.twice:
            raise RowError(row.twice, _("is given twice"))
        key = self._key(fixture.model, row)
        self._refuse_repetition(fixture, number, row, key)
        values, many = self._values(fixture, row)
        label = show([row.get(name) for name in key_fields(fixture.model)])
        found = self._existing(fixture.model).get(key)
        if found is None:
            self._create(fixture.model, key, label, values, many)
        else:
            self._update(found, label, values, many, (fixture.name, number))

    def _refuse_repetition(
        self, fixture: Fixture, number: int, row: JSONObject, key: tuple[Any, ...]
    ) -> None:
        first = self._given.setdefault((fixture.model, key), (fixture, number, row))
        if first[2] is row:
            return
        if first[0] is fixture:
            raise RowError(
                ", ".join(key_fields(fixture.model)),
                _("duplicate of row %(row)d") % {"row": first[1]},
            )
        for name, given in row.items():
            if name in first[2] and first[2][name] != given:
                raise RowError(
                    name,
                    _("contradicts %(file)s, row %(row)d")
                    % {"file": first[0].name, "row": first[1]},
                )

    def _create(
        self,
        model: type[models.Model],
        key: tuple[Any, ...],
        label: str,
        values: dict[str, Any],
        many: dict[str, list[models.Model]],
    ) -> None:
        created = model(**values)
        created.full_clean()
        created.save()
        for name, members in many.items():
            getattr(created, name).set(members)
        self._keep_text(created)
        self._existing(model)[key] = created
        if isinstance(created, AnnualPlan):
            self._entered.append(created.pk)
        self.report.of(model).added.append(RowReport(label))

    def _update(
        self,
        found: models.Model,
        label: str,
        values: dict[str, Any],
        many: dict[str, list[models.Model]],
        place: tuple[str, int],
    ) -> None:
        initial = getattr(found, "FIXTURE_INITIAL", ())
        in_history: tuple[str, ...] = ()
        if isinstance(found, (Project, AnnualPlan)) and found.version > 0:
            in_history = found.IN_HISTORY
        changes = []
        for name, new in values.items():
            old = getattr(found, name)
            is_kept = name in in_history or (name in initial and old not in (None, ""))
            if old != new and not is_kept:
                changes.append((name, show(old), show(new)))
                setattr(found, name, new)
        if changes:
            found.full_clean()
            # Somebody may be taking a step with a row that has a history: its head stays his.
            names = [name for name, _old, _new in changes] if in_history else None
            if isinstance(found, (Project, AnnualPlan)):
                with cell_marks.moving(lambda: cell_marks.entries_of(found)):
                    found.save(update_fields=names)
            else:
                found.save(update_fields=names)
            if isinstance(found, ReportingPeriod):
                cell_marks.mark_month(found)
        for name, members in many.items():
            old_members = list(getattr(found, name).all())
            if set(old_members) != set(members):
                changes.append((name, show(old_members), show(members)))
                getattr(found, name).set(members)
        if rewritten := self._keep_text(found):
            changes.append(("sentences", "", str(rewritten)))
            self._rewritten[found] = place  # type: ignore[index]
        report = self.report.of(type(found))
        if changes:
            report.changed.append(RowReport(label, changes))
        else:
            report.left += 1

    def _keep_text(self, row: models.Model) -> int:
        """Of a document, keep its sentences too; returns how many changed."""
        if not isinstance(row, SourceDocument):
            return 0
        if not _SOURCE_FILE.fullmatch(row.file):
            raise RowError("file", _("must be source/NAME.txt"))
        path = Path(settings.FIXTURES_DIR) / row.file
        try:
            changed = store(row, path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise RowError("file", _("cannot be read: %s") % error) from error
        except OutlineError as error:
            raise RowError("sections", str(error)) from error
        except ProtectedError:
            raise RowError("sections", _("a sentence that facts cite is gone")) from None
        self._sentences.pop(row.code, None)
        return changed

    def _values(
        self, fixture: Fixture, row: JSONObject
    ) -> tuple[dict[str, Any], dict[str, list[models.Model]]]:
        values: dict[str, Any] = {}
        many: dict[str, list[models.Model]] = {}
        rest = dict(row)
        if issubclass(fixture.model, Cited) and ("section" in row or "quote" in row):
            values["quote"] = text_value("quote", rest.pop("quote", ""))
            section = text_value("section", rest.pop("section", ""))
            values["sentence"] = self._sentence(fixture.document, section, values["quote"])
        for name, given in rest.items():
            model_field = field_of(fixture.model, name)
            if isinstance(model_field, models.ManyToManyField):
                if not isinstance(given, list):
                    raise RowError(name, _("must be a list"))
                many[name] = [self._target(name, model_field, item) for item in given]
            elif isinstance(model_field, models.ForeignKey):
                values[name] = None if given is None else self._target(name, model_field, given)
            else:
                values[name] = python_value(name, model_field, given)
        return values, many

    def _target(self, name: str, model_field: Any, given: Any) -> models.Model:
        target: type[models.Model] = model_field.related_model
        names = key_fields(target)
        if not names:
            raise RowError(name, _("unknown key"))
        parts = given if isinstance(given, list) else [given]
        if len(parts) == len(names):
            key = self._key(target, dict(zip(names, parts, strict=True)), name)
            if found := self._existing(target).get(key):
                return found
        if (target, _frozen(parts)) in self._failed:
            raise _Consequence
        what = {"what": target._meta.verbose_name, "key": brief(given)}
        raise RowError(name, _("no such %(what)s: %(key)s") % what)

    def _key(
        self, model: type[models.Model], row: dict[str, Any], asked_by: str = ""
    ) -> tuple[Any, ...]:
        """The key that a row gives; a relation is given by the related row's own key."""
        key = []
        for name in key_fields(model):
            model_field = field_of(model, name)
            given = row.get(name, model_field.get_default())
            if given in (None, "") and not model_field.null:
                raise RowError(asked_by or name, _("is missing"))
            if isinstance(model_field, models.ForeignKey):
                key.append(self._target(asked_by or name, model_field, given).pk)
            else:
                key.append(python_value(asked_by or name, model_field, given))
        return tuple(key)

    def _existing(self, model: type[models.Model]) -> dict[tuple[Any, ...], models.Model]:
        if model not in self._objects:
            names = [field_of(model, name).attname for name in key_fields(model)]
            relations = [f.name for f in model._meta.fields if isinstance(f, models.ForeignKey)]
            self._objects[model] = {
                tuple(getattr(row, name) for name in names): row
                for row in model._default_manager.select_related(*relations)
            }
        return self._objects[model]

    def _sentence(self, document: str, section: str, quote: str) -> SourceSentence:
        if (SourceDocument, (document,)) in self._failed:
            raise _Consequence
        if document not in self._sentences:
            by_section: dict[str, list[SourceSentence]] = {}
            for sentence in SourceSentence.objects.filter(document__code=document).select_related(
                "document"
            ):
                by_section.setdefault(sentence.section, []).append(sentence)
            self._sentences[document] = by_section
        if not self._sentences[document]:
            raise RowError("document", _("no such source document: %s") % document)
        if section not in self._sentences[document]:
            raise RowError("section", _("no such section: %s") % section)
        if not quote:
            raise RowError("quote", _("is missing"))
        found = [s for s in self._sentences[document][section] if quote in s.text]
        if not found:
            raise RowError("quote", _("does not stand in %(section)s") % {"section": section})
        if len(found) > 1:
            raise RowError(
                "quote",
                _("stands in %(count)d sentences of %(section)s; quote more words")
                % {"count": len(found), "section": section},
            )
        return found[0]


def _messages(error: ValidationError) -> dict[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return {"": error.messages}
    return {
        "" if name == "__all__" else name: messages for name, messages in error.message_dict.items()
    }


def _frozen(given: Any) -> Any:
    """A key as the file writes it, so that it can be looked up."""
    return tuple(map(_frozen, given)) if isinstance(given, list) else brief(given)
