"""Addresses of the home pages, the documents and the summaries."""

from django.urls import path

from summaries.views import (
    cockpit,
    documents,
    home,
    issues,
    narratives,
    reconciliation,
    summaries,
)

app_name = "summaries"
urlpatterns = [
    path("", home.home, name="home"),
    path("cockpit/list/", cockpit.year_list, name="cockpit-list"),
    path("cockpit/indicators/", cockpit.indicators, name="cockpit-indicators"),
    path("wall/", cockpit.wall_screen, name="wall"),
    path("summaries/", summaries.summary_list, name="summary-list"),
    path("summaries/<int:pk>/", summaries.summary_detail, name="summary-detail"),
    path("summaries/<int:pk>/figures.json", summaries.summary_json, name="summary-json"),
    path("summaries/build-month/", issues.month_build, name="month-build"),
    path("summaries/<int:pk>/issue/", issues.summary_issue, name="summary-issue"),
    path("reconciliation/", reconciliation.latest, name="reconciliation-latest"),
    path("reconciliation/<int:year>/", reconciliation.year_page, name="reconciliation"),
    path(
        "reconciliation/<int:year>/export.xlsx",
        reconciliation.export,
        {"file_format": "xlsx"},
        name="reconciliation-xlsx",
    ),
    path(
        "reconciliation/<int:year>/export.csv",
        reconciliation.export,
        {"file_format": "csv"},
        name="reconciliation-csv",
    ),
    path("reconciliation/<int:year>/<slug:key>/", reconciliation.line, name="reconciliation-line"),
    path("documents/", documents.document_list, name="document-list"),
    path("documents/build/", documents.document_build, name="document-build"),
    path("documents/<int:pk>/", documents.document_detail, name="document-detail"),
    path("documents/<int:pk>/retry/", documents.document_retry, name="document-retry"),
    path("documents/files/<int:pk>/", documents.document_file, name="document-file"),
    path("documents/texts/", narratives.narrative_list, name="narrative-list"),
    path("documents/texts/fields/", narratives.narrative_fields, name="narrative-fields"),
    path("documents/texts/<slug:code>/", narratives.narrative_edit, name="narrative-edit"),
]
