from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Ref
from hetong.kernel.nouns import must_see
from hetong.parties import queries, services
from hetong.parties.fields import BANK
from hetong.parties.fields import PARTY as PARTY_REGISTER
from hetong.parties.fields import TERMS as TERMS_REGISTER
from hetong.parties.fields.beside import WITH_NUMBER
from hetong.parties.forms import ADD_FIELDS, EDIT_FIELDS, typed_duplicates, warning_of
from hetong.parties.policy import Can
from hetong.parties.tables import KINDS, PARTIES
from hetong.ui.cards import card_frame, further_fields, shown_row
from hetong.ui.forms import RecordForm, add_page, edit_page, in_order, with_added
from hetong.ui.http import Request
from hetong.ui.lists import list_page

PARTY = "parties.party"
ENOUGH = ("name", "kinds", "country", "registration_number")
"""What the form of a new party shows at once: enough to find its namesakes and to make a contract."""
PARTY_FIELDS = PARTY_REGISTER.fields
WHO = ("other_names", "industry", "language", "note")
ELSEWHERE = frozenset({
    "name", "local_name", "kinds", "country", "is_person", "registration_number", "vat_number", "address_lines", "postal_code", "city",
    "company", "number", "owner", "team", "payment_days", "email", "phone", "website", "parent",
})  # fmt: skip
"""What can be written and has a place of its own on the card."""
TERMS = ("number", "owner", "team", "payment_days", "credit_limit", "price_note")
ALIKE = "parties/_duplicates_live.html"


def party_list(request: Request) -> HttpResponse:
    """Everyone we deal with, as far as the reader's roles reach."""
    return list_page(request, PARTIES)


def party_add(request: Request) -> HttpResponse:
    """A new party with its terms, numbers and address; warns of those that look the same."""
    without = () if _has_several_companies(request.actor) else ("company",)
    names = in_order(PARTY_REGISTER, ADD_FIELDS, without=without)
    return add_page(
        request, PARTY, names=names, title=_("New party"), submit=_("Add party"), initial=_initial(request.actor), after_first=ALIKE,
        enough=_enough(), warn=lambda form: warning_of(request.actor, form),
    )  # fmt: skip


def _enough() -> tuple[str, ...]:
    """Those, and what the house asks of a registration number."""
    return (
        *ENOUGH,
        *(one.name for one in PARTY_REGISTER if one.of and one.load == WITH_NUMBER["registration_number"].load),
    )


def _has_several_companies(actor: Actor) -> bool:
    companies = actor.companies()
    return companies is None or len(companies) > 1


def _initial(actor: Actor) -> dict[str, Any]:
    company = queries.default_company(actor)
    start: dict[str, Any] = {"owner": Ref(actor.id, actor.label)} if actor.id else {}
    return start | {"country": company.country, "company": Ref(company.pk, company.name)} if company else start


def party_duplicates(request: Request) -> HttpResponse:
    """The parties that look like what is being typed; a fragment of the form."""
    return render(request, "parties/_duplicates.html", {"duplicates": typed_duplicates(request.actor, request.GET)})


def party_card(request: Request, party_id: UUID) -> HttpResponse:
    """The overview of one party."""
    actor = request.actor
    frame = card_frame(actor, PARTY, party_id, "overview")
    may_edit = actor.may(Can.EDIT)
    context = {
        "card": queries.party_card(actor, party_id, frame["row"]),
        "who": [PARTY_FIELDS[name] for name in WHO] + further_fields(frame["row"], ELSEWHERE.union(WHO)),
        "terms_fields": [TERMS_REGISTER.all()[name] for name in with_added(TERMS_REGISTER, TERMS)], "may_edit": may_edit,
        "may_add_terms": may_edit and _has_several_companies(actor),
        "may_edit_banks": actor.may(Can.EDIT_BANKS), "reads_banks": "account" in {f.name for f in BANK.readable(actor)},
    }  # fmt: skip
    return render(request, "parties/card.html", frame | context)


def party_alike(request: Request, party_id: UUID) -> HttpResponse:
    """The records that may be the same party: they come in after its overview, which does not wait for them."""
    actor = request.actor
    found = queries.find_namesakes(actor, party_id)
    context = {"duplicates": found, "kept": party_id, "may_merge": actor.may(Can.MERGE)}
    if request.htmx:
        return render(request, "parties/_duplicates.html", context)
    return render(request, "parties/alike.html", card_frame(actor, PARTY, party_id, "overview") | context)


def party_edit(request: Request, party_id: UUID) -> HttpResponse:
    """Change one party; warns of those that look the same as what it is changed to."""

    def warn(form: RecordForm) -> dict[str, Any] | None:
        return (
            warning_of(request.actor, form, besides=party_id) if {"name", "local_name"} & set(form.changed()) else None
        )

    names = in_order(PARTY_REGISTER, EDIT_FIELDS, without=("company",))
    return edit_page(request, PARTY, party_id, names=names, after_first=ALIKE, warn=warn)


def party_retire(request: Request, party_id: UUID) -> HttpResponse:
    """Stop offering a party."""
    services.retire_parties(
        request.actor, [party_id], versions=_version(request, party_id), reason=request.POST.get("reason", "")[:500]
    )
    messages.success(request, _("Retired. It is no longer offered for new contracts."))
    return redirect("parties:card", party_id)


def party_restore(request: Request, party_id: UUID) -> HttpResponse:
    """Offer a party again."""
    services.restore_parties(request.actor, [party_id], versions=_version(request, party_id))
    messages.success(request, _("Back in use."))
    return redirect("parties:card", party_id)


def _version(request: Request, id: UUID) -> dict[UUID, int]:
    sent = request.POST.get("version", "")
    return {id: int(sent)} if sent.isdecimal() and len(sent) < 10 else {}


# -- what hangs on a party -----------------------------------------------------------------------


@dataclass(frozen=True)
class Detail:
    """One kind of thing that hangs on a party: its noun, where its pages live, what its forms ask."""

    noun: str
    folder: str
    names: tuple[str, ...]
    adding: str | Promise
    editing: str | Promise
    only_new: tuple[str, ...] = ()
    has_use: bool = True


DETAILS: dict[str, Detail] = {
    "contact": Detail(
        "parties.contact", "contacts", ("name", "local_name", "role", "email", "phone", "mobile", "language", "is_primary", "note"),
        gettext_lazy("Add contact person"), gettext_lazy("Edit contact person"),
    ),
    "number": Detail(
        "parties.identifier", "numbers", ("scheme", "value", "issuer"), gettext_lazy("Add number"), gettext_lazy("Edit number")
    ),
    "address": Detail(
        "parties.address", "addresses", ("role", "lines", "postal_code", "city", "region", "country"),
        gettext_lazy("Add address"), gettext_lazy("Edit address"),
    ),
    "bank": Detail(
        "parties.bank", "banks", ("label", "kind", "account", "bic", "bank_name", "currency"),
        gettext_lazy("Add bank account"), gettext_lazy("Edit bank account"),
    ),
    "terms": Detail(
        "parties.terms", "terms", ("number", "owner", "team", "payment_days", "credit_limit", "price_note"),
        gettext_lazy("Add terms with a company"), gettext_lazy("Edit terms"), ("company",), has_use=False,
    ),
}  # fmt: skip


def detail_add(request: Request, party_id: UUID, what: str) -> HttpResponse:
    """Add a contact, number, address, account or terms to a party."""
    must_see(request.actor, PARTY, party_id)
    detail = DETAILS[what]
    names = (*detail.only_new, *detail.names)
    return add_page(
        request, detail.noun, names=names, title=detail.adding, submit=_("Add"),
        fixed={"party": str(party_id)}, back=f"/parties/{party_id}/#{detail.folder}",
    )  # fmt: skip


def detail_edit(request: Request, party_id: UUID, detail_id: UUID, what: str) -> HttpResponse:
    """Change or retire one of them."""
    detail = DETAILS[what]
    row = shown_row(request.actor, detail.noun, detail_id, {"party"})
    if row["party"].id != party_id:
        raise NotFound(noun=detail.noun, id=str(detail_id))
    names = (*detail.names, "is_active") if detail.has_use else detail.names
    return edit_page(
        request, detail.noun, detail_id, names=names, title=detail.editing, back=f"/parties/{party_id}/#{detail.folder}"
    )


# -- settings ------------------------------------------------------------------------------------


def kind_list(request: Request) -> HttpResponse:
    """What parties can be to us."""
    return list_page(request, KINDS)


def kind_add(request: Request) -> HttpResponse:
    """Add a kind of party."""
    return add_page(
        request,
        "parties.kind",
        names=("labels", "key", "position"),
        title=_("Add kind of party"),
        back="/settings/party-kinds/",
    )


def kind_edit(request: Request, kind_id: UUID) -> HttpResponse:
    """Change the words and the place of a kind, or retire it."""
    return edit_page(
        request, "parties.kind", kind_id, names=("labels", "position", "is_active"), back="/settings/party-kinds/"
    )
