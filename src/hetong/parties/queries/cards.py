from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Register, Row
from hetong.parties.fields import ADDRESS, BANK, CONTACT, NUMBER, PARTY, TERMS
from hetong.parties.models import Party, PartyTerms
from hetong.parties.queries.duplicates import Duplicates, find_duplicates
from hetong.parties.queries.merging import apart_from


@dataclass
class PartyCard:
    """Everything the overview of a party shows, as its reader may see it."""

    row: Row
    terms: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    numbers: list[Row] = field(default_factory=list)
    addresses: list[Row] = field(default_factory=list)
    banks: list[Row] = field(default_factory=list)
    children: list[Row] = field(default_factory=list)


def _shown(register: Register, actor: Actor, party: UUID, *order: str) -> list[Row]:
    return register.show(actor, register.model._default_manager.filter(party=party).order_by(*order))


def party_card(actor: Actor, party: UUID, row: Row | None = None) -> PartyCard:
    """The overview of one party; ``row`` is the party as already shown to this actor. Raises `NotFound`."""
    visible = Party.objects.visible_among(actor)
    shown = [row] if row else PARTY.show(actor, visible.filter(pk=party))
    if not shown:
        raise NotFound(noun=PARTY.noun, id=str(party))
    may_read_banks = "account" in {f.name for f in BANK.readable(actor)}
    return PartyCard(
        row=shown[0],
        terms=TERMS.show(actor, PartyTerms.objects.visible_to(actor).filter(party=party).order_by("company_id")),
        contacts=_shown(CONTACT, actor, party, "-is_active", "-is_primary", "name_key", "pk"),
        numbers=_shown(NUMBER, actor, party, "-is_active", "pk"),
        addresses=_shown(ADDRESS, actor, party, "-is_active", "pk"),
        banks=_shown(BANK, actor, party, "-is_active", "pk") if may_read_banks else [],
        children=PARTY.show(
            actor, visible.filter(parent=party).order_by("name_key", "pk")[:20], {"name", "country", "kinds"}
        ),
    )


def find_namesakes(actor: Actor, party: UUID) -> Duplicates:
    """The records that may be that party too, but for those that were said to be another one. Raises `NotFound`."""
    names = Party.objects.visible_among(actor).filter(pk=party).values_list("name", "local_name").first()
    if names is None:
        raise NotFound(noun=PARTY.noun, id=str(party))
    return find_duplicates(actor, names, besides=[party, *apart_from(party)])
