"""Our own companies, teams and people in the API, to read: they are managed on the settings pages."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hetong.kernel.schemas import out_schema, page_schema
from hetong.ui.http import Request
from hetong.ui.rest import describes_list, list_answer, show_answer

from .fields import COMPANY, TEAM, USER

router = Router(tags=["companies and people"])
Company, Team, User = out_schema(COMPANY, "Company"), out_schema(TEAM, "Team"), out_schema(USER, "User")


@router.get(
    "/companies",
    url_name="companies",
    response=page_schema(Company, "CompanyPage"),
    openapi_extra=describes_list(COMPANY),
)
def companies_list(request: Request) -> HttpResponse:
    """The companies of ours that you hold a role in."""
    return list_answer(request, "accounts.company")


@router.get("/companies/{uuid:company_id}", url_name="company", response=Company)
def company_show(request: Request, company_id: UUID) -> HttpResponse:
    """One company of ours."""
    return show_answer(request, "accounts.company", company_id)


@router.get("/teams", url_name="teams", response=page_schema(Team, "TeamPage"), openapi_extra=describes_list(TEAM))
def teams_list(request: Request) -> HttpResponse:
    """The teams of your companies."""
    return list_answer(request, "accounts.team")


@router.get("/teams/{uuid:team_id}", url_name="team", response=Team)
def team_show(request: Request, team_id: UUID) -> HttpResponse:
    """One team."""
    return show_answer(request, "accounts.team", team_id)


@router.get("/users", url_name="users", response=page_schema(User, "UserPage"), openapi_extra=describes_list(USER))
def users_list(request: Request) -> HttpResponse:
    """The colleagues you may name as owner."""
    return list_answer(request, "accounts.user")


@router.get("/users/{uuid:user_id}", url_name="user", response=User)
def user_show(request: Request, user_id: UUID) -> HttpResponse:
    """One colleague."""
    return show_answer(request, "accounts.user", user_id)
