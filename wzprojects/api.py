"""The API's addresses, its description and its reference, which works without the network."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.urls import include, path, re_path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.views import APIView

import indicators.api.routes
import projects.api.routes
import summaries.api.routes


class Nothing(APIView):
    """Every other address: a refusal in JSON."""

    @extend_schema(exclude=True)
    def get(self, request: Request, **kwargs: Any) -> Any:
        raise Http404

    post = put = patch = delete = get


class Reference(SpectacularSwaggerSplitView):
    """The reference to read and to try, for whoever is signed in."""

    template_name = "api/reference.html"
    url_name = "api:schema"


reference = login_required(Reference.as_view())

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include(projects.api.routes)),
    path("", include(indicators.api.routes)),
    path("", include(summaries.api.routes)),
    re_path(r"", Nothing.as_view(), name="nothing"),
]
