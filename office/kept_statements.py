"""Statements that every page asks in the same form: the ORM writes them once, then only a key in them changes."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connections, models, router

_MARK = 2**62 - 1
"""Stands for the key while a statement is written; no row has it."""


class KeptStatement:
    """Rows of a queryset that depends on one row's key, as tuples; `rows_of` gives it for a key.

    Whatever the key, the statement must be the same. Values come as the database gives them: numbers
    and texts only, no days, amounts or truths.
    """

    def __init__(self, rows_of: Callable[[int], models.QuerySet[Any, Any]]) -> None:
        self._rows_of = rows_of
        self._written: dict[str, tuple[str, tuple[Any, ...]]] = {}

    @cached_property
    def _model(self) -> type[models.Model]:
        return self._rows_of(_MARK).model

    def rows(self, key: int) -> list[tuple[Any, ...]]:
        """The rows for a key, read where the queryset would be."""
        connection = connections[router.db_for_read(self._model)]
        if connection.vendor not in self._written:
            query = self._rows_of(_MARK).query
            self._written[connection.vendor] = query.get_compiler(connection=connection).as_sql()
        statement, values = self._written[connection.vendor]
        with connection.cursor() as cursor:
            cursor.execute(statement, [key if value == _MARK else value for value in values])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
