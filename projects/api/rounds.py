"""The monthly rounds."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from office.api.views import RowList, RowSerializer
from office.keyset import Order
from projects.models import ReportingPeriod


class PeriodSerializer(RowSerializer):
    """月调度: one month's round; it opens, falls due at the end of a day, and is locked from a day on."""

    opened_at = serializers.DateTimeField(allow_null=True, help_text=_("Null before it opens."))
    locked_at = serializers.DateTimeField(allow_null=True, help_text=_("Null before it is locked."))

    class Meta:
        model = ReportingPeriod
        fields = ["id", "year", "month", "opens_on", "due_on", "locks_on", "opened_at", "locked_at"]
        read_only_fields = fields


class PeriodList(RowList):
    """月调度: the rounds are everybody's to know."""

    title = _("Monthly rounds")
    serializer_class = PeriodSerializer
    orders = {"month": Order.by("year", "month")}

    def get_rows(self) -> QuerySet[Any]:
        return ReportingPeriod.objects.all()
