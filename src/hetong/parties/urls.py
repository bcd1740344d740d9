from __future__ import annotations

from django.urls import path

from hetong.parties import views
from hetong.parties.views import DETAILS

app_name = "parties"
urlpatterns = [
    path("parties/", views.party_list, name="list"),
    path("parties/new/", views.party_add, name="add"),
    path("parties/duplicates/", views.party_duplicates, name="duplicates"),
    path("parties/<uuid:party_id>/", views.party_card, name="card"),
    path("parties/<uuid:party_id>/edit/", views.party_edit, name="edit"),
    path("parties/<uuid:party_id>/retire/", views.party_retire, name="retire"),
    path("parties/<uuid:party_id>/restore/", views.party_restore, name="restore"),
    *(
        path(f"parties/<uuid:party_id>/{detail.folder}/new/", views.detail_add, {"what": what}, name=f"{what}_add")
        for what, detail in DETAILS.items()
    ),
    *(
        path(
            f"parties/<uuid:party_id>/{detail.folder}/<uuid:detail_id>/edit/",
            views.detail_edit,
            {"what": what},
            name=f"{what}_edit",
        )
        for what, detail in DETAILS.items()
    ),
    path("settings/party-kinds/", views.kind_list, name="kinds"),
    path("settings/party-kinds/new/", views.kind_add, name="kind_add"),
    path("settings/party-kinds/<uuid:kind_id>/", views.kind_edit, name="kind"),
    path("settings/party-kinds/<uuid:kind_id>/edit/", views.kind_edit, name="kind_edit"),
]
