"""The open-data files: made by a job, handed out as they were made, never staler than a decision."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from office import delimited, plain, replica
from office.untouched_files import untouched_since
from projects import flat_files, oc4ids, publishing
from projects.models import OpenDataFile
from projects.publishing import Public

FOLDER = "open-data"
KEPT = 3600
"""Seconds for which a file that was replaced can still be read to its end."""


@dataclass(slots=True)
class Content:
    """What is to be written: the pieces, counted while they pass, and what follows them."""

    pieces: Iterator[bytes]
    rows: int = 0
    tail: Callable[[datetime], bytes] = field(default=lambda _changed_at: b"")
    """The file's end, which tells when it last changed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A file that is offered."""

    name: str
    title: Any
    mime: str
    content: Callable[[Public, date], Content]
    needs_rows: bool = False
    """Whether the file is none while it has no rows: the standard knows no empty package."""


def _package(public: Public, on: date) -> Content:
    def pieces() -> Iterator[bytes]:
        head = plain.as_json(oc4ids.head(), indent=None).removesuffix("}")
        yield f'{head}, "projects": ['.encode()
        for project in oc4ids.projects(public, on=on):
            yield (",\n" if made.rows else "\n").encode()
            yield plain.as_json(project, indent=None).encode()
            made.rows += 1
        yield b"\n]"

    made = Content(iter(()), tail=_published)
    made.pieces = pieces()
    return made


def _published(changed_at: datetime) -> bytes:
    moment = timezone.localtime(changed_at).isoformat(timespec="seconds")
    return f', "publishedDate": "{moment}"}}\n'.encode()


def _flat(file: flat_files.FlatFile) -> Callable[[Public, date], Content]:
    def content(public: Public, _on: date) -> Content:
        def rows() -> Iterator[list[Any]]:
            for row in file.rows(public):
                made.rows += 1
                yield row

        made = Content(iter(()))
        made.pieces = delimited.lines(file.heads(), rows())
        return made

    return content


def _dictionary(_public: Public, _on: date) -> Content:
    entries = flat_files.dictionary()
    rows = [(e.file, e.column, e.title, e.kind, e.codes, e.about) for e in entries]
    return Content(delimited.lines(flat_files.HEADS, rows), rows=len(rows))


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "oc4ids.json",
            gettext_lazy("Projects, in the standard OC4IDS 0.9.5"),
            "application/json",
            _package,
            needs_rows=True,
        ),
        *(
            Kind(each.name, each.title, "text/csv; charset=utf-8", _flat(each))
            for each in flat_files.FILES
        ),
        Kind(
            "dictionary.csv",
            gettext_lazy("Data dictionary"),
            "text/csv; charset=utf-8",
            _dictionary,
        ),
    )
}


def offered() -> QuerySet[OpenDataFile]:
    """The files that may be handed out: those that know the latest decision."""
    return OpenDataFile.objects.filter(name__in=KINDS, decision=publishing.latest_decision())


def is_file(made: OpenDataFile) -> bool:
    """Whether what was made is fit to be handed out."""
    return made.rows > 0 or not KINDS[made.name].needs_rows


def is_complete(files: Iterable[OpenDataFile]) -> bool:
    """Whether every file is there that is to be there: before the first decision, none."""
    return publishing.latest_decision() is None or {file.name for file in files} == set(KINDS)


def build(*, on: date, at: datetime) -> list[str]:
    """Make every file anew; returns the names of those that say something else than before.

    A file is written beside its place and moved there whole; a row names it last. Safe to run
    again, and beside itself.
    """
    changed = _build_all(on, at)
    _sweep()
    return changed


@replica.reader
def _build_all(on: date, at: datetime) -> list[str]:
    decision = publishing.latest_decision()
    public = publishing.public(publishing.in_force())
    changed = []
    with translation.override(settings.LANGUAGE_CODE):
        for kind in KINDS.values():
            if _build(kind, kind.content(public, on), decision=decision, at=at):
                changed.append(kind.name)
    return changed


def stream(public: Public, *, on: date, at: datetime) -> Iterator[bytes]:
    """The standard's package as it would be made now, piece by piece."""
    made = _package(public, on)
    return chain(made.pieces, (made.tail(at) for _once in (1,)))


def _build(kind: Kind, made: Content, *, decision: int | None, at: datetime) -> bool:
    folder = Path(default_storage.path(FOLDER))
    folder.mkdir(parents=True, exist_ok=True)
    before = OpenDataFile.objects.filter(name=kind.name).first()
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as part:
        try:
            said = hashlib.sha256()
            for piece in made.pieces:
                said.update(piece)
                part.write(piece)
            content, whole = said.hexdigest(), said.copy()
            same = before is not None and before.content == content
            changed_at = before.changed_at if before is not None and same else at
            tail = made.tail(changed_at)
            whole.update(tail)
            part.write(tail)
            part.flush()
            os.fsync(part.fileno())
            digest, size = whole.hexdigest(), part.tell()
            path = f"{FOLDER}/{digest[:16]}-{kind.name}"
            os.chmod(part.name, 0o644)
            os.replace(part.name, default_storage.path(path))
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    OpenDataFile.objects.update_or_create(
        name=kind.name,
        defaults={
            "path": path,
            "content": content,
            "digest": digest,
            "size": size,
            "rows": made.rows,
            "changed_at": changed_at,
            "made_at": at,
            "decision_id": decision,
        },
    )
    return not same


def _sweep() -> None:
    """Remove the files that no row names, once nobody can be reading them any more."""
    known = {Path(path).name for path in OpenDataFile.objects.values_list("path", flat=True)}
    old = timezone.now().timestamp() - KEPT
    for file in untouched_since(Path(default_storage.path(FOLDER)), old):
        if file.name not in known:
            file.unlink(missing_ok=True)
