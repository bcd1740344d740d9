"""Addresses of what leaves as a whole, and of imports."""

from __future__ import annotations

from django.urls import path

from .views import imports, record, rows, steps

app_name = "exchange"

urlpatterns = [
    path("contracts/<uuid:id>/record/", record.record, name="record"),
    path("import/", imports.import_list, name="imports"),
    path("import/new/", imports.import_new, name="import_new"),
    path("import/templates/<slug:kind>/", imports.import_template, name="import_template"),
    path("import/<uuid:import_id>/", steps.import_card, name="import"),
    path("import/<uuid:import_id>/reading/", steps.import_reading, name="import_reading"),
    path("import/<uuid:import_id>/columns/", steps.import_columns, name="import_columns"),
    path("import/<uuid:import_id>/check/", steps.import_check, name="import_check"),
    path("import/<uuid:import_id>/rows/", rows.import_rows, name="import_rows"),
    path("import/<uuid:import_id>/run/", steps.import_run, name="import_run"),
    path("import/<uuid:import_id>/cancel/", steps.import_cancel, name="import_cancel"),
    path("import/<uuid:import_id>/undo/", steps.import_undo, name="import_undo"),
    path("import/<uuid:import_id>/errors/", steps.import_errors, name="import_errors"),
]
