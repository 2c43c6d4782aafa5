"""The kinds of workbooks that are brought in, in the order of the page."""

from accounts.models import User
from office.intake import Kind
from projects.intake.months import Months
from projects.intake.projects import Projects

KINDS: dict[str, Kind] = {kind.name: kind for kind in (Months(), Projects())}


def offered(user: User) -> list[Kind]:
    """What a person may bring in."""
    return [kind for kind in KINDS.values() if kind.may_import(user)]
