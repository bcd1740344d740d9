from __future__ import annotations

from django.urls import path

from . import views

app_name = "approvals"
urlpatterns = [
    path("approvals/", views.inbox, name="inbox"),
    path("approvals/done/", views.done, name="done"),
    path("approvals/mine/", views.mine, name="mine"),
    path("approvals/<uuid:id>/", views.task_card, name="card"),
    path("approvals/<uuid:id>/approve/", views.task_approve, name="approve"),
    path("approvals/<uuid:id>/reject/", views.task_reject, name="reject"),
    path("<path:section>/<uuid:id>/approvals/", views.panel, name="panel"),
]
