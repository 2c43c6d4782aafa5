"""What a token may be used for; what its owner may do is asked of permissions.py as on the pages."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.scopes import Scope


class HasScope(BasePermission):
    """Somebody is signed in, and a token has the scope of what is asked for.

    Reading takes Scope.READ; a view that writes says its scope as `write_scope`.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        if request.auth is None:  # a session: the role alone decides
            return True
        scope = Scope.READ if request.method in SAFE_METHODS else _scope_of(view)
        if scope is None or scope in request.auth.scopes:
            return True
        self.message = _("This token lacks the scope “%(scope)s”.") % {"scope": scope.value}
        self.code = "scope"
        return False


def _scope_of(view: Any) -> Scope | None:
    """None where nothing is written at this address: the method is then refused."""
    return getattr(view, "write_scope", None)
