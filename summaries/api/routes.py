"""Addresses of the API's summaries and documents."""

from django.urls import path

from summaries.api import documents, summaries

urlpatterns = [
    path("summaries/", summaries.SummaryList.as_view(), name="summary-list"),
    path("summaries/<int:pk>/", summaries.SummaryDetail.as_view(), name="summary-detail"),
    path("documents/", documents.DocumentList.as_view(), name="document-list"),
    path("documents/<int:pk>/", documents.DocumentDetail.as_view(), name="document-detail"),
    path("documents/files/<int:pk>/", documents.File.as_view(), name="document-file"),
]
