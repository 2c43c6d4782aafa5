"""The frame of a page: what stands around its content, and is much the same on every page."""

from datetime import date

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.office_name import place_name
from office.kept_statements import KeptStatement
from projects.permissions import own_messages
from wzprojects.navigation import NavGroup, navigation

MOST_UNREAD = 99
"""More unread messages are not counted: the top bar says that there are more."""
_UNREAD = KeptStatement(
    lambda reader: (
        own_messages(User(pk=reader))
        .filter(read_at__isnull=True)
        .order_by()
        .values_list("pk")[: MOST_UNREAD + 1]
    )
)


class Frame:
    """The parts of base.html that Jinja2 renders; each only where it is asked for."""

    def __init__(
        self, request: HttpRequest, *, sample_data: object, business_date: date | None
    ) -> None:
        self._request = request
        self._sample_data = sample_data
        self._business_date = business_date
        user = getattr(request, "user", None)
        self.reader = user if isinstance(user, User) else None

    @cached_property
    def nav(self) -> list[NavGroup]:
        """The navigation of this person; empty for a stranger."""
        return navigation(self.reader, self._request.path) if self.reader else []

    @cached_property
    def unread(self) -> int:
        """How many messages wait in the inbox; MOST_UNREAD + 1 stands for more."""
        return 0 if self.reader is None else len(_UNREAD.rows(self.reader.pk))

    @property
    def topbar(self) -> SafeString:
        """Brand, language, inbox, account, and the band that tells of sample data."""
        return self._part(
            "topbar",
            place=place_name(self.reader),
            user=self.reader,
            unread=self.unread if self.nav else 0,
            most=MOST_UNREAD,
            request=self._request,
            token=get_token(self._request),
            shown=self._sample_data,
            business_date=self._business_date,
        )

    @property
    def sidebar(self) -> SafeString:
        """The search of projects and the navigation."""
        return self._part("sidebar")

    def _part(self, name: str, **values: object) -> SafeString:
        template = get_template(f"frame/{name}.html", using="jinja2")
        return SafeString(template.render({"nav": self.nav, **values}))
