"""The marks left for the roll-ups wherever something changed that they count."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryMark(models.Model):
    """待刷新标记: an entry says something else for a month (see cell_marks.py).

    Without `entry` it stands for every entry of the month, without `month` for every month of the
    year. Where the entry is counted is looked up when the mark is taken up. Marks are only added,
    in the transaction of the change itself, and taken away by whoever has recomputed the sums;
    ids are kept as numbers, so that a mark outlives what it names and holds no lock on it.
    """

    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField(null=True)
    entry = models.PositiveBigIntegerField(null=True)

    class Meta:
        verbose_name = _("mark of a changed entry")
        verbose_name_plural = _("marks of changed entries")

    def __str__(self) -> str:
        return f"{self.year}-{self.month or '*'} {self.entry or '*'}"


class CellMark(models.Model):
    """待刷新标记: an entry of this kind has left it, or is gone (see EntryMark).

    `region` and `department` are ids, 0 where there is none.
    """

    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    region = models.PositiveBigIntegerField()
    department = models.PositiveBigIntegerField()
    level = models.CharField(max_length=20, blank=True)
    category = models.CharField(max_length=20)
    sector = models.CharField(max_length=40, blank=True)
    goal = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("mark of a changed cell")
        verbose_name_plural = _("marks of changed cells")

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d} {self.department} {self.category} {self.goal}"
