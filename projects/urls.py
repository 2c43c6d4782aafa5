"""Addresses of projects, plan entries, sources, statements and data questions."""

from django.urls import path

from projects.views import plans, projects, questions, saved_views, sources, statements

app_name = "projects"
urlpatterns = [
    path("plans/", plans.PlanList.as_view(), name="plan-list"),
    path("projects/", projects.ProjectList.as_view(), name="project-list"),
    path("projects/<str:code>/", projects.project_detail, name="project-detail"),
    path("projects/<str:code>/status/", projects.project_status, name="project-status"),
    path("views/save/", saved_views.save_view, name="view-save"),
    path("views/<int:pk>/delete/", saved_views.delete_view, name="view-delete"),
    path("sources/", sources.source_list, name="source-list"),
    path("sources/<slug:code>/", sources.source_detail, name="source-detail"),
    path("statements/", statements.statement_list, name="statement-list"),
    path("questions/", questions.question_list, name="question-list"),
    path("questions/<int:pk>/answer/", questions.question_answer, name="question-answer"),
]
