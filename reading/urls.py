"""Addresses of the reading of reports."""

from django.urls import path, register_converter

from reading.choices import Decision
from reading.views import readings, review

app_name = "reading"


class DecisionConverter:
    """The decisions that one click takes; a correction has its form."""

    regex = "|".join((Decision.ACCEPTED, Decision.DROPPED, Decision.UNDECIDED))

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(DecisionConverter, "decision")

urlpatterns = [
    path("readings/", readings.reading_list, name="list"),
    path("readings/upload/", readings.upload, {"purpose": "review"}, name="upload"),
    path("readings/lint/", readings.lint_list, name="lint"),
    path("readings/lint/upload/", readings.upload, {"purpose": "lint"}, name="lint-upload"),
    path("readings/<int:pk>/", readings.detail, name="detail"),
    path("readings/<int:pk>/retry/", readings.retry, name="retry"),
    path("readings/<int:pk>/sure/", review.accept_sure, name="accept-sure"),
    path("readings/<int:pk>/write/", readings.write, name="write"),
    path("readings/<int:pk>/undo/", readings.undo, name="undo"),
    path("readings/<int:pk>/rows/<int:row>/", review.correct, name="row-correct"),
    path("readings/<int:pk>/rows/<int:row>/<decision:decision>/", review.decide, name="row-decide"),
]
