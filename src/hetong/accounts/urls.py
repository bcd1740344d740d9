from __future__ import annotations

from django.urls import include, path

from .views import sign_in

app = (
    [
        path("portal/", sign_in.portal, name="portal"),
    ],
    "accounts",
)

urlpatterns = [
    path("login/", sign_in.sign_in, name="account_login"),
    path("login/password/<str:user>/<str:key>/", sign_in.first_password, name="first_password"),
    path("logout/", sign_in.sign_out, name="account_logout"),
    path("preferences/", sign_in.preferences, name="preferences"),
    path("", include(app)),
]
