from __future__ import annotations

from django.urls import include, path

from .states import OFFERED
from .views import acts, card, contracts, lines, projects, setup

contract_urls = (
    [
        path("", contracts.contract_list, name="list"),
        path("new/", contracts.contract_add, name="add"),
        path("alike/", contracts.contract_alike, name="alike"),
        path("<uuid:id>/", card.contract_card, name="card"),
        path("<uuid:id>/notices/", card.contract_notices, name="notices"),
        path("<uuid:id>/edit/", contracts.contract_edit, name="edit"),
        path("<uuid:id>/lines/", lines.contract_lines, name="lines"),
        path("<uuid:id>/lines/<uuid:line_id>/", lines.line_edit, name="line_edit"),
        path("<uuid:id>/lines/<uuid:line_id>/remove/", lines.line_remove, name="line_remove"),
        *(path(f"<uuid:id>/{verb}/", acts.contract_move, {"verb": verb}, name=verb) for verb in OFFERED),
        path("<uuid:id>/status/", acts.contract_status, name="status"),
        path("<uuid:id>/flag/", acts.contract_flag, name="flag"),
        path("<uuid:id>/unflag/", acts.contract_unflag, name="unflag"),
        path("<uuid:id>/team/", acts.contract_team, name="team"),
        path("<uuid:id>/team/<uuid:member_id>/remove/", acts.contract_team_remove, name="team_remove"),
        path("<uuid:id>/counterparty/", card.contract_snapshot, name="snapshot"),
    ],
    "contracts",
)
party_urls = ([path("<uuid:id>/contracts/", contracts.party_contracts, name="list")], "party_contracts")
project_urls = (
    [
        path("", projects.project_list, name="list"),
        path("new/", projects.project_add, name="add"),
        path("<uuid:id>/", projects.project_card, name="card"),
        path("<uuid:id>/edit/", projects.project_edit, name="edit"),
    ],
    "projects",
)
settings_urls = (
    [
        path("contract-types/", setup.type_list, name="types"),
        path("contract-types/new/", setup.type_add, name="type_add"),
        path("contract-types/<uuid:id>/", setup.type_edit, name="type_edit"),
        path("contract-types/<uuid:id>/act/", setup.type_act, name="type_act"),
        path("statuses/", setup.status_list, name="statuses"),
        path("statuses/new/", setup.status_add, name="status_add"),
        path("statuses/<uuid:id>/", setup.status_edit, name="status_edit"),
        path("statuses/<uuid:id>/act/", setup.status_act, name="status_act"),
    ],
    "contract_settings",
)

urlpatterns = [
    path("contracts/", include(contract_urls)),
    path("parties/", include(party_urls)),
    path("projects/", include(project_urls)),
    path("settings/", include(settings_urls)),
]
