"""How the rows of a month's grid become HTML: one Jinja2 template, no context a cell."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from office.tables import Address
from projects.models import Light, ReportState, Status
from projects.month_grid import Row


def grid_html(request: HttpRequest, rows: Sequence[Row], *, template: str) -> SafeString:
    """The whole grid, or some of its rows again."""
    statuses = {value or "": str(label) for value, label in Status.choices}
    context = {
        "rows": rows,
        "token": get_token(request),
        "words": _words(),
        "statuses": list(statuses.items()),
        "status_words": statuses,
        "state_words": {value: str(label) for value, label in ReportState.choices},
        "shown": lambda name, value: statuses.get(value, value) if name == "status" else value,
        "local": timezone.localtime,
        "lights": {value: str(label) for value, label in Light.choices},
        "project_url": Address("projects:project-detail").of,
        "row_url": _numbered("projects:report-row"),
        "photos_url": _numbered("projects:report-photos"),
        "report_url": _numbered("projects:report-detail"),
    }
    return SafeString(get_template(template, using="jinja2").render(context))


def words_of(field: str) -> str:
    """What the page calls a column of the report; "" for what is no column."""
    return _words().get(field, "")


def _numbered(name: str) -> tuple[str, str]:
    """The two parts of an address around the number in it."""
    before, _mark, after = reverse(name, args=[0]).rpartition("0")
    return before, after


def _words() -> dict[str, str]:
    """The words of the grid, looked up once a page."""
    return {
        "project": _("Project"),
        "planned": _("Planned to date"),
        "before": _("Last approved"),
        "invested_ytd": _("Invested, year to date"),
        "figure": _("This month"),
        "progress_before": _("Last approved (%)"),
        "physical_progress": _("Physical progress (%)"),
        "status_before": _("Status before"),
        "status": _("Status"),
        "started_on": _("Started on"),
        "completed_on": _("Completed on"),
        "state": pgettext("of a report", "State"),
        "narrative": _("Progress in words"),
        "problems": _("Problems"),
        "next_step": _("Next step"),
        "correction": _("Reason for a correction"),
        "words": _("Words, dates and photos"),
        "last_words": _("Last approved words"),
        "save": _("Save"),
        "write_over": _("Write mine over it"),
        "photos": _("Photos"),
        "report": _("Report and history"),
        "late": _("Late"),
        "ready": _("Ready"),
        "same": _("As last month"),
        "confirm": _("I confirm this"),
        "light": _("Light"),
        "caption": _("Monthly reports, in 10,000 yuan"),
        "somebody": _("The system"),
    }
