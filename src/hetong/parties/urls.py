from __future__ import annotations

from django.urls import path

from .views import merging, parties
from .views.parties import DETAILS

app_name = "parties"
urlpatterns = [
    path("parties/", parties.party_list, name="list"),
    path("parties/new/", parties.party_add, name="add"),
    path("parties/duplicates/", parties.party_duplicates, name="duplicates"),
    path("parties/likely-duplicates/", merging.likely_list, name="likely"),
    path("parties/<uuid:party_id>/alike/", parties.party_alike, name="alike"),
    path("parties/<uuid:party_id>/apart/", merging.party_apart, name="apart"),
    path("parties/<uuid:party_id>/apart/end/", merging.party_apart_end, name="apart_end"),
    path("parties/<uuid:party_id>/merge/", merging.party_merge, name="merge"),
    path("parties/<uuid:party_id>/", parties.party_card, name="card"),
    path("parties/<uuid:party_id>/edit/", parties.party_edit, name="edit"),
    path("parties/<uuid:party_id>/retire/", parties.party_retire, name="retire"),
    path("parties/<uuid:party_id>/restore/", parties.party_restore, name="restore"),
    *(
        path(f"parties/<uuid:party_id>/{detail.folder}/new/", parties.detail_add, {"what": what}, name=f"{what}_add")
        for what, detail in DETAILS.items()
    ),
    *(
        path(
            f"parties/<uuid:party_id>/{detail.folder}/<uuid:detail_id>/edit/",
            parties.detail_edit,
            {"what": what},
            name=f"{what}_edit",
        )
        for what, detail in DETAILS.items()
    ),
    path("settings/party-kinds/", parties.kind_list, name="kinds"),
    path("settings/party-kinds/new/", parties.kind_add, name="kind_add"),
    path("settings/party-kinds/<uuid:kind_id>/", parties.kind_edit, name="kind"),
    path("settings/party-kinds/<uuid:kind_id>/edit/", parties.kind_edit, name="kind_edit"),
]
