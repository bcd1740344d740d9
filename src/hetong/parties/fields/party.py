from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from hetong.kernel.actors import Actor, Level
from hetong.kernel.fields import HIDDEN_FOR_AGENTS, Field, Kind, Raw, Ref, Register, Verb
from hetong.kernel.known import first_of
from hetong.kernel.paging import DEFAULT_LIMIT, MOST, Lead, first_names
from hetong.kernel.text import fold
from hetong.kernel.values import is_unnamed
from hetong.kernel.where import Condition, Where, narrow
from hetong.parties.fields import choices
from hetong.parties.fields.beside import SCHEMES_OF, asked_beside, first_terms, main_address, main_number
from hetong.parties.fields.choices import MORE, NUMBERS, REACH, WHERE, WHO
from hetong.parties.fields.choices import TERMS as WITH_US
from hetong.parties.fields.terms import TERMS
from hetong.parties.models import Contact, Party, PartyTerms
from hetong.parties.models.party import sees_companies_whole
from hetong.parties.policy import Can

OF_TERMS = ("company", "number", "owner", "team", "payment_days", "credit_limit")
"""The fields of a party that are those of its terms with the reader's company."""

# -- the terms of the reader ---------------------------------------------------------------------


def load_terms(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Mapping[str, Any]]:
    """The reader's terms of each party, by the rules of each terms' own company."""
    found: dict[UUID, Mapping[str, Any]] = {}
    for row in TERMS.show(actor, first_terms(actor, ids), {*OF_TERMS, "party"}):
        if "party" in row:
            found.setdefault(row["party"].id, row.values)
    return found


def _open_terms(actor: Actor, name: str) -> QuerySet[PartyTerms]:
    """The terms in whose company the actor may read that field."""
    terms, companies = first_terms(actor), actor.companies()
    if companies is None:
        return terms if TERMS.level(actor, name) > Level.HIDDEN else terms.none()
    return terms.filter(company__in=[c for c in companies if TERMS.level(actor, name, c) > Level.HIDDEN])


def _open_ways(actor: Actor, name: str) -> Sequence[QuerySet[PartyTerms]]:
    """The same terms, one way to them each, for who works for one company; none where the field is hidden there."""
    companies = actor.companies() or ()
    if not all(TERMS.level(actor, name, company) > Level.HIDDEN for company in companies):
        return []
    return PartyTerms.objects.ways_to(actor)


def _sorted_by(name: str, path: str) -> Callable[[Actor], Combinable]:
    """The value of the terms' own column, or of the record it leads to: looked up for the one row that counts, never joined.

    PostgreSQL would otherwise join all people again for every party: five times the time.
    """
    relation, *columns = path.split("__")

    def expression(actor: Actor) -> Combinable:
        terms = _open_terms(actor, name).filter(party=OuterRef("pk"))
        if not columns or is_unnamed(TERMS.fields[name].to, actor):
            return Subquery(terms.values(relation)[:1])
        related: Any = PartyTerms._meta.get_field(relation).related_model
        sought = related._base_manager.filter(pk=OuterRef(f"{relation}_id")).values(*columns)
        return Subquery(terms.annotate(sought=Subquery(sought)).values("sought")[:1])

    return expression


LED = ("owner", "team")
"""The fields whose values are few."""
LOOKED_AT = MOST + DEFAULT_LIMIT
"""How many of their parties are looked at for the first page: some stand under another name with an older company."""


def _led_by(name: str, path: str) -> Callable[[Actor, bool], Lead | None]:
    """The first stretch of that order: the parties that those of the first names look after, few names for many parties.

    That is for who sees companies as a whole. Who sees some parties of one company has its first page from the terms, of
    which each party then has one; for others it would take as long as looking at the parties that they see.
    """
    relation, column = path.split("__")
    related: Any = PartyTerms._meta.get_field(relation).related_model

    def leader(actor: Actor, alone: bool) -> Lead | None:
        if is_unnamed(TERMS.fields[name].to, actor):
            return None
        if not sees_companies_whole(actor):
            ways = _open_ways(actor, name)
            return _first_of(ways, path) if ways and alone and len(actor.companies() or ()) == 1 else None
        terms = _open_terms(actor, name).order_by()

        def near(alias: str, since: Any, down: bool) -> Q | None:
            held = Exists(terms.filter(**{relation: OuterRef("pk")}))
            first = first_names(related._base_manager.all(), column, held, alias=alias, since=since, down=down)
            if first is None:
                return None
            parties = terms.filter(**{f"{relation}__in": first.named.values("pk")}).values("party")
            if since is None:
                parties = parties.order_by("-party" if down else "party")[:LOOKED_AT]
            return first.until & Q(pk__in=parties)

        return near

    return leader


def _first_of(ways: Sequence[QuerySet[PartyTerms]], path: str) -> Lead:
    """The first page of that order, as ids, where each party has one row of terms."""

    def near(alias: str, since: Any, down: bool) -> Q | None:
        if since is not None:
            return None
        order = (f"-{path}", "-party") if down else (path, "party")
        filled = [way.filter(**{f"{path}__isnull": False}).order_by(*order) for way in ways]
        found = first_of([way.values_list(path, "party")[: MOST + 1] for way in filled])
        first = dict.fromkeys(UUID(str(party)) for _name, party in sorted(found, reverse=down))
        return Q(pk__among=list(islice(first, MOST + 1)))

    return near


def _asked_of_terms(name: str) -> Callable[[str, Sequence[str], Actor], Q]:
    column = TERMS.fields[name].key

    def clause(operator: str, values: Sequence[str], actor: Actor) -> Q:
        terms = narrow(TERMS, actor, _open_terms(actor, name), Where((Condition(name, operator, tuple(values)),)))
        if operator == "has" and isinstance(column, str) and TERMS.fields[name].kind is Kind.TEXT:
            # first who holds the word, whoever may see it: that is read off a narrow index, rights are asked of few
            held = reduce(or_, (Q(**{f"{column}__holds": fold(value)}) for value in values))
            terms = terms.filter(party__in=PartyTerms.objects.filter(held).values("party"))
        return Q(pk__in=terms.order_by().values("party"))

    return clause


def _terms_field(name: str, sort: str, *, write: bool = False, **more: Any) -> Field:
    """A field of the terms, shown, asked for and sorted by as the party's own."""
    own = TERMS.fields[name]
    lead = _led_by(name, sort) if name in LED else None
    return Field(
        name, own.label, own.kind, path=_sorted_by(name, sort), lead=lead, load=load_terms, filter=_asked_of_terms(name), to=own.to,
        group=WITH_US, column=True, write=write, help=own.help, max_length=own.max_length, default_rule=own.default_rule, **more,
    )  # fmt: skip


# -- what hangs on the party ---------------------------------------------------------------------


def load_primary_contacts(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Mapping[str, Any]]:
    rows = Contact.objects.filter(party__in=ids, is_primary=True, is_active=True).values_list("party", "pk", "name")
    return {
        party: {"primary_contact": Ref(pk, name, f"/parties/{party}/#contacts", "parties.contact")}
        for party, pk, name in rows
    }


def load_parents(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Mapping[str, Any]]:
    """The party each one belongs to, where the reader may know of that one too."""
    parents = dict(Party.objects.filter(pk__in=ids, parent__isnull=False).values_list("pk", "parent"))
    wanted = {up for up in parents.values() if up}
    seen = dict(Party.objects.visible_among(actor).filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    return {
        id: {"parent": Ref(up, seen[up], f"/parties/{up}/", "parties.party")}
        for id, up in parents.items()
        if up and up in seen
    }


def _number(name: str, label: Any, **more: Any) -> Field:
    path = Subquery(main_number(SCHEMES_OF[name]).filter(party=OuterRef("pk")).values("value")[:1])
    return Field(
        name, label, path=path, write=True, personal=True, sortable=False, group=NUMBERS, max_length=60, **more
    )


def _of_address(name: str, label: Any, kind: Kind = Kind.TEXT, **more: Any) -> Field:
    path = Subquery(main_address().filter(party=OuterRef("pk")).values(name)[:1])
    return Field(
        f"address_{name}" if name == "lines" else name,
        label,
        kind,
        path=path,
        write=True,
        sortable=False,
        group=WHERE,
        **more,
    )


def _verbs(actor: Actor, raw: Raw) -> list[Verb]:
    if not actor.may(Can.EDIT):
        return []
    url = f"/parties/{raw['pk']}/"
    act = ("retire", _("Retire"), "archive") if raw["is_active"] else ("restore", _("Take back into use"), "refresh")
    merge = [Verb("merge", _("Merge with another record"), f"{url}merge/", "arrows-diff", asks="merge")]
    return [
        Verb("edit", _("Edit"), f"{url}edit/", "pencil", asks="edit"),
        Verb(act[0], act[1], f"{url}{act[0]}/", act[2]),
        *(merge if actor.may(Can.MERGE) else ()),
    ]


def _text(name: str, label: Any, limit: int, group: Any, **more: Any) -> Field:
    return Field(name, label, path=name, group=group, max_length=limit, **({"write": True} | more))


PARTY = Register(
    "parties.party",
    Party,
    [
        _text("name", _("Name"), 200, WHO, key="name_key", required=True, searchable=True, column=True, material=True),
        _text("local_name", _("Name in another script"), 200, WHO, key="local_name_key", searchable=True, column=True,
              help=_("As used on documents in that script, such as 北京合同科技有限公司.")),
        Field("kinds", _("Kind"), Kind.LIST, path="kinds__key", title="kinds__labels", key="kinds__position",
              choices=choices.kind_choices, write=True, group=WHO, column=True),
        Field("country", _("Country"), Kind.CHOICE, path="country", choices=choices.country_choices, write=True, group=WHO, column=True),
        Field("is_person", _("A person, not a company"), Kind.FLAG, path="is_person", write=True, group=WHO),
        _number("registration_number", _("Registration number"),
                help=_("Organisation number, 统一社会信用代码 or 法人番号; checked by the rules of the country.")),
        _number("vat_number", _("EU VAT number")),
        _text("numbers", _("Numbers"), 300, NUMBERS, key="numbers_key", searchable=True, column=True, write=False, personal=True),
        _of_address("lines", _("Address"), Kind.LONG_TEXT),
        _of_address("postal_code", _("Postal code"), max_length=20),
        _of_address("city", _("City"), max_length=100, column=True),
        _terms_field("company", "company__name_key", write=True),
        _terms_field("number", "number_key", write=True, searchable=True),
        _terms_field("owner", "owner__name_key", write=True),
        _terms_field("team", "team__name_key", write=True),
        _terms_field("payment_days", "payment_days", write=True),
        _terms_field("credit_limit", "credit_limit_minor"),
        Field("primary_contact", _("Main contact"), Kind.REFERENCE, load=load_primary_contacts, to="parties.contact", group=REACH,
              column=True, personal=True),
        _text("email", _("E-mail"), 254, REACH, indexed=True),
        _text("phone", _("Phone"), 40, REACH),
        _text("website", _("Website"), 200, REACH),
        Field("language", _("Language"), Kind.CHOICE, path="language", choices=choices.language_choices, write=True,
              group=REACH, column=True,
              help=_("The language of its documents and mails; empty: that of our company.")),
        _text("industry", _("Industry"), 100, MORE, column=True),
        Field("other_names", _("Other names"), Kind.LONG_TEXT, path="other_names", key="other_names_key", write=True, searchable=True,
              group=MORE, sortable=False, help=_("Trade names, former names, further scripts: one a line.")),
        Field("parent", _("Belongs to"), Kind.REFERENCE, path="parent_id", load=load_parents, to="parties.party", write=True,
              sortable=False, group=MORE),
        Field("note", _("Note"), Kind.LONG_TEXT, path="note", write=True, group=MORE, sortable=False, default_rule=HIDDEN_FOR_AGENTS),
        Field("is_active", _("In use"), Kind.FLAG, path="is_active", group=MORE, column=True),
    ],
    heading="name",
    company="",
    facts=("is_active",),
    verbs=_verbs,
    beside=asked_beside,
)  # fmt: skip
