"""Every address of the product; each app brings its own."""

from __future__ import annotations

from django.urls import include, path

from . import api
from .leaving import user_leave
from .views import pages, privacy, scheduled

urlpatterns = [
    path("", pages.home, name="home"),
    path("settings/users/<uuid:user_id>/leave/", user_leave, name="user_leave"),
    path("settings/personal/", privacy.personal, name="personal"),
    path("settings/personal/<str:kind>/<uuid:id>/", privacy.person, name="person"),
    path("settings/personal/<str:kind>/<uuid:id>/file/", privacy.person_file, name="person_file"),
    path("settings/personal/<str:kind>/<uuid:id>/page/", privacy.person_paper, name="person_paper"),
    path("settings/personal/<str:kind>/<uuid:id>/erase/", privacy.person_erase, name="person_erase"),
    path("settings/holds/", privacy.holds, name="holds"),
    path("settings/holds/keep/", privacy.retention, name="retention"),
    path("settings/holds/<uuid:hold_id>/lift/", privacy.hold_lift, name="hold_lift"),
    path("settings/jobs/", scheduled.scheduled, name="scheduled"),
    path("settings/jobs/<str:job>/run/", scheduled.scheduled_run, name="scheduled_run"),
    path("settings/jobs/attention/<uuid:outbox_id>/retry/", scheduled.scheduled_retry, name="scheduled_retry"),
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
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

handler400 = "hetong.config.views.pages.bad_request"
handler404 = "hetong.config.views.pages.not_found"
handler500 = "hetong.config.views.pages.broken"
