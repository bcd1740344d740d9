from __future__ import annotations

from django.urls import include, path

from .views import lists

billing_urls = (
    [
        path("ledger/", lists.ledger, name="ledger"),
    ],
    "billing",
)

urlpatterns = [
    path("billing/", include(billing_urls)),
]
