"""What every page knows: the navigation, whether sample data are loaded, the business date."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import may_administer
from accounts.sample import has_sample_data
from office.clock import today


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation."""

    label: str
    url: str
    active: bool


PAGES = (
    (_("Home"), "summaries:home"),
    (_("Plan entries"), "projects:plan-list"),
    (_("Projects"), "projects:project-list"),
    (_("Indicators"), "indicators:latest"),
    (_("Commitments"), "indicators:commitment-latest"),
    (_("Investment and funding"), "projects:statement-list"),
    (_("Data questions"), "projects:question-list"),
    (_("Summaries"), "summaries:summary-list"),
    (_("Source text"), "projects:source-list"),
)
ADMIN_PAGE = (_("Administration"), "admin:index")


def site(request: HttpRequest) -> dict[str, object]:
    """Context of the base template; cheap, since every page pays for it."""
    user = getattr(request, "user", None)
    business_date: date | None = today() if settings.WZ_TODAY else None
    return {
        "nav": navigation(user, request.path) if isinstance(user, User) else [],
        "sample_data": has_sample_data(),
        "business_date": business_date,
    }


def navigation(user: User, path: str) -> list[NavItem]:
    """The pages that this person may open now, the present one marked."""
    if user.must_change_password:
        return []
    items = []
    for label, name in (*PAGES, ADMIN_PAGE) if may_administer(user) else PAGES:
        url = reverse(name)
        active = path == url if url == "/" else path.startswith(url)
        items.append(NavItem(str(label), url, active))
    return items
