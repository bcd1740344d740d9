from __future__ import annotations

from django.urls import path

from . import views

app_name = "audit"
urlpatterns = [
    path("settings/journal/", views.journal, name="journal"),
    path("settings/journal/access/", views.accesses, name="accesses"),
    path("settings/journal/export/", views.export, name="export"),
    path("settings/journal/verify/", views.verify, name="verify"),
    path("settings/journal/heads/", views.heads, name="heads"),
    path("<path:section>/<uuid:id>/history/", views.history, name="history"),
]
