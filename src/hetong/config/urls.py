"""Every address of the product; each app brings its own."""

from __future__ import annotations

from django.urls import include, path

from . import api, views
from .leaving import user_leave

urlpatterns = [
    path("", views.home, name="home"),
    path("settings/users/<uuid:user_id>/leave/", user_leave, name="user_leave"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("api/v1/docs", api.docs, name="api_docs"),
    path("api/v1/", api.api.urls),
    path("", include("hetong.accounts.urls")),
    path("", include("hetong.ui.urls")),
    path("", include("hetong.audit.urls")),
    path("", include("hetong.billing.urls")),
    path("", include("hetong.exchange.urls")),
    path("", include("hetong.contracts.urls")),
    path("", include("hetong.reference.urls")),
    path("", include("hetong.documents.urls")),
    path("", include("hetong.ui.background.urls")),
    path("", include("hetong.notifications.urls")),
    path("", include("hetong.parties.urls")),
    path("", include("hetong.search.urls")),
    path("", include("hetong.approvals.urls")),
    path("", include("hetong.signing.urls")),
    path("", include("hetong.discussions.urls")),
    path("", include("hetong.todos.urls")),
]

handler400 = "hetong.config.views.bad_request"
handler404 = "hetong.config.views.not_found"
handler500 = "hetong.config.views.broken"
