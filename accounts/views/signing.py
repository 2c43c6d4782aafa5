"""Signing in and out, changing one's password."""

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from accounts.forms import NewPasswordForm


class SignIn(auth_views.LoginView):
    """The only page that a stranger sees."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True


class SignOut(auth_views.LogoutView):
    """Leave; by POST only."""


class PasswordChange(auth_views.PasswordChangeView):
    """Choose a new password; other sessions of the person end, this one goes on under a new key."""

    template_name = "accounts/password_change.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("summaries:home")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, _("Your password was changed."))
        return response
