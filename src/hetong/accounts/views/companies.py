from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hetong.accounts.fields import BANK
from hetong.accounts.models import Bank
from hetong.accounts.policy import Can
from hetong.accounts.queries import find_people_of_team, team_tree
from hetong.accounts.tables import COMPANIES, TEAMS
from hetong.kernel.nouns import must_see
from hetong.ui.cards import shown_row
from hetong.ui.forms import add_page, edit_page
from hetong.ui.http import Request
from hetong.ui.lists import list_page

COMPANY_FIELDS = (
    "name", "local_name", "country", "currency", "org_no", "tax_no", "address", "email", "phone", "paper_note", "zone", "language",
    "contract_prefix", "prices_include_tax",
)  # fmt: skip
BANK_FIELDS = ("label", "account", "bic", "currency")
TEAM_FIELDS = ("name", "company", "parent", "lead")


def companies(request: Request) -> HttpResponse:
    return list_page(request, COMPANIES)


def company_add(request: Request) -> HttpResponse:
    return add_page(request, "accounts.company", names=COMPANY_FIELDS, title=_("Add company"), submit=_("Add company"))


def company_edit(request: Request, company_id: UUID) -> HttpResponse:
    return edit_page(request, "accounts.company", company_id, names=(*COMPANY_FIELDS, "is_active"))


def company(request: Request, company_id: UUID) -> HttpResponse:
    """One company of ours, with its teams as a tree."""
    row = shown_row(request.actor, "accounts.company", company_id)
    context = {
        "row": row, "may_edit": request.actor.may(Can.MANAGE_COMPANIES, company_id), "tree": team_tree(request.actor, company_id),
        "banks": BANK.show(request.actor, Bank.objects.visible_to(request.actor).filter(company=company_id).order_by("pk")),
    }  # fmt: skip
    return render(request, "accounts/company.html", context)


def bank_add(request: Request, company_id: UUID) -> HttpResponse:
    """A further account of the company."""
    must_see(request.actor, "accounts.company", company_id)
    back = reverse("accounts:company", args=[company_id])
    return add_page(
        request, "accounts.bank", names=BANK_FIELDS, fixed={"company": str(company_id)}, title=_("Add account"),
        submit=_("Add account"), back=back,
    )  # fmt: skip


def bank_edit(request: Request, bank_id: UUID) -> HttpResponse:
    """Change an account, or take it out of use."""
    row = shown_row(request.actor, "accounts.bank", bank_id)
    back = reverse("accounts:company", args=[row.company])
    return edit_page(request, "accounts.bank", bank_id, names=(*BANK_FIELDS, "is_active"), back=back)


def teams(request: Request) -> HttpResponse:
    return list_page(request, TEAMS)


def team_add(request: Request) -> HttpResponse:
    return add_page(request, "accounts.team", names=TEAM_FIELDS, title=_("Add team"), submit=_("Add team"))


def team_edit(request: Request, team_id: UUID) -> HttpResponse:
    return edit_page(request, "accounts.team", team_id, names=("name", "parent", "lead", "is_active"))


def team(request: Request, team_id: UUID) -> HttpResponse:
    """One team, with the people who work from it."""
    row = shown_row(request.actor, "accounts.team", team_id)
    context = {
        "row": row, "may_edit": request.actor.may(Can.MANAGE_COMPANIES, row.company), "people": find_people_of_team(request.actor, team_id),
    }  # fmt: skip
    return render(request, "accounts/team.html", context)
