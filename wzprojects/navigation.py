"""The main navigation: which pages it has, and who is offered which."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import works_everywhere
from accounts.roles import ABILITIES, Ability


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation."""

    label: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Entries below one heading, which may be empty."""

    heading: str
    items: Sequence[NavItem]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the navigation; one without abilities is everybody's."""

    label: str | Promise
    name: str
    abilities: frozenset[Ability] = frozenset()
    is_of_everything: bool = False
    """Whether only those see it whose work has no bounds of place."""

    def is_offered(self, abilities: frozenset[Ability], everywhere: bool) -> bool:
        """Whether somebody with these abilities is offered it."""
        if self.is_of_everything and not everywhere:
            return False
        return not self.abilities or bool(self.abilities & abilities)


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
                _("Reconciliation"),
                "summaries:reconciliation-latest",
                frozenset({Ability.SEE_ALL}),
                is_of_everything=True,
            ),
            Page(_("Documents"), "summaries:document-list"),
            Page(_("Source text"), "projects:source-list"),
        ),
    ),
    (
        _("In and out"),
        (
            Page(_("Workbooks in"), "exchange:import-list", frozenset({Ability.UPDATE_OWN})),
            Page(_("Reading of reports"), "reading:list", frozenset({Ability.KEEP_PLANS}), True),
            Page(_("Open data"), "projects:publication-list", frozenset({Ability.PUBLISH}), True),
            Page(_("Webhooks"), "projects:webhook-list", frozenset({Ability.ADMINISTER}), True),
            Page(_("Administration"), "admin:index", frozenset({Ability.ADMINISTER})),
        ),
    ),
)


def navigation(user: User, path: str) -> list[NavGroup]:
    """The pages that this person may open now, the present one marked."""
    if user.must_change_password or not user.is_active:
        return []
    return [
        NavGroup(heading, [NavItem(label, url, _is_at(path, url)) for label, url in pages])
        for heading, pages in _offered(ABILITIES[user.role], works_everywhere(user), get_language())
    ]


@cache
def _offered(
    abilities: frozenset[Ability], everywhere: bool, language: str | None
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Labels and addresses below their headings, in the present language; the same for all of a role."""
    offered = [
        (
            str(heading),
            [
                (str(page.label), reverse(page.name))
                for page in pages
                if page.is_offered(abilities, everywhere)
            ],
        )
        for heading, pages in NAVIGATION
    ]
    return [(heading, pages) for heading, pages in offered if pages]


def _is_at(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)
