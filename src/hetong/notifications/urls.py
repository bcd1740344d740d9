from __future__ import annotations

from django.urls import path

from . import views

app_name = "notifications"
urlpatterns = [
    path("settings/mails/", views.mails, name="mails"),
    path("settings/mails/<uuid:mail_id>/retry/", views.mail_retry, name="mail_retry"),
]
