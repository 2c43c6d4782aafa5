"""Addresses of the API's projects, plans and reports, and of what they name."""

from django.urls import path

from projects.api import (
    codes,
    obstacles,
    places,
    plans,
    projects,
    questions,
    reports,
    rounds,
)

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
    path("periods/", rounds.PeriodList.as_view(), name="period-list"),
    path("obstacles/", obstacles.ObstacleList.as_view(), name="obstacle-list"),
    path("obstacles/<int:pk>/", obstacles.ObstacleDetail.as_view(), name="obstacle-detail"),
    path("obstacles/<int:pk>/steps/", obstacles.ObstacleOffers.as_view(), name="obstacle-offers"),
    path(
        "obstacles/<int:pk>/<str:action>/",
        obstacles.ObstacleStepView.as_view(),
        name="obstacle-step",
    ),
    path(
        "projects/<str:code>/obstacles/", obstacles.ObstacleRaise.as_view(), name="obstacle-raise"
    ),
    path("questions/", questions.QuestionList.as_view(), name="question-list"),
    path("questions/<int:pk>/", questions.QuestionDetail.as_view(), name="question-detail"),
    path("questions/<int:pk>/answer/", questions.QuestionAnswer.as_view(), name="question-answer"),
    path("questions/<int:pk>/reopen/", questions.QuestionReopen.as_view(), name="question-reopen"),
    path("codes/", codes.CodeLists.as_view(), name="codes"),
]
