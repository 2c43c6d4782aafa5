"""A file that is not read at all, and why: what the readers of workbooks and of documents have in common."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar


class RefusedFileError(ValueError):
    """The file is not read at all; `code` says why, `params` what belongs to it."""

    WORDS: ClassVar[Mapping[Any, Any]]
    """The messages by code, with the names of their parameters."""

    def __init__(self, code: StrEnum, **params: object) -> None:
        super().__init__(code.value)
        self.code = code
        self.params = params

    @property
    def message(self) -> str:
        """Why, in the reader's language."""
        return str(self.WORDS[self.code]) % self.params
