"""Addresses of the home pages, the summaries and their runs."""

app_name = "summaries"
urlpatterns: list = []
