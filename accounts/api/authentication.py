"""Who sends a request: a program with a token, or a browser with its session."""

from typing import Any

import knox.auth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions

from accounts import tokens
from accounts.models import ApiToken, User


class TokenAuthentication(knox.auth.TokenAuthentication):
    """`Authorization: Bearer …`, in one query; reading changes nothing but the day of the last use."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, ApiToken]:
        """The person and the token; raises AuthenticationFailed, saying why."""
        at = timezone.now()
        try:
            found = tokens.find(token.decode(), at=at)
        except UnicodeDecodeError as error:
            raise exceptions.AuthenticationFailed(
                str(tokens.WORDS[tokens.Unusable.UNKNOWN])
            ) from error
        except tokens.UnusableTokenError as error:
            raise exceptions.AuthenticationFailed(str(error), error.reason.value) from error
        tokens.note_use(found, on=timezone.localdate(at))
        return found.user, found


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of the pages, with their CSRF token for whatever writes."""

    def authenticate(self, request: Any) -> tuple[User, None] | None:
        found = super().authenticate(request)
        if found is not None and found[0].must_change_password:
            raise exceptions.PermissionDenied(_("Change your password first."), "password")
        return found


class TokenScheme(OpenApiAuthenticationExtension):
    """The token as OpenAPI says it."""

    target_class = TokenAuthentication
    name = "token"
    priority = 1

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": str(_("A token of your account's page; it has scopes and expires.")),
        }


class SessionScheme(OpenApiAuthenticationExtension):
    """The session as OpenAPI says it."""

    target_class = SessionAuthentication
    name = "session"
    priority = 1

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
