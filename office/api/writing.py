"""What every write of the API says: which version its writer has seen."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from office.api.etags import version_of
from office.api.problems import Problem

LARGEST_VERSION = 2**31 - 1
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description=gettext_lazy(
        "The ETag of what you have seen, in the place of `version`; 412 where it is no more."
    ),
)


class Seen(serializers.Serializer):
    """The version that the writer has seen; or the header If-Match says it."""

    version = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=LARGEST_VERSION,
        help_text=gettext_lazy("The version that you have seen; 409 where it is no more."),
    )


def seen_version(request: Request, version: int | None) -> tuple[int, bool]:
    """The version that the writer has seen, and whether the header said it.

    Raises Problem (428) where neither says one: nobody overwrites what they have not read.
    """
    header = request.headers.get("If-Match")
    if header is not None:
        found = version_of(header)
        if found is not None:
            return found, True
    elif version is not None:
        return version, False
    words = _("Send `version`, or If-Match with the ETag of what you have read.")
    raise Problem(428, "version_required", words, errors={"version": [words]})
