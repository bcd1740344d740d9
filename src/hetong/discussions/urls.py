from __future__ import annotations

from django.urls import path

from . import views

app_name = "discussions"
urlpatterns = [
    path("discussions/asked/<uuid:id>/", views.asked, name="asked"),
    path("discussions/<uuid:id>/", views.comment_place, name="place"),
    path("discussions/<uuid:id>/edit/", views.comment_edit, name="edit"),
    path("discussions/<uuid:id>/changes/", views.comment_edits, name="edits"),
    path("discussions/<uuid:id>/withdraw/", views.comment_withdraw, name="withdraw"),
    path("discussions/<uuid:id>/files/<uuid:file_id>/", views.comment_file, name="file"),
    path("discussions/threads/<uuid:id>/resolve/", views.thread_resolve, name="resolve"),
    path("discussions/threads/<uuid:id>/reopen/", views.thread_reopen, name="reopen"),
    path("<path:section>/<uuid:id>/discussion/", views.panel, name="panel"),
    path("<path:section>/<uuid:id>/discussion/add/", views.comment_add, name="add"),
    path("<path:section>/<uuid:id>/discussion/people/", views.people, name="people"),
    path("<path:section>/<uuid:id>/discussion/invite/", views.colleague_invite, name="invite"),
]
