"""Fixture files as text and as rows, and what can be wrong with them."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

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


class RowError(Exception):
    """What is wrong with a field of the row, or of the file's head, that is being read."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field_name = field_name


class JSONObject(dict[str, Any]):
    """An object of the file; `twice` is a key that it gives more than once."""

    twice: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Fixture:
    """A file whose head was understood; its rows are still as they were written."""

    name: str
    model: type[models.Model]
    document: str
    rows: list[Any]


def site_fixtures(folder: Path | None = None) -> list[FixtureFile]:
    """The fixtures that belong to the site, in loading order; sample data are not among them."""
    folder = folder or settings.FIXTURES_DIR
    return [read_file(path) for path in sorted(Path(folder).glob("*.json"))]


def read_file(path: Path) -> FixtureFile:
    """Read a fixture from disk; raises FixtureError where it is missing or not UTF-8."""
    try:
        return FixtureFile(path.name, path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise FixtureError([Problem(path.name, 0, "", _("cannot be read: %s") % error)]) from error


def parse(file: FixtureFile) -> Fixture:
    """Understand a file's head; raises RowError."""
    try:
        content = json.loads(
            file.text,
            parse_float=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise RowError("", _("is nested too deeply")) from None
    except ValueError as error:
        raise RowError("", _("is not JSON: %s") % error) from error
    if not isinstance(content, JSONObject):
        raise RowError("", _("must be an object with model and rows"))
    if content.twice:
        raise RowError(content.twice, _("is given twice"))
    for name in content:
        if name not in _HEADER_KEYS:
            raise RowError(name, _("unknown key"))
    model = _model(content.get("model"))
    document, rows = content.get("document", ""), content.get("rows")
    if not isinstance(document, str):
        raise RowError("document", _("must be text"))
    if not isinstance(rows, list):
        raise RowError("rows", _("must be a list"))
    return Fixture(file.name, model, document, rows)


def key_fields(model: type[models.Model]) -> tuple[str, ...]:
    """The fields that together name a row in fixtures; none where it is not loaded from any."""
    return getattr(model, "FIXTURE_KEY", ())


def _model(label: object) -> type[models.Model]:
    if label is None:
        raise RowError("model", _("is missing"))
    try:
        model = apps.get_model(str(label))
    except (LookupError, ValueError):
        raise RowError("model", _("unknown model: %s") % ascii(label)[:60]) from None
    if not key_fields(model):
        raise RowError("model", _("not loaded from fixtures: %s") % model._meta.label_lower)
    return model


def _object(pairs: list[tuple[str, Any]]) -> JSONObject:
    found = JSONObject(pairs)
    for name in found:
        if not name.isprintable():
            raise ValueError(ascii(name))
    if len(found) < len(pairs):
        found.twice = Counter(name for name, _value in pairs).most_common(1)[0][0]
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
