"""The kinds of workbooks that are brought in, in the order of the page."""

from accounts.intake.departments import Departments
from accounts.intake.users import Users
from accounts.models import User
from indicators.intake.observations import Observations
from indicators.intake.targets import Targets
from office.intake import Kind
from projects.intake.funding import FundingRows
from projects.intake.milestones import Milestones
from projects.intake.months import Months
from projects.intake.plans import Plans
from projects.intake.projects import Projects

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Months(),
        Projects(),
        Plans(),
        FundingRows(),
        Milestones(),
        Targets(),
        Observations(),
        Users(),
        Departments(),
    )
}


def offered(user: User) -> list[Kind]:
    """What a person may bring in."""
    return [kind for kind in KINDS.values() if kind.may_import(user)]
