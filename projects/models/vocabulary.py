"""The words of the field that projects and plans are sorted by."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """级别, of a year's entry: on the city's list or on the district's."""

    MUNICIPAL = "municipal", _("Municipal key project")
    DISTRICT = "district", _("District major project")


class Category(models.TextChoices):
    """The four parts of the report's tables."""

    INDUSTRY = "industry", _("Industry")
    INFRASTRUCTURE = "infrastructure", _("Infrastructure")
    ECOLOGY = "ecology", _("Ecology")
    LIVELIHOOD = "livelihood", _("Livelihood")


class Stage(models.TextChoices):
    """What a plan promises for a year (goal) and what the year's report states (result)."""

    PREPARATION = "preparation", _("Preparation")
    STARTED = "started", _("Started")
    ACCELERATED = "accelerated", _("Accelerated")
    COMPLETED = "completed", _("Completed")


class Status(models.TextChoices):
    """Where a project is now; blank where no source says."""

    PREPARATION = "preparation", _("Preparation")
    STARTED = "started", _("Started")
    ACCELERATED = "accelerated", _("Accelerated")
    COMPLETED = "completed", _("Completed")
    SUSPENDED = "suspended", _("Suspended")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    __empty__ = _("Not stated")


class Comparator(models.TextChoices):
    """How a stated count or amount is to be read: 以上, 以内, 左右 or the bare number."""

    AT_LEAST = "ge", _("at least")
    AT_MOST = "le", _("at most")
    ABOUT = "about", _("about")
    EXACT = "eq", _("exactly")
