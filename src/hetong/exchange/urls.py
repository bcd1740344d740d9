"""Addresses of what leaves as a whole."""

from __future__ import annotations

from django.urls import path

from . import views

app_name = "exchange"

urlpatterns = [path("contracts/<uuid:id>/record/", views.record, name="record")]
