"""Addresses of the tests: lists and forms over nouns that every installation has."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import include, path

from hetong.kernel.routes import form, get
from hetong.ui.forms import add_page, edit_page
from hetong.ui.http import Request
from hetong.ui.lists import Shipped, Table, list_page

TEAMS = Table(
    noun="accounts.team",
    columns=("name", "company", "parent", "lead"),
    views=(Shipped("active", "Active", "is_active=true"),),
    sort="name",
    bulk=("lead", "is_active"),
    new="test-team-add",
    phone=("name", "company"),
)
TAXES = Table(noun="reference.tax_rate", columns=("name", "country", "percent"), sort="name")

ROUTES = (get("test-teams"), form("test-team-add"), form("test-team-edit"), get("test-taxes"))


def teams(request: Request) -> HttpResponse:
    return list_page(request, TEAMS)


def taxes(request: Request) -> HttpResponse:
    return list_page(request, TAXES)


def team_add(request: Request) -> HttpResponse:
    return add_page(
        request, "accounts.team", names=("name", "company", "parent", "lead"), title="New team", back="/test/teams/"
    )


def team_edit(request: Request, id: UUID) -> HttpResponse:
    return edit_page(
        request, "accounts.team", id, names=("name", "company", "parent", "lead", "is_active"), back="/test/teams/"
    )


urlpatterns = [
    path("", include("hetong.config.urls")),
    path("test/teams/", teams, name="test-teams"),
    path("test/teams/new/", team_add, name="test-team-add"),
    path("test/teams/<uuid:id>/edit/", team_edit, name="test-team-edit"),
    path("test/taxes/", taxes, name="test-taxes"),
]
