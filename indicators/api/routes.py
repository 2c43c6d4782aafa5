"""Addresses of the API's indicators and commitments."""

from django.urls import path

from indicators.api import commitments, indicators

urlpatterns = [
    path("indicators/", indicators.IndicatorList.as_view(), name="indicator-list"),
    path("indicators/<slug:code>/", indicators.IndicatorDetail.as_view(), name="indicator-detail"),
    path("targets/<int:year>/", indicators.TargetTable.as_view(), name="target-table"),
    path("targets/<int:year>/<slug:code>/result/", indicators.ResultView.as_view(), name="result"),
    path("observations/", indicators.ObservationList.as_view(), name="observation-list"),
    path("commitments/<int:year>/", commitments.CommitmentTable.as_view(), name="commitments"),
]
