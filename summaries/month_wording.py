"""What the figures of a month's summary are called, and how they and their differences are written."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from projects.models import Category, Level, Light, Stage, Status
from summaries.cells import By
from summaries.differences import Difference, Number, Unit
from summaries.month_figures import EntryFigures, GroupFigures

FIGURES = {
    "entries": gettext_lazy("Projects listed"),
    "total_investment": gettext_lazy("Total investment"),
    "planned": gettext_lazy("Planned for the year"),
    "planned_ytd": gettext_lazy("Planned to the month's end"),
    "invested_ytd": gettext_lazy("Completed since January"),
    "invested_in_month": gettext_lazy("Completed in the month"),
    "invested_in_quarter": gettext_lazy("Completed in the quarter"),
    "completion": gettext_lazy("Completion rate of the year's plan"),
    "schedule": gettext_lazy("Completion rate of the schedule"),
    "schedule_gap": gettext_lazy("Gap to the schedule"),
    "quarter_schedule": gettext_lazy("Completion rate of the quarter's schedule"),
    "completion_change": gettext_lazy("Completion rate against last year"),
    "schedule_change": gettext_lazy("Rate of the schedule against last year"),
    "due": gettext_lazy("Reports due"),
    "reported": gettext_lazy("Reports submitted"),
    "late": gettext_lazy("Reports submitted late"),
    "figures": gettext_lazy("Reports approved"),
    "started": gettext_lazy("Projects started"),
    "accelerated": gettext_lazy("Projects accelerated"),
    "completed": gettext_lazy("Projects completed"),
    "suspended": gettext_lazy("Projects suspended"),
    "green": gettext_lazy("Green lights"),
    "yellow": gettext_lazy("Yellow lights"),
    "red": gettext_lazy("Red lights"),
    "status": gettext_lazy("Status"),
    "light": gettext_lazy("Light"),
    "reported_on": gettext_lazy("First submitted on"),
    "name": gettext_lazy("Name in the list"),
    "level": gettext_lazy("Level"),
    "category": gettext_lazy("Category"),
    "goal": gettext_lazy("Goal"),
    "department_name": gettext_lazy("Responsible department"),
}
UNITS = {
    Unit.ENTRIES: pgettext_lazy("unit of a count", "projects"),
    Unit.WAN: gettext_lazy("10,000 yuan"),
    Unit.PERCENT: "%",
    Unit.POINTS: gettext_lazy("percentage points"),
    Unit.NUMBER: "",
    Unit.WORD: "",
}
PARTS = {
    "": gettext_lazy("Whole list"),
    By.GOAL: gettext_lazy("Goal"),
    By.CATEGORY: gettext_lazy("Category"),
    By.LEVEL: gettext_lazy("Level"),
    By.DEPARTMENT: gettext_lazy("Responsible department"),
}
_VOCABULARY: dict[str, dict[Any, Any]] = {
    "goal": dict(Stage.choices),
    "category": dict(Category.choices),
    "level": dict(Level.choices),
    "status": dict(Status.choices),
    "light": dict(Light.choices),
}
CENT = Decimal("0.01")
FINEST = Decimal("0.000001")
MISSING = "—"


def group_name(group: GroupFigures) -> str:
    """A group by its name; what is not stated says so."""
    if not group["by"]:
        return str(PARTS[""])
    if group["by"] == By.DEPARTMENT:
        return group["name"] or _("No department")
    return word(group["by"], group["key"])


def word(figure: str, value: str) -> str:
    """A stored value in words."""
    if not value:
        return _("not stated")
    if figure == "reported_on":
        return date.fromisoformat(value).isoformat()
    return str(_VOCABULARY.get(figure, {}).get(value, value))


def unit(difference: Difference) -> str:
    """The unit of a difference: between two percentages they are percentage points."""
    return str(UNITS[Unit.POINTS if difference.unit == Unit.PERCENT else difference.unit])


def number(value: Number, kind: Unit) -> str:
    """A figure as it is shown: counts whole, all else to two decimal places; MISSING where unknown."""
    if value is None:
        return MISSING
    if kind == Unit.ENTRIES:
        return str(value)
    if kind == Unit.NUMBER:
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return f"{Decimal(value).quantize(CENT, ROUND_HALF_UP) + 0:,.2f}".replace("-", "−")


def signed(difference: Difference) -> str:
    """The difference with its sign; with more decimal places where two would say that there is none."""
    value = difference.difference
    if value is None:
        return MISSING
    if difference.unit in (Unit.ENTRIES, Unit.NUMBER):
        text = f"{abs(value):f}"
    else:
        step = CENT if abs(value) >= CENT / 2 else FINEST
        text = f"{abs(value).quantize(step, ROUND_HALF_UP):,f}"
    return f"+{text}" if value > 0 else f"−{text}"


def project_url(entry: EntryFigures) -> str:
    """The page of an entry's project."""
    return reverse("projects:project-detail", args=[entry["code"]])
