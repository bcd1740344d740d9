"""Every address of the product; each app brings its own."""

from __future__ import annotations

from django.urls import include, path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("", include("hetong.accounts.urls")),
    path("", include("hetong.ui.urls")),
    path("", include("hetong.audit.urls")),
]

handler404 = "hetong.config.views.not_found"
handler500 = "hetong.config.views.broken"
