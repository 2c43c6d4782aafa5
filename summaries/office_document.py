"""From an office document to what a run stores: its digest, its last lines, its files."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from django.utils.timezone import localtime

from office import typeset, word
from office.document import Colophon, Document, digest_of
from summaries.models import DocumentFile
from summaries.product import Product, ProductFile, Step

Write = Callable[[Document, Colophon], bytes]
Format = DocumentFile.Format

WRITERS: dict[Format, Write] = {Format.DOCX: word.write, Format.PDF: typeset.write}
"""The files of most office documents; `product` tells each as a part of its own, in this order."""

# Parts that `product` tells of; the last of every office document's.
PARTS = tuple(str(each) for each in WRITERS)
SAMPLE_MARK = "（含示例数据，非正式文件）"


def product(
    document: Document,
    *,
    name: str,
    cut_off: datetime,
    rule_version: str,
    contains_sample: bool,
    step: Step,
    writers: Mapping[Format, Write] = WRITERS,
    also: object = None,
) -> Product:
    """The document as files named `name`, one for each of the writers.

    `rule_version` is part of the digest, and `also`: plain values that files say besides. Sample
    data are named on the first page and in the last lines.
    """
    if contains_sample:
        document = replace(document, under_title=(*document.under_title, SAMPLE_MARK))
    more = {} if also is None else {"also": json.dumps(also, ensure_ascii=False, default=str)}
    digest = digest_of(document, rule_version=rule_version, **more)
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
    for file_format, write in writers.items():
        content = write(document, colophon)
        files.append(ProductFile(file_format, f"{name}.{file_format}", content))
        step(str(file_format), len(content))
    return Product(digest, cut_off, rule_version, contains_sample, tuple(files))
