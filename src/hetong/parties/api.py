"""Parties and their contact persons in the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import BaseModel

from hetong.kernel.errors import N_, Invalid, Problem, UnknownField
from hetong.kernel.schemas import out_schema, page_schema
from hetong.ui.http import Request
from hetong.ui.rest import (
    act_answer,
    add_answer,
    body_of,
    describes_act,
    describes_add,
    describes_body,
    describes_edit,
    describes_list,
    edit_answer,
    list_answer,
    seen_version,
    show_answer,
    texts_of,
)

from . import queries, services
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


MERGE: dict[str, Any] = {
    "type": "object", "required": ["other"], "additionalProperties": False,
    "properties": {
        "other": {"type": "string", "format": "uuid", "description": "The record that goes."},
        "take": {
            "type": "array", "items": {"type": "string"},
            "description": "Fields that shall say what the record that goes says; `terms` for the terms.",
        },
        "reason": {"type": "string", "maxLength": 500}, "version": {"type": "integer"},
    },
}  # fmt: skip
_OTHER = {"type": "string", "format": "uuid", "description": "The other record."}
APART: dict[str, Any] = {
    "type": "object", "required": ["other"], "additionalProperties": False,
    "properties": {"other": _OTHER, "reason": {"type": "string", "maxLength": 500}},
}  # fmt: skip
APART_END: dict[str, Any] = {
    "type": "object", "required": ["other"], "additionalProperties": False, "properties": {"other": _OTHER},
}  # fmt: skip


class Alike(BaseModel):
    """Two records that may be one party."""

    ids: tuple[UUID, UUID]
    names: tuple[str, str]
    signs: list[str]


@router.get("/parties/likely-duplicates", url_name="party_duplicates", response=list[Alike])
def party_duplicates(request: Request) -> HttpResponse:
    """Pairs of parties that share a number, a name without its legal form, or a mail domain."""
    found = [
        {
            "ids": [str(row.id) for row in pair.rows],
            "names": [row.title for row in pair.rows],
            "signs": list(pair.signs),
        }
        for pair in queries.likely_duplicates(request.actor)
    ]
    return JsonResponse(found, safe=False)


@router.post(
    "/parties/{uuid:party_id}/merge", url_name="party_merge", response=Party, openapi_extra=describes_body(MERGE)
)
def party_merge(request: Request, party_id: UUID) -> HttpResponse:
    """Merge another record of the same party into this one; it cannot be undone."""
    given = body_of(request)
    seen = seen_version(request, given)
    other, take = _merge_given(given)
    services.merge_parties(
        request.actor, party_id, other, take=take, versions={} if seen is None else {party_id: seen},
        reason=texts_of({"reason": given.get("reason", "")}, ("reason",))["reason"],
    )  # fmt: skip
    return show_answer(request, "parties.party", party_id)


@router.post(
    "/parties/{uuid:party_id}/apart", url_name="party_apart", response=Party, openapi_extra=describes_body(APART)
)
def party_apart(request: Request, party_id: UUID) -> HttpResponse:
    """Say that this and another record that looks like it are two parties: no likely duplicates any more."""
    given = body_of(request)
    reason = texts_of({"reason": given.pop("reason", "")}, ("reason",))["reason"]
    services.say_apart(request.actor, party_id, _merge_given(given, APART)[0], reason=reason)
    return show_answer(request, "parties.party", party_id)


@router.post(
    "/parties/{uuid:party_id}/apart/end", url_name="party_apart_end", response=Party,
    openapi_extra=describes_body(APART_END),
)  # fmt: skip
def party_apart_end(request: Request, party_id: UUID) -> HttpResponse:
    """Take back that this and another record are two parties."""
    services.take_back_apart(request.actor, party_id, _merge_given(body_of(request), APART_END)[0])
    return show_answer(request, "parties.party", party_id)


def _merge_given(given: dict[str, Any], takes: Mapping[str, Any] = MERGE) -> tuple[UUID, list[str]]:
    """The other record and the fields to take from it. Raises `UnknownField`, `Invalid`."""
    strange = sorted(set(given) - set(takes["properties"]))
    if strange:
        raise UnknownField(fields=", ".join(strange))
    take = given.get("take", [])
    if not isinstance(take, list) or not all(isinstance(name, str) for name in take):
        raise Invalid(problems=[Problem("unreadable", N_("This must be a list of names of fields."), field="take")])
    try:
        return UUID(str(given.get("other"))), take
    except ValueError:
        problem = Problem("no_such_record", N_("There is no such record, or you have no access to it."), field="other")
        raise Invalid(problems=[problem]) from None


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
