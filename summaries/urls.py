"""Addresses of the home pages, the summaries and their runs."""

from django.urls import path

from summaries.views import home, runs, summaries

app_name = "summaries"
urlpatterns = [
    path("", home.home, name="home"),
    path("summaries/", summaries.summary_list, name="summary-list"),
    path("summaries/build/", runs.summary_build, name="summary-build"),
    path("summaries/<int:pk>/", summaries.summary_detail, name="summary-detail"),
    path("summaries/<int:pk>/figures.json", summaries.summary_json, name="summary-json"),
    path("summaries/runs/<int:pk>/", runs.run_detail, name="run-detail"),
    path("summaries/runs/<int:pk>/retry/", runs.run_retry, name="run-retry"),
]
