"""How the rows of the review queue become HTML: one Jinja2 template, no context a cell."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.figures import Severity
from projects.models import Status
from projects.reviewing import Held, Waiting

_GONE = Held(0, 0)
"""Of a department whose reports have all been reviewed while the page was made."""
LONG = 110
"""Signs of a narrative from where on it is folded."""


def queue_html(
    request: HttpRequest,
    rows: Sequence[Waiting],
    departments: Mapping[int | None, Held],
    *,
    query: str,
    choose_clean: bool,
) -> SafeString:
    """The queue; `query` is the list's, and `choose_clean` ticks what no check has found fault with.

    `departments` is what those of the rows hold on all pages.
    """
    context = {
        "groups": [
            (departments.get(key, _GONE), list(waiting))
            for key, waiting in groupby(rows, key=lambda row: row.department_id)
        ],
        "choose_clean": choose_clean,
        "long": LONG,
        "local": localtime,
        "token": get_token(request),
        "words": _words(),
        "severities": {
            Severity.ERROR.value: _("Error"),
            Severity.CONFIRM.value: _("Not confirmed"),
            Severity.WARNING.value: _("Remark"),
        },
        "statuses": {value or "": str(label) for value, label in Status.choices},
        "query": f"from=queue&{query}" if query else "from=queue",
        "report_url": _numbered("projects:report-detail"),
        "return_url": _numbered("projects:report-step", "return"),
        "photos_url": _numbered("projects:report-photos"),
    }
    return SafeString(get_template("review_rows.html", using="jinja2").render(context))


def _numbered(name: str, *more: str) -> tuple[str, str]:
    """The two parts of an address around the number in it."""
    before, _mark, after = reverse(name, args=[0, *more]).rpartition("0")
    return before, after


def _words() -> dict[str, str]:
    """The words of the queue, looked up once a page."""
    return {
        "caption": _("Reports that wait for review, in 10,000 yuan"),
        "choose": _("Choose"),
        "project": _("Project"),
        "invested": _("Invested, year to date"),
        "figure": _("This month"),
        "planned": _("Planned to date"),
        "progress": _("Physical progress (%)"),
        "status": _("Status"),
        "checks": _("Checks"),
        "narrative": _("Progress in words"),
        "submitted": pgettext("of a report", "Submitted"),
        "late": _("Late"),
        "clean": _("Nothing found"),
        "confirmed": _("Confirmed by the reporter"),
        "correction": _("Reason for a correction"),
        "problems": _("Problems"),
        "photos": _("Photos"),
        "no_department": _("No department"),
        "waiting": pgettext("of a report", "Waiting"),
        "return": _("Return"),
        "note": _("What has to be put right"),
    }
