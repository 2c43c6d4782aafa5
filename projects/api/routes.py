"""Addresses of the API's projects, plans and reports, and of what they name."""

from django.urls import path

from projects.api import places, plans, projects, reports

urlpatterns = [
    path("me/", places.Me.as_view(), name="me"),
    path("departments/", places.DepartmentList.as_view(), name="department-list"),
    path("regions/", places.RegionList.as_view(), name="region-list"),
    path("projects/", projects.ProjectList.as_view(), name="project-list"),
    path("projects/<str:code>/", projects.ProjectDetail.as_view(), name="project-detail"),
    path("plans/", plans.PlanList.as_view(), name="plan-list"),
    path("plans/of-month/", plans.PlanOfMonthList.as_view(), name="plan-of-month"),
    path("plans/<int:pk>/", plans.PlanDetail.as_view(), name="plan-detail"),
    path("reports/", reports.ReportList.as_view(), name="report-list"),
    path("reports/<int:pk>/", reports.ReportDetail.as_view(), name="report-detail"),
    path("reports/<int:pk>/steps/", reports.ReportOffers.as_view(), name="report-offers"),
    path("reports/<int:pk>/<str:action>/", reports.ReportStepView.as_view(), name="report-step"),
]
