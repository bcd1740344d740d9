from __future__ import annotations

from django.urls import path

from . import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.job_list, name="list"),
    path("jobs/bell/", views.job_bell, name="bell"),
    path("jobs/<uuid:job_id>/file/", views.job_file, name="file"),
    path("jobs/<uuid:job_id>/cancel/", views.job_cancel, name="cancel"),
    path("jobs/attention/<uuid:outbox_id>/retry/", views.outbox_retry, name="retry"),
]
