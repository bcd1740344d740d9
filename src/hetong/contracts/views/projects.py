from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hetong.contracts import queries
from hetong.contracts.fields import PROJECT
from hetong.contracts.policy import Can
from hetong.contracts.tables import PROJECTS
from hetong.ui.cards import card_frame
from hetong.ui.forms import add_page, edit_page, in_order
from hetong.ui.http import Request
from hetong.ui.lists import list_page

NAMES = (
    "name", "number", "site", "company", "owner", "manager", "team", "currency", "budget", "starts_on", "ends_on", "note",
)  # fmt: skip


def project_list(request: Request) -> HttpResponse:
    """All projects the reader may see."""
    return list_page(request, PROJECTS)


def project_add(request: Request) -> HttpResponse:
    """A new project."""
    names = in_order(PROJECT, NAMES, without=("is_active",))
    start = {"owner": str(request.actor.id or "")}
    return add_page(request, PROJECT.noun, names=names, title=_("New project"), initial=start)


def project_edit(request: Request, id: UUID) -> HttpResponse:
    """Everything about a project."""
    return edit_page(request, PROJECT.noun, id, names=in_order(PROJECT, NAMES, without=("company",)))


def project_card(request: Request, id: UUID) -> HttpResponse:
    """A project with its contracts and what they are worth."""
    context = card_frame(request.actor, PROJECT.noun, id, "overview")
    contracts = queries.project_summary(request.actor, id)
    return render(
        request, "contracts/project.html", context | {"contracts": contracts, "may_add": request.actor.may(Can.ADD)}
    )
