from __future__ import annotations

from django.urls import path

from . import views

app_name = "reference"
urlpatterns = [
    path("settings/rates/", views.rates, name="rates"),
    path("settings/taxes/", views.taxes, name="taxes"),
    path("settings/taxes/new/", views.tax_add, name="tax_add"),
    path("settings/taxes/<uuid:tax_id>/", views.tax_edit, name="tax_edit"),
    path("settings/calendars/", views.calendars, name="calendars"),
    path("settings/calendars/new/", views.day_add, name="day_add"),
    path("settings/calendars/holidays/", views.holidays, name="holidays"),
    path("settings/calendars/<uuid:day_id>/", views.day_edit, name="day_edit"),
    path("settings/calendars/<uuid:day_id>/remove/", views.day_remove, name="day_remove"),
]
