"""Composition root: settings, addresses and the Celery application."""

from wzprojects.celery import app as celery_app

__all__ = ["celery_app"]
