"""Addresses of indicators and commitments."""

app_name = "indicators"
urlpatterns: list = []
