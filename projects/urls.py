"""Addresses of projects, plan entries, sources, statements and data questions."""

app_name = "projects"
urlpatterns: list = []
