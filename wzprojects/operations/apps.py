"""The application that brings the operators' commands."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """No models, no pages: commands only."""

    name = "wzprojects.operations"
