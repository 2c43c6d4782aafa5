"""API tokens: made once, found by what a program sends, revoked."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from knox.crypto import hash_token
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from accounts.models import ApiToken, User
from accounts.scopes import Scope, offered
from accounts.workflow import is_locked

MOST_DAYS = 365
"""No token lives longer."""
MOST_TOKENS = 20
"""So many usable tokens a person may have."""


class Unusable(StrEnum):
    """Why a token is not accepted."""

    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EXPIRED = "expired"
    INACTIVE = "inactive"
    LOCKED = "locked"
    PASSWORD = "password"


WORDS = {
    Unusable.UNKNOWN: gettext_lazy("There is no such token."),
    Unusable.REVOKED: gettext_lazy("This token was revoked."),
    Unusable.EXPIRED: gettext_lazy("This token has expired."),
    Unusable.INACTIVE: gettext_lazy("The account of this token is not active."),
    Unusable.LOCKED: gettext_lazy("The account of this token is locked after failed sign-ins."),
    Unusable.PASSWORD: gettext_lazy("The owner of this token has to change the password first."),
}


class TokenError(Exception):
    """A token that is not accepted, or not made; the message says why, in the reader's language."""


class UnusableTokenError(TokenError):
    """What a program sent lets nobody in."""

    def __init__(self, reason: Unusable) -> None:
        super().__init__(str(WORDS[reason]))
        self.reason = reason


def usable(tokens: QuerySet[ApiToken], *, at: datetime) -> QuerySet[ApiToken]:
    """Those of the tokens that are neither revoked nor expired."""
    return tokens.filter(revoked_at__isnull=True, expiry__gt=at)


@transaction.atomic
def issue(
    *, name: str, scopes: Collection[str], days: int, by: User, at: datetime
) -> tuple[ApiToken, str]:
    """Make a token for oneself; returns its row and the token, which is stored nowhere.

    Raises TokenError where the role has no use for a scope, the days are too many or the person
    has too many tokens already.
    """
    User.objects.select_for_update().get(pk=by.pk)
    if not scopes or not set(scopes) <= set(offered(by.role)):
        raise TokenError(_("Choose scopes that your role has a use for."))
    if not 1 <= days <= MOST_DAYS:
        raise TokenError(_("A token lives between 1 and %(days)s days.") % {"days": MOST_DAYS})
    if usable(ApiToken.objects.filter(user=by), at=at).count() >= MOST_TOKENS:
        raise TokenError(_("You have %(count)s tokens: revoke one first.") % {"count": MOST_TOKENS})
    kept = [scope.value for scope in Scope if scope in scopes]
    digest, secret = get_digest_token()
    token = ApiToken.objects.create(
        user=by,
        name=name.strip(),
        scopes=kept,
        digest=digest,
        token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH],
        expiry=at + timedelta(days=days),
    )
    return token, secret


def revoke(token: ApiToken, *, by: User, at: datetime) -> bool:
    """End a token for good; false where it was revoked before."""
    return bool(
        ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(
            revoked_at=at, revoked_by=by
        )
    )


def find(secret: str, *, at: datetime) -> ApiToken:
    """The token that a program sent, with its user and the user's department.

    Raises UnusableTokenError where it lets nobody in.
    """
    digest = hash_token(secret)
    found = ApiToken.objects.select_related("user__department").filter(
        token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH]
    )
    token = next((each for each in found if compare_digest(each.digest, digest)), None)
    if token is None:
        raise UnusableTokenError(Unusable.UNKNOWN)
    reason = _why_not(token, at=at)
    if reason is not None:
        raise UnusableTokenError(reason)
    return token


def note_use(token: ApiToken, *, on: date) -> None:
    """Remember the day; one write a day, however often the token is used."""
    if token.last_used_on != on:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=on)


def _why_not(token: ApiToken, *, at: datetime) -> Unusable | None:
    if token.revoked_at is not None:
        return Unusable.REVOKED
    if token.expiry <= at:
        return Unusable.EXPIRED
    if not token.user.is_active:
        return Unusable.INACTIVE
    if token.user.must_change_password:
        return Unusable.PASSWORD
    return Unusable.LOCKED if is_locked(token.user) else None
