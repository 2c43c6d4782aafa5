"""What a builder is given and hands back: steps to tell of, and a document with what it was made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from summaries.models import DocumentFile, ProgressSummary

# Tells that a part is done and how much it found: moves the progress, writes the log, and is the
# worker's sign of life.
Step = Callable[[str, int], None]


class NothingRecordedError(Exception):
    """Nothing is recorded of what was asked for."""


@dataclass(frozen=True, slots=True)
class ProductFile:
    """A whole file, not stored yet; `name` is what it is called when it is taken away."""

    format: DocumentFile.Format
    name: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes."""
        return sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Product:
    """A document that is finished and not stored yet.

    `digest` is over what it says, not over its files: the same data give the same digest.
    """

    digest: str
    cut_off: datetime
    rule_version: str
    contains_sample: bool = False
    files: tuple[ProductFile, ...] = ()
    summary: ProgressSummary | None = None
