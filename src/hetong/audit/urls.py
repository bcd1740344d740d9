from __future__ import annotations

from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [path("<path:section>/<uuid:id>/history/", views.history, name="history")]
