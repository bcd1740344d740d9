from __future__ import annotations

from django.urls import path

from . import views

app_name = "signing"
urlpatterns = [
    path("<path:section>/<uuid:id>/signing/", views.panel, name="panel"),
    path("<path:section>/<uuid:id>/signing/<uuid:envelope_id>/complete/", views.envelope_complete, name="complete"),
    path("<path:section>/<uuid:id>/signing/<uuid:envelope_id>/side/", views.envelope_side, name="side"),
]
