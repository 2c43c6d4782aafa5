"""Addresses of the imports."""

from django.urls import path

from exchange.views import imports

app_name = "exchange"
urlpatterns = [
    path("imports/", imports.import_list, name="import-list"),
    path("imports/<int:pk>/", imports.import_detail, name="import-detail"),
    path("imports/<int:pk>/<slug:task>/", imports.import_step, name="import-step"),
    path("imports/<int:pk>/files/<slug:role>/", imports.import_file, name="import-file"),
    path("imports/new/<slug:name>/", imports.import_new, name="import-new"),
    path("imports/new/<slug:name>/template.xlsx", imports.import_template, name="import-template"),
]
