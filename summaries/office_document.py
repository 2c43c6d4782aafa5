"""From an office document to what a run stores: its digest, its last lines, its Word and PDF files."""

from datetime import datetime

from django.utils.timezone import localtime

from office import typeset, word
from office.document import Colophon, Document, digest_of
from summaries.models import DocumentFile
from summaries.product import Product, ProductFile, Step

# Parts that `product` tells of; the last of every office document's.
PARTS = ("docx", "pdf")


def product(
    document: Document,
    *,
    name: str,
    cut_off: datetime,
    rule_version: str,
    contains_sample: bool,
    step: Step,
) -> Product:
    """The document as files named `name`; `rule_version` is part of the digest."""
    digest = digest_of(document, rule_version=rule_version)
    moment = localtime(cut_off)
    lines = [
        ("数据截止", f"{moment:%Y-%m-%d %H:%M:%S}"),
        ("规则版本", rule_version),
        ("内容摘要（SHA-256）", digest),
    ]
    if contains_sample:
        lines.insert(0, ("注意", "系统内有示例数据，本件不得作为正式文件使用"))
    colophon = Colophon(moment.date(), tuple(lines))
    files = []
    for part, file_format, write in (
        ("docx", DocumentFile.Format.DOCX, word.write),
        ("pdf", DocumentFile.Format.PDF, typeset.write),
    ):
        content = write(document, colophon)
        files.append(ProductFile(file_format, f"{name}.{file_format}", content))
        step(part, len(content))
    return Product(digest, cut_off, rule_version, contains_sample, tuple(files))
