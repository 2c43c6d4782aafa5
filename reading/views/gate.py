"""The gate of all these pages: to others than those who keep the year's list they do not exist."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from reading.models import ReadingRow, ReportReading
from reading.permissions import may_read_reports, visible_readings, visible_rows


def let_in(request: HttpRequest) -> User:
    """The person, who may have reports read; 404 for everybody else."""
    user: User = request.user  # type: ignore[assignment]
    if not may_read_reports(user):
        raise Http404
    return user


def reading_of(request: HttpRequest, pk: int) -> ReportReading:
    """A reading that this person sees, else 404."""
    readings = visible_readings(let_in(request))
    return get_object_or_404(readings.select_related("asked_by", "applied_by", "document"), pk=pk)


def row_of(request: HttpRequest, pk: int, row: int) -> ReadingRow:
    """A row of a reading that this person sees, else 404."""
    rows = visible_rows(let_in(request)).select_related("reading", "decided_by")
    return get_object_or_404(rows, pk=row, reading=pk)
