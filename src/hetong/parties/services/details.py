"""Numbers, addresses and contacts of a party: they share its rights, and are retired rather than deleted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from hetong.audit.services import changes, record_many
from hetong.audit.services.editing import add_rows, edit_rows
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Problem
from hetong.kernel.fields import Register
from hetong.kernel.rows import locked, write
from hetong.parties.events import Act, DetailsChanged
from hetong.parties.fields import ADDRESS, CONTACT, NUMBER, PARTY
from hetong.parties.identifiers import BadNumber, check
from hetong.parties.models import Address, Contact, Party, PartyId
from hetong.parties.policy import Can
from hetong.parties.queries.parties import must_edit
from hetong.parties.services.checks import bad_number, constraints_as_conflict, ways_to_reach
from hetong.parties.services.naming import keep_numbers

Given = Mapping[str, Any]
Rule = Callable[[Actor, Any], Iterable[Problem]]


@dataclass(frozen=True)
class Detail:
    """One noun that hangs on a party: its register, its rule on a row, the columns the rule sets, what follows."""

    register: Register
    added: Act
    edited: Act
    rule: Rule
    also: tuple[str, ...] = ()
    can: Can = Can.EDIT
    then: Callable[[Iterable[Party]], None] | None = None

    @property
    def model(self) -> Any:
        return self.register.model


def _follow(detail: Detail, rows: Sequence[Any], *_: Any) -> None:
    if detail.then is not None:
        detail.then(Party.objects.filter(pk__in={row.party_id for row in rows}))


def add_details(detail: Detail, actor: Actor, givens: Sequence[Given], locale: str) -> list[Any]:
    """Add details of that noun to the parties they name; all or none."""

    def make(values: Mapping[str, Any]) -> Model:
        must_edit(actor, [values["party"]])
        row: Model = detail.model()
        return row

    with constraints_as_conflict():
        return add_rows(
            detail.register, actor, givens, can=detail.can, code=detail.added, event=DetailsChanged, make=make, locale=locale,
            prepare=lambda row, values: detail.rule(actor, row), after_insert=partial(_follow, detail),
        )  # fmt: skip


def edit_details(
    detail: Detail,
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    locale: str,
    versions: Mapping[UUID, int] | None,
    reason: str,
) -> list[Any]:
    """Change details of that noun; all or none. They stay with their party."""
    rows = locked(detail.model.objects.visible_to(actor), ids)
    must_edit(actor, {row.party_id for row in rows})
    kept = {row.pk: row.party_id for row in rows}

    def prepare(row: Any, values: Mapping[str, Any]) -> Iterable[Problem]:
        if row.party_id != kept[row.pk]:
            return [
                Problem(
                    "detail_stays", N_("This stays with its party. Add it to the other party instead."), field="party"
                )
            ]
        return detail.rule(actor, row)

    with constraints_as_conflict():
        return edit_rows(
            detail.register, actor, rows, given, can=detail.can, code=detail.edited, event=DetailsChanged, locale=locale,
            versions=versions, reason=reason, prepare=prepare, also=detail.also, after_write=partial(_follow, detail),
        )  # fmt: skip


# -- numbers -------------------------------------------------------------------------------------


def taken(actor: Actor, holder: UUID, field: str) -> Problem:
    """The refusal of a number that another party has; its name is only told to those who may know of it."""
    rows = PARTY.show(actor, Party.objects.visible_to(actor).filter(pk=holder), ("name",))
    name = rows[0].title if rows else ""
    if not name:
        return Problem(
            "number_taken_hidden",
            N_(
                "A party with this number exists already, but is not open to you. Ask your manager or an administrator to share it."
            ),
            field=field,
        )
    return Problem("number_taken", N_("This number already belongs to %(party)s."), {"party": name}, field)


def _number_rule(actor: Actor, row: PartyId) -> list[Problem]:
    """The number is right by its scheme, and no other number in use is the same."""
    if row.scheme == "other" and not row.issuer:
        return [Problem("issuer_needed", N_("Say which register gave the number."), field="issuer")]
    try:
        checked = check(row.scheme, row.value, country=row.party.country)
    except BadNumber as broken:
        return [bad_number(broken, "value")]
    row.value, row.normalised, row.is_personal = checked.value, checked.normalised, checked.is_personal
    same = PartyId.objects.filter(
        scheme=row.scheme, normalised=row.normalised, is_active=True, issuer_key=row.issuer.casefold()
    )
    holder = same.exclude(pk=row.pk).values_list("party", flat=True).first() if row.is_active else None
    return [taken(actor, holder, "value")] if holder else []


NUMBERS = Detail(
    NUMBER, Act.NUMBER_ADDED, Act.NUMBER_EDITED, _number_rule, ("value", "normalised", "is_personal"), then=keep_numbers
)


@transaction.atomic
def add_numbers(actor: Actor, givens: Sequence[Given], *, locale: str = "") -> list[PartyId]:
    """Add numbers to parties, checked by their schemes."""
    return add_details(NUMBERS, actor, givens, locale)


@transaction.atomic
def edit_numbers(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[PartyId]:
    """Change or retire numbers of parties."""
    return edit_details(NUMBERS, actor, ids, given, locale, versions, reason)


# -- addresses -----------------------------------------------------------------------------------


def _address_rule(actor: Actor, row: Address) -> Iterable[Problem]:
    """An address says something, and a party has one registered address at a time."""
    if not (row.lines or row.city or row.postal_code):
        yield Problem("address_empty", N_("Give at least a street, a postal code or a city."), field="lines")
    same = Address.objects.filter(party=row.party_id, role="registered", is_active=True).exclude(pk=row.pk)
    if row.role == "registered" and row.is_active and same.exists():
        yield Problem(
            "registered_twice",
            N_("This party already has a registered address. Change that one, or retire it first."),
            field="role",
        )
    row.country = row.country or row.party.country


ADDRESSES = Detail(ADDRESS, Act.ADDRESS_ADDED, Act.ADDRESS_EDITED, _address_rule, ("country",))


@transaction.atomic
def add_addresses(actor: Actor, givens: Sequence[Given], *, locale: str = "") -> list[Address]:
    """Add addresses to parties."""
    return add_details(ADDRESSES, actor, givens, locale)


@transaction.atomic
def edit_addresses(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Address]:
    """Change or retire addresses of parties."""
    return edit_details(ADDRESSES, actor, ids, given, locale, versions, reason)


# -- contacts ------------------------------------------------------------------------------------


def _step_down(actor: Actor, row: Contact) -> None:
    """The party's main contact so far makes room, with a trace of its own."""
    others = list(Contact.objects.filter(party=row.party_id, is_primary=True).exclude(pk=row.pk))
    if not others:
        return
    before = CONTACT.snapshot(others)
    for other in others:
        other.is_primary = False
    write(others, {"is_primary"})
    record_many(actor, Act.CONTACT_EDITED, changes(CONTACT, before, CONTACT.snapshot(others), {}))


def _contact_rule(actor: Actor, row: Contact) -> list[Problem]:
    """Ways to reach the person are right; a retired contact is not the main one, the first contact is."""
    if not row.is_active:
        row.is_primary = False
    elif not row.is_primary and not Contact.objects.filter(party=row.party_id, is_active=True).exists():
        row.is_primary = True
    if row.is_primary:
        _step_down(actor, row)
    return list(ways_to_reach(row))


CONTACTS = Detail(CONTACT, Act.CONTACT_ADDED, Act.CONTACT_EDITED, _contact_rule, ("is_primary",))


@transaction.atomic
def add_contacts(actor: Actor, givens: Sequence[Given], *, locale: str = "") -> list[Contact]:
    """Add contact persons to parties; the first of a party becomes its main contact."""
    main: set[str] = set()
    named = {str(given.get("party")) for given in givens if given.get("is_primary")}

    def rule(actor: Actor, row: Contact) -> list[Problem]:
        party = str(row.party_id)
        if not row.is_primary and party in main | named:
            return list(ways_to_reach(row))
        if party in main:
            return [
                Problem(
                    "two_main_contacts",
                    N_("A party has one main contact; this is the second in the list."),
                    field="is_primary",
                )
            ]
        problems = _contact_rule(actor, row)
        main.update({party} if row.is_primary else ())
        return problems

    return add_details(replace(CONTACTS, rule=rule), actor, givens, locale)


@transaction.atomic
def edit_contacts(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Contact]:
    """Change or retire contact persons; making one the main contact takes that from the one before."""
    return edit_details(CONTACTS, actor, ids, given, locale, versions, reason)
