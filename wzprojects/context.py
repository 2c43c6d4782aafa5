"""What every page knows: the navigation, whether sample data are loaded, the business date."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Ability
from accounts.sample import has_sample_data
from office.clock import today
from projects.permissions import own_messages

MOST_UNREAD = 99
"""More unread messages are not counted: the top bar says that there are more."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation, below a heading."""

    heading: str
    label: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the navigation; one without abilities is everybody's."""

    label: str | Promise
    name: str
    abilities: frozenset[Ability] = frozenset()


# Headings of the navigation and the pages below each; a heading without a page to show is left out.
NAVIGATION: tuple[tuple[str | Promise, tuple[Page, ...]], ...] = (
    ("", (Page(_("Home"), "summaries:home"),)),
    (
        _("The month's work"),
        (
            Page(_("My month"), "projects:my-month", frozenset({Ability.UPDATE_OWN})),
            Page(_("Review"), "projects:review-queue", frozenset({Ability.REVIEW})),
            Page(_("Monthly rounds"), "projects:period-list"),
            Page(_("Obstacles"), "projects:obstacle-list"),
            Page(_("Light rules"), "projects:light-rule-list", frozenset({Ability.REVIEW})),
        ),
    ),
    (
        _("Projects and targets"),
        (
            Page(_("Plan entries"), "projects:plan-list"),
            Page(_("Projects"), "projects:project-list"),
            Page(_("Indicators"), "indicators:latest"),
            Page(_("Commitments"), "indicators:commitment-latest"),
            Page(_("Investment and funding"), "projects:statement-list"),
            Page(_("Data questions"), "projects:question-list"),
        ),
    ),
    (
        _("What is said of it"),
        (
            Page(_("Summaries"), "summaries:summary-list"),
            Page(
                _("Reconciliation"), "summaries:reconciliation-latest", frozenset({Ability.SEE_ALL})
            ),
            Page(_("Documents"), "summaries:document-list"),
            Page(_("Source text"), "projects:source-list"),
        ),
    ),
    (
        _("In and out"),
        (
            Page(_("Workbooks in"), "exchange:import-list", frozenset({Ability.UPDATE_OWN})),
            Page(_("Reading of reports"), "reading:list", frozenset({Ability.KEEP_PLANS})),
            Page(_("Open data"), "projects:publication-list", frozenset({Ability.PUBLISH})),
            Page(_("Webhooks"), "projects:webhook-list", frozenset({Ability.ADMINISTER})),
            Page(_("Administration"), "admin:index", frozenset({Ability.ADMINISTER})),
        ),
    ),
)


def site(request: HttpRequest) -> dict[str, object]:
    """Context of the base template; cheap, since every page pays for it."""
    user = getattr(request, "user", None)
    business_date: date | None = today() if settings.WZ_TODAY else None
    return {
        "nav": navigation(user, request.path) if isinstance(user, User) else [],
        "sample_data": has_sample_data(),
        "business_date": business_date,
        # Asked for by the frame only: a fragment of a page does not pay for it.
        "unread": lambda: unread_messages(user) if isinstance(user, User) else 0,
    }


def unread_messages(user: User) -> int:
    """How many messages wait in the inbox; MOST_UNREAD + 1 stands for more."""
    waiting = own_messages(user).filter(read_at__isnull=True).order_by()
    return waiting[: MOST_UNREAD + 1].count()


def navigation(user: User, path: str) -> list[NavItem]:
    """The pages that this person may open now, the present one marked."""
    if user.must_change_password:
        return []
    return [
        _item(str(heading), page, path)
        for heading, pages in NAVIGATION
        for page in pages
        if not page.abilities or any(user.can(ability) for ability in page.abilities)
    ]


def _item(heading: str, page: Page, path: str) -> NavItem:
    url = reverse(page.name)
    active = path == url if url == "/" else path.startswith(url)
    return NavItem(heading, str(page.label), url, active)
