from __future__ import annotations

from django.urls import path

from . import views

app_name = "documents"
urlpatterns = [
    path("settings/document-kinds/", views.kind_list, name="kinds"),
    path("settings/document-kinds/new/", views.kind_add, name="kind_add"),
    path("settings/document-kinds/<uuid:kind_id>/", views.kind_edit, name="kind_edit"),
    path("documents/", views.document_list, name="list"),
    path("documents/<uuid:id>/", views.document_card, name="card"),
    path("documents/<uuid:id>/edit/", views.document_edit, name="edit"),
    path("documents/<uuid:id>/retire/", views.document_retire, name="retire"),
    path("documents/<uuid:id>/restore/", views.document_restore, name="restore"),
    path("documents/<uuid:id>/versions/add/", views.version_add, name="version_add"),
    path("documents/<uuid:id>/versions/<str:which>/", views.version_preview, name="preview"),
    path("documents/<uuid:id>/versions/<str:which>/pages/<int:number>.png", views.version_page, name="page"),
    path("documents/<uuid:id>/versions/<str:which>/file", views.version_download, name="download"),
    path("documents/<uuid:id>/versions/<str:which>/accept/", views.version_accept, name="accept"),
    path("documents/<uuid:id>/versions/<str:which>/reject/", views.version_reject, name="reject"),
    path("<path:section>/<uuid:id>/documents/", views.document_panel, name="panel"),
    path("<path:section>/<uuid:id>/documents/add/", views.document_add, name="add"),
]
