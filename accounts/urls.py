"""Addresses of signing in and out and of one's own account."""

from django.urls import path

from accounts.views import profile, signing

app_name = "accounts"
urlpatterns = [
    path("login/", signing.SignIn.as_view(), name="login"),
    path("logout/", signing.SignOut.as_view(), name="logout"),
    path("password/", signing.PasswordChange.as_view(), name="password-change"),
    path("profile/", profile.profile, name="profile"),
    path("tokens/new/", profile.token_new, name="token-new"),
    path("tokens/<int:pk>/revoke/", profile.token_revoke, name="token-revoke"),
]
