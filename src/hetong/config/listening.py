"""Who hears what is said on a record: whom it names, who takes part in the thread, and whose record it is.

Nobody is told who could not read it: a notice says that something was said, and where.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from hetong.accounts.models import Share, User
from hetong.billing.models import Invoice, Payment
from hetong.contracts.models import Project
from hetong.discussions.models import Mention
from hetong.discussions.queries import place_of, reads
from hetong.discussions.services.inviting import LEVEL
from hetong.documents.models import Document
from hetong.kernel import clock
from hetong.kernel.deadlines import People
from hetong.kernel.events import Fact
from hetong.notifications.table import Told
from hetong.parties.models import PartyTerms

from .told import CONTRACT, By, people_of_contracts


def mentioned(facts: Sequence[Fact]) -> Told:
    """Who is named in a comment."""
    return {fact.id: dict.fromkeys(_ids(fact, "mentioned"), "mentioned") for fact in facts}


def taking_part(facts: Sequence[Fact]) -> Told:
    """Who wrote in the thread before, and whom an earlier comment there asks for an opinion."""
    asked: dict[str, list[tuple[UUID, UUID]]] = defaultdict(list)
    mentions = Mention.objects.filter(comment__thread__in={str(fact.facts["thread"]) for fact in facts})
    for thread, comment, user in mentions.values_list("comment__thread", "comment", "user"):
        asked[str(thread)].append((comment, user))
    told = {}
    for fact in facts:
        before = [user for comment, user in asked[str(fact.facts["thread"])] if comment < fact.id]
        told[fact.id] = dict.fromkeys(before, "told") | dict.fromkeys(_ids(fact, "answered"), "wrote")
    return _readers(facts, told)


def belonging(facts: Sequence[Fact]) -> Told:
    """Whose record it is that is talked about, who is on its team, and who was invited to its discussion."""
    by_noun: dict[str, set[UUID]] = defaultdict(set)
    for fact in facts:
        by_noun[fact.facts["noun"]].add(UUID(fact.facts["subject"]))
    found = {(key, id): people for key, ids in by_noun.items() for id, people in people_of(key, ids).items()}
    return _readers(facts, {f.id: found.get((f.facts["noun"], UUID(f.facts["subject"])), {}) for f in facts})


def where_it_stands(facts: Sequence[Fact]) -> Mapping[tuple[UUID, UUID | None], str]:
    """The address of each comment, in its channel."""
    return {
        (fact.id, None): place_of(fact.facts["noun"], UUID(fact.facts["subject"]), fact.id, fact.facts["channel"])
        for fact in facts
    }


def people_of(key: str, ids: Collection[UUID]) -> By:
    """Whose each record of a noun is, and who was invited to talk about it, each with why; the first reason counts."""
    found = OWNERS[key](ids) if key in OWNERS else {}
    for id, user in _invited(key, ids):
        found.setdefault(id, {}).setdefault(user, "shared")
    return found


def _invited(key: str, ids: Collection[UUID]) -> Iterable[tuple[UUID, UUID]]:
    """Colleagues to whom a record is open for comments or more, until today at least, each on a day of their own."""
    shares = Share.objects.filter(noun=key, record__in=ids, user__isnull=False, level__in=(LEVEL, "edit"))
    rows = shares.values_list("record", "user", "user__zone", "ends_on")
    return [(id, user) for id, user, zone, last in rows if last is None or last >= clock.today(zone)]


def _of_contracts(ids: Collection[UUID]) -> By:
    return people_of_contracts(ids, with_managers=False)


def _of_parties(ids: Collection[UUID]) -> By:
    return _owned(PartyTerms.objects.filter(party__in=ids).values_list("party", "owner"))


def _of_projects(ids: Collection[UUID]) -> By:
    rows = Project.objects.filter(pk__in=ids).values_list("pk", "owner", "manager")
    return _owned((id, user) for id, owner, manager in rows for user in (owner, manager))


def _of_invoices(ids: Collection[UUID]) -> By:
    return _as_above(dict(Invoice.objects.filter(pk__in=ids).values_list("pk", "contract")), CONTRACT)


def _of_payments(ids: Collection[UUID]) -> By:
    return _as_above(dict(Payment.objects.filter(pk__in=ids).values_list("pk", "contract")), CONTRACT)


def _of_documents(ids: Collection[UUID]) -> By:
    by_noun: dict[str, dict[UUID, UUID | None]] = defaultdict(dict)
    for id, key, subject in Document.objects.filter(pk__in=ids).values_list("pk", "noun", "subject"):
        by_noun[key][id] = subject
    found: By = {}
    for key, above in by_noun.items():
        found |= _as_above(above, key)
    return found


def keepers(ids: Collection[UUID]) -> People:
    """Whose documents these are: the owners of the records they stand on."""
    return {
        id: owners
        for id, people in _of_documents(ids).items()
        if (owners := tuple(user for user, why in people.items() if why == "owner"))
    }


def _owned(rows: Iterable[tuple[UUID, UUID | None]]) -> By:
    found: By = defaultdict(dict)
    for id, user in rows:
        if user is not None:
            found[id][user] = "owner"
    return found


def _as_above(above: Mapping[UUID, UUID | None], key: str) -> By:
    """The people of the record on which each row stands."""
    people = people_of(key, {id for id in above.values() if id})
    return {id: dict(people.get(record, {})) for id, record in above.items() if record}


OWNERS: Mapping[str, Callable[[Collection[UUID]], By]] = {
    "parties.party": _of_parties,
    CONTRACT: _of_contracts,
    "contracts.project": _of_projects,
    "billing.invoice": _of_invoices,
    "billing.payment": _of_payments,
    "documents.document": _of_documents,
}
"""Whose a record is, for every noun that is talked about (`navigation.TALKED`)."""


def _ids(fact: Fact, name: str) -> list[UUID]:
    return [UUID(str(user)) for user in fact.facts.get(name, ())]


def _readers(facts: Sequence[Fact], told: Mapping[UUID, Mapping[UUID, str]]) -> dict[UUID, dict[UUID, Any]]:
    """Those of them who may read the discussion now."""
    users = User.objects.filter(is_active=True).in_bulk({user for people in told.values() for user in people})
    return {
        fact.id: {
            user: why for user, why in told.get(fact.id, {}).items()
            if user in users and reads(users[user], fact.facts["noun"], UUID(fact.facts["subject"]))
        }
        for fact in facts
    }  # fmt: skip
