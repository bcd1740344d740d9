"""Parties and their contact persons in the API."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hetong.kernel.schemas import out_schema, page_schema
from hetong.ui.http import Request
from hetong.ui.rest import (
    act_answer,
    add_answer,
    describes_act,
    describes_add,
    describes_edit,
    describes_list,
    edit_answer,
    list_answer,
    show_answer,
)

from . import services
from .fields import CONTACT, PARTY

router = Router(tags=["parties"])
Party, Contact = out_schema(PARTY, "Party"), out_schema(CONTACT, "Contact")


@router.get(
    "/parties", url_name="parties", response=page_schema(Party, "PartyPage"), openapi_extra=describes_list(PARTY)
)
def parties_list(request: Request) -> HttpResponse:
    """Customers, suppliers and partners that you may see."""
    return list_answer(request, "parties.party")


@router.post("/parties", url_name="parties", response={201: Party}, openapi_extra=describes_add(PARTY, "PartyNew"))
def party_add(request: Request) -> HttpResponse:
    """Add a party."""
    return add_answer(request, "parties.party")


@router.get("/parties/{uuid:party_id}", url_name="party", response=Party)
def party_show(request: Request, party_id: UUID) -> HttpResponse:
    """One party."""
    return show_answer(request, "parties.party", party_id)


@router.patch(
    "/parties/{uuid:party_id}", url_name="party", response=Party, openapi_extra=describes_edit(PARTY, "PartyChange")
)
def party_edit(request: Request, party_id: UUID) -> HttpResponse:
    """Change a party; only what you name."""
    return edit_answer(request, "parties.party", party_id)


@router.post(
    "/parties/{uuid:party_id}/retire", url_name="party_retire", response=Party, openapi_extra=describes_act("reason")
)
def party_retire(request: Request, party_id: UUID) -> HttpResponse:
    """Stop offering the party for new contracts."""
    return act_answer(request, "parties.party", party_id, services.retire_parties, takes=("reason",))


@router.post(
    "/parties/{uuid:party_id}/restore", url_name="party_restore", response=Party, openapi_extra=describes_act("reason")
)
def party_restore(request: Request, party_id: UUID) -> HttpResponse:
    """Take a retired party back into use."""
    return act_answer(request, "parties.party", party_id, services.restore_parties, takes=("reason",))


@router.get(
    "/contacts",
    url_name="contacts",
    response=page_schema(Contact, "ContactPage"),
    openapi_extra=describes_list(CONTACT),
)
def contacts_list(request: Request) -> HttpResponse:
    """Contact persons; `party=<id>` for those of one party."""
    return list_answer(request, "parties.contact")


@router.post(
    "/contacts", url_name="contacts", response={201: Contact}, openapi_extra=describes_add(CONTACT, "ContactNew")
)
def contact_add(request: Request) -> HttpResponse:
    """Add a contact person to a party."""
    return add_answer(request, "parties.contact")


@router.get("/contacts/{uuid:contact_id}", url_name="contact", response=Contact)
def contact_show(request: Request, contact_id: UUID) -> HttpResponse:
    """One contact person."""
    return show_answer(request, "parties.contact", contact_id)


@router.patch(
    "/contacts/{uuid:contact_id}",
    url_name="contact",
    response=Contact,
    openapi_extra=describes_edit(CONTACT, "ContactChange"),
)
def contact_edit(request: Request, contact_id: UUID) -> HttpResponse:
    """Change a contact person; only what you name."""
    return edit_answer(request, "parties.contact", contact_id)
