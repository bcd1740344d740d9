from __future__ import annotations

from django.urls import include, path

from .states import OFFERED
from .views import acts, card, contracts, lines, milestones, moving, paper, plan, projects, renewal, replanning, setup

STAGE = "<uuid:id>/plan/<uuid:stage_id>/"
MILESTONE = "<uuid:id>/milestones/<uuid:milestone_id>/"
ORIGINAL = "<uuid:id>/originals/<uuid:original_id>/"
plan_urls = [
    path("<uuid:id>/plan/", plan.plan, name="plan"),
    path("<uuid:id>/plan/check/", plan.plan_check, name="plan_check"),
    path("<uuid:id>/plan/change/", replanning.plan_change, name="plan_change"),
    path(STAGE, plan.stage_edit, name="stage_edit"),
    path(f"{STAGE}remove/", plan.stage_remove, name="stage_remove"),
    path(f"{STAGE}move/", plan.stage_move, name="stage_move"),
    path(MILESTONE, milestones.milestone_edit, name="milestone_edit"),
    path(f"{MILESTONE}remove/", milestones.milestone_remove, name="milestone_remove"),
    path(f"{MILESTONE}reach/", milestones.milestone_reach, name="milestone_reach"),
    path(f"{MILESTONE}unreach/", milestones.milestone_unreach, name="milestone_unreach"),
    path("<uuid:id>/originals/", paper.originals, name="originals"),
    path(ORIGINAL, paper.original_edit, name="original_edit"),
    path(f"{ORIGINAL}stamp/", paper.original_stamp, name="original_stamp"),
    path(f"{ORIGINAL}lend/", paper.original_lend, name="original_lend"),
    path(f"{ORIGINAL}return/", paper.original_return, name="original_return"),
    path(f"{ORIGINAL}remove/", paper.original_remove, name="original_remove"),
]
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
        path("<uuid:id>/head/", card.contract_head, name="head"),
        path("<uuid:id>/close/", moving.contract_close, name="close"),
        path("<uuid:id>/close/<slug:code>/waive/", moving.contract_waive, name="waive"),
        path("<uuid:id>/papers/<slug:code>/pass/", moving.contract_let_pass, name="let_pass"),
        *(
            path(f"<uuid:id>/{verb}/", moving.contract_move, {"verb": verb}, name=verb)
            for verb in OFFERED
            if verb != "close"
        ),
        path("<uuid:id>/status/", acts.contract_status, name="status"),
        path("<uuid:id>/renewal/", renewal.contract_renewal, name="renewal"),
        path("<uuid:id>/flag/", acts.contract_flag, name="flag"),
        path("<uuid:id>/unflag/", acts.contract_unflag, name="unflag"),
        path("<uuid:id>/team/", acts.contract_team, name="team"),
        path("<uuid:id>/team/<uuid:member_id>/remove/", acts.contract_team_remove, name="team_remove"),
        *plan_urls,
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
