"""What rows name: departments and regions; and who the sender is."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import Department, Region
from accounts.permissions import in_bounds, nameable_departments
from accounts.scopes import Scope
from office.api.etags import respond
from office.api.views import RowList, RowSerializer
from office.keyset import Order


class DepartmentSerializer(RowSerializer):
    """责任单位."""

    parent = serializers.CharField(source="parent.code", allow_null=True)
    region = serializers.CharField(source="region.code")
    dissolved_into = serializers.CharField(
        source="dissolved_into.code",
        allow_null=True,
        help_text=_("The department that took over; null while this one exists."),
    )

    class Meta:
        model = Department
        fields = ["code", "name", "parent", "region", "dissolved_into"]
        read_only_fields = fields


class RegionSerializer(RowSerializer):
    """行政区划."""

    parent = serializers.CharField(source="parent.code", allow_null=True)

    class Meta:
        model = Region
        fields = ["code", "name", "level", "parent"]
        read_only_fields = fields


class DepartmentList(RowList):
    """Departments: those that you may name, as in the pages' filters."""

    title = _("Departments")
    serializer_class = DepartmentSerializer
    orders = {"code": Order.by("code")}

    def get_rows(self) -> QuerySet[Any]:
        return nameable_departments(self.request.user)


class RegionList(RowList):
    """Regions: those that you work for, as in the pages' filters."""

    title = _("Regions")
    serializer_class = RegionSerializer
    orders = {"code": Order.by("code")}

    def get_rows(self) -> QuerySet[Any]:
        return Region.objects.filter(in_bounds(self.request.user, "pk"))


class MeSerializer(serializers.Serializer):
    """Who sends the request, and what for."""

    username = serializers.CharField()
    name = serializers.CharField()
    role = serializers.CharField()
    department = serializers.CharField(allow_null=True, help_text=_("Its code."))
    region = serializers.CharField(
        allow_null=True, help_text=_("Code of the region that you work for; null for all of them.")
    )
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices),
        allow_null=True,
        help_text=_("Of the token; null for a browser's session, which has no limits of its own."),
    )
    expires_at = serializers.DateTimeField(allow_null=True)


class Me(APIView):
    """Who sends the request, with which scopes, until when."""

    title = _("Who sends the request")

    @extend_schema(operation_id="me", responses=MeSerializer)
    def get(self, request: Request) -> Any:
        user, token = request.user, request.auth
        body = {
            "username": user.username,
            "name": user.name,
            "role": user.role,
            "department": user.department.code if user.department else None,
            "region": user.region.code if user.region else None,
            "scopes": token.scopes if token else None,
            "expires_at": token.expiry.isoformat() if token else None,
        }
        return respond(request, body)
