"""What is held on a person, wherever it lies: per kind of person the places, what can be erased, and how long it is kept.

Each app knows its own rows; this table knows every app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, OuterRef, Q, Subquery
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hetong.accounts.holds import held, months_kept
from hetong.accounts.models import ApiToken, Delegation, Grant, User
from hetong.accounts.policy import Can
from hetong.accounts.queries import find_people
from hetong.accounts.services.erasing import ERASED_NAME, erase_users
from hetong.audit.models import AccessLog, Entry
from hetong.audit.services import log_access
from hetong.audit.values import values_of_entries
from hetong.contracts.models import Contract, ContractParty, Member
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Text
from hetong.kernel.nouns import noun
from hetong.kernel.text import fold
from hetong.kernel.values import plain
from hetong.notifications.models import Mail, MailIn, PushDevice
from hetong.parties.models import Contact
from hetong.parties.services.erasing import erase_contacts
from hetong.signing.models import Signatory

MONTH = timedelta(days=30)
MOST = 500


@dataclass(frozen=True)
class Place:
    """One place where something about the person lies: how much, and what becomes of it when it is erased."""

    where: Text
    count: int
    then: Text
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Person:
    """One kind of person: where their data lie, how they are erased, who of them has been over for long."""

    key: str
    places: Callable[[Any], Iterable[Place]]
    erase: Callable[..., Any]
    over: Callable[[], Any]
    """The rows that are over: retired contacts, deactivated people."""


ERASED, KEPT_BY_LAW, KEPT_SIGNED = (
    gettext_lazy("blanked"),
    gettext_lazy("kept: the law asks for a record of who did what"),
    gettext_lazy("kept: part of what was signed or sent"),
)


def _journal(key: str, id: UUID) -> Place:
    values = values_of_entries(Entry.objects.filter(noun=key, subject=id))
    kept = [one for of in values.values() for one in of if not one.is_blank]
    return Place(_("Values in the history"), len(kept), ERASED)


def _contact_places(row: Contact) -> Iterator[Place]:
    yield Place(_("The contact person itself"), 0 if row.name == ERASED_NAME else 1, ERASED)
    yield _journal("parties.contact", row.pk)
    if row.name == ERASED_NAME:
        return
    named = row.email or row.name
    snapshots = ContractParty.objects.filter(party=row.party_id, snapshot__icontains=named)
    titles = snapshots.values_list("contract__title", flat=True)
    yield Place(
        _("Details kept with contracts on the day they were made"), snapshots.count(), KEPT_SIGNED, tuple(titles[:5])
    )
    yield Place(_("Signatures"), Signatory.objects.filter(name=row.name).count(), KEPT_SIGNED)
    mails = Mail.objects.filter(recipient__iexact=row.email).count() if row.email else 0
    yield Place(_("Mails sent"), mails, gettext_lazy("removed with their age"))


def _user_places(row: User) -> Iterator[Place]:
    yield Place(_("The account"), 0 if row.name == ERASED_NAME else 1, ERASED)
    yield _journal("accounts.user", row.pk)
    yield Place(_("Roles"), Grant.objects.filter(user=row).count(), gettext_lazy("stay without a name"))
    yield Place(_("Contracts owned"), Contract.objects.filter(owner=row).count(), gettext_lazy("stay without a name"))
    yield Place(
        _("Contracts taken part in"), Member.objects.filter(user=row).count(), gettext_lazy("stay without a name")
    )
    yield Place(_("Stand-ins"), Delegation.objects.filter(user=row).count(), gettext_lazy("stay without a name"))
    yield Place(_("API tokens"), ApiToken.objects.filter(user=row).count(), ERASED)
    yield Place(_("Mails sent"), Mail.objects.filter(user=row.pk).count(), gettext_lazy("removed with their age"))
    letters = MailIn.objects.filter(user=row).count()
    yield Place(_("Answers that came by mail"), letters, gettext_lazy("removed with their age"))
    devices = PushDevice.objects.filter(user=row).count()
    yield Place(_("Devices for notices"), devices, gettext_lazy("removed the night after the account is closed"))
    yield Place(_("What the person did, in the journal"), Entry.objects.filter(actor_id=row.pk).count(), KEPT_BY_LAW)
    yield Place(
        _("What the person viewed and downloaded"), AccessLog.objects.filter(actor_id=row.pk).count(), KEPT_BY_LAW
    )


PERSONS: Mapping[str, Person] = {
    "parties.contact": Person(
        "parties.contact",
        _contact_places,
        erase_contacts,
        lambda: Contact.objects.filter(is_active=False).exclude(name=ERASED_NAME),
    ),
    "accounts.user": Person(
        "accounts.user",
        _user_places,
        erase_users,
        lambda: User.objects.filter(is_active=False).exclude(name=ERASED_NAME),
    ),
}


def person_of(key: str) -> Person:
    """The kind of person. Raises `NotFound`."""
    if key not in PERSONS:
        raise NotFound(noun=key)
    return PERSONS[key]


def people_rows(actor: Actor, key: str) -> Any:
    """Those whom the actor looks after: contacts in sight, and people of the actor's companies, deactivated ones too."""
    person_of(key)
    if key != "accounts.user":
        return noun(key).visible_to(actor)
    everybody, mine = find_people(Actor.system()), actor.companies()
    return everybody if mine is None else everybody.filter(pk__in=Grant.objects.filter(company__in=mine).values("user"))


def person_row(actor: Actor, key: str, id: UUID) -> Any:
    """The person, where the actor may look after personal data and sees them. Raises `Forbidden`, `NotFound`."""
    actor.require(Can.ERASE)
    row = people_rows(actor, key).filter(pk=id).first()
    if row is None:
        raise NotFound(noun=key, id=str(id))
    return row


def held_on(actor: Actor, key: str, id: UUID) -> list[Place]:
    """Where something about the person lies."""
    return list(person_of(key).places(person_row(actor, key, id)))


@dataclass(frozen=True)
class HandOut:
    """All that is held on a person, to be handed to them, in the person's own language where that is known."""

    kind: str
    id: UUID
    language: str
    made_at: datetime
    made_by: str
    values: tuple[tuple[str, Any], ...]
    """What is stored of the person: label and typed value."""
    places: tuple[Place, ...]

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "kind": self.kind, "id": str(self.id), "language": self.language, "made_at": self.made_at.isoformat(),
            "made_by": self.made_by, "values": {label: plain(value) for label, value in self.values},
            "places": [
                {"where": str(one.where), "count": one.count, "when_erased": str(one.then), "named": list(one.samples)}
                for one in self.places
            ],
        }  # fmt: skip


def hand_out(actor: Actor, key: str, id: UUID) -> HandOut:
    """Everything on a person, as far as the reader may read it; that it was handed out is logged. Raises as `person_row`."""
    row = person_row(actor, key, id)
    register = noun(key).register
    language = language_of(row, actor)
    with translation.override(language):
        [shown] = register.show(replace(actor, language=language), [id])
        labels = {one.name: str(one.label) for one in register}
        values = [(labels[name], value) for name, value in shown.values.items() if value not in (None, "", [])]
        places = tuple(replace(one, where=str(one.where), then=str(one.then)) for one in person_of(key).places(row))
        kind = str(noun(key).labels[0])
    log_access(actor, "export", key, id, "personal data")
    return HandOut(kind, id, language, clock.now(), actor.label, tuple(values), places)


def language_of(row: Any, actor: Actor) -> str:
    """The language the person reads, if it is one of ours; else that of who hands the file out."""
    language = str(getattr(row, "language", "") or "").lower()
    return language if language in dict(settings.LANGUAGES) else actor.language


def find_persons(actor: Actor, text: str) -> list[dict[str, Any]]:
    """Contacts and people whose name or address holds the words; at most twenty of each."""
    actor.require(Can.ERASE)
    found: list[dict[str, Any]] = []
    for key in PERSONS if len(text) >= 2 else ():
        rows = people_rows(actor, key)
        ids = rows.filter(Q(name_key__contains=fold(text)) | Q(email__icontains=text))
        register = noun(key).register
        names = (register.heading, "email", "party")
        found += [
            {"row": row, "key": key, "kind": noun(key).labels[0]}
            for row in register.show(actor, ids.order_by("name_key")[:20], names)
        ]
    return found


def due_for_deletion() -> dict[str, list[UUID]]:
    """By kind, the people who have been over for longer than the time set for them, and whom no hold keeps."""
    found: dict[str, list[UUID]] = {}
    for key, months in months_kept().items():
        if key not in PERSONS:
            continue
        last = (
            Entry.objects.filter(noun=key, subject=OuterRef("pk"))
            .order_by()
            .values("subject")
            .annotate(last=Max("at"))
            .values("last")
        )
        over = PERSONS[key].over().annotate(last=Subquery(last)).filter(last__lt=clock.now() - months * MONTH)
        ids = list(over.order_by("pk").values_list("pk", flat=True)[:MOST])
        holds = {id for _key, id in held((key, id) for id in ids)}
        found[key] = [id for id in ids if id not in holds]
    return found


def due_shown(actor: Actor) -> list[dict[str, Any]]:
    """The same as they are listed: those whom the reader sees."""
    shown: list[dict[str, Any]] = []
    for key, ids in due_for_deletion().items():
        register = noun(key).register
        rows = people_rows(actor, key).filter(pk__in=ids)
        shown += [
            {"row": row, "key": key, "kind": noun(key).labels[0]}
            for row in register.show(actor, rows, (register.heading,))
        ]
    return shown


def report_due() -> str:
    """The nightly report: how many of each kind are due for deletion; nothing is erased without a person."""
    found = {key: len(ids) for key, ids in due_for_deletion().items() if ids}
    return ", ".join(f"{count} {key} due for deletion" for key, count in found.items())
