"""Files of documents: on the disk whole or not there, handed out, swept where no document names them."""

import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from office.untouched_files import untouched_since
from summaries.models import DocumentFile, DocumentRun
from summaries.product import ProductFile

FOLDER = "documents"
MIME_TYPES = {
    DocumentFile.Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    DocumentFile.Format.PDF: "application/pdf",
    DocumentFile.Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A file is named by a row within the second; what nobody has named after this nobody ever will.
UNCLAIMED = timedelta(hours=6)


def write(run: DocumentRun, file: ProductFile) -> str:
    """Put the file in its place in one step and return its name; each attempt has names of its own.

    It is written beside its place under another name and moved there when it is safely on the disk,
    so that whoever looks, even after a power cut, finds the whole file or none.
    """
    name = f"{FOLDER}/{run.pk}-{run.attempt}-{file.digest[:16]}.{file.format}"
    target = Path(default_storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as part:
        try:
            part.write(file.content)
            part.flush()
            os.fsync(part.fileno())
            os.replace(part.name, target)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return name


def remove(names: list[str]) -> None:
    """Take away files that no row names after all."""
    for name in names:
        default_storage.delete(name)


def sweep(*, now: datetime) -> int:
    """Remove the files of workers that died before a row named them; returns how many."""
    old = (now - UNCLAIMED).timestamp()
    found = untouched_since(Path(default_storage.path(FOLDER)), old)
    known = set(DocumentFile.objects.values_list("file", flat=True)) if found else set()
    unclaimed = [file for file in found if f"{FOLDER}/{file.name}" not in known]
    for file in unclaimed:
        file.unlink(missing_ok=True)
    return len(unclaimed)


def handed_out(file: DocumentFile) -> FileResponse:
    """The answer that hands a file out, to who was found to see it; 404 where it is gone."""
    try:
        content = file.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=file.name,
        content_type=MIME_TYPES[DocumentFile.Format(file.format)],
        headers={"Cache-Control": "private, no-store"},
    )
