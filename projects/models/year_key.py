"""Foreign keys between rows of one year: whatever joins the two says the year besides."""

from typing import Any

from django.db import models
from django.db.models.sql.where import AND, WhereNode


class _OfOneYear:
    """Joins on the `year` of both rows too, so that PostgreSQL reads the partitions of that year only.

    In the database the key is of two columns there (migration 0013); to migrations it is like any
    other.
    """

    def get_extra_restriction(self, alias: str | None, related_alias: str) -> WhereNode | None:
        """The condition that a join of the two tables carries beside the key; see Django's Join."""
        if alias is None:  # Django has taken the join away again: the key alone is as right
            return None
        field: Any = self
        there = field.remote_field.model._meta.get_field("year").get_col(alias)
        here = field.model._meta.get_field("year")
        return WhereNode([here.get_lookup("exact")(here.get_col(related_alias), there)], AND)

    def deconstruct(self) -> Any:
        """As the class of Django that it is one of."""
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{type(self).__mro__[2].__name__}", args, kwargs


class YearKey(_OfOneYear, models.ForeignKey):
    """To a row of the same year."""


class OneToOneYearKey(_OfOneYear, models.OneToOneField):
    """To a row of the same year that has one such row at most."""
