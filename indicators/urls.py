"""Addresses of indicators and commitments."""

from django.urls import path

from indicators.views import commitments, detail, observations, years

app_name = "indicators"
urlpatterns = [
    path("indicators/", years.latest, name="latest"),
    path("indicators/<int:year>/", years.year, name="year"),
    path("indicators/<int:year>/<slug:code>/", detail.indicator_detail, name="detail"),
    path(
        "indicators/<int:year>/<slug:code>/result/",
        observations.observation_edit,
        name="observation-edit",
    ),
    path("commitments/", commitments.latest, name="commitment-latest"),
    path("commitments/<int:year>/", commitments.commitment_list, name="commitment-list"),
]
