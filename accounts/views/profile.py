"""One's own account, and the tokens that one's programs use."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import tokens
from accounts.forms import TokenForm
from accounts.models import User
from accounts.permissions import own_tokens
from accounts.scopes import Scope


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """Who I am here: role, department, tokens, and the ways out."""
    at = timezone.now()
    found = own_tokens(request.user)  # type: ignore[arg-type]
    context = {
        "tokens": [(token, _scopes(token.scopes), token.expiry <= at) for token in found],
    }
    return render(request, "accounts/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def token_new(request: HttpRequest) -> HttpResponse:
    """Make a token; it is shown in the answer itself, once, so that it is stored nowhere."""
    user: User = request.user  # type: ignore[assignment]
    form = TokenForm(request.POST or None, user=user)
    context = {"form": form, "crumbs": [(_("My account"), reverse("accounts:profile"))]}
    if form.is_valid():
        try:
            token, secret = tokens.issue(**form.cleaned_data, by=user, at=timezone.now())
        except tokens.TokenError as error:
            form.add_error(None, str(error))
        else:
            shown = {"token": token, "secret": secret, "scopes": _scopes(token.scopes)}
            return render(request, "accounts/token_made.html", context | shown)
    status = 422 if form.errors else 200
    return render(request, "accounts/token_new.html", context, status=status)


@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    user: User = request.user  # type: ignore[assignment]
    token = get_object_or_404(own_tokens(user), pk=pk)
    if tokens.revoke(token, by=user, at=timezone.now()):
        messages.success(request, _("The token was revoked."))
    return redirect("accounts:profile")


def _scopes(values: list[str]) -> list[str]:
    return [str(scope.label) for scope in Scope if scope in values]
