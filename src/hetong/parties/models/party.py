from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from hetong.accounts.scopes import ANYTHING, NOTHING, shared_with, ways_of
from hetong.kernel.actors import Reach
from hetong.kernel.known import are_many, condition
from hetong.kernel.rows import IdField, KeyField, MinorField, within_bounds

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor

NOUN = "parties.party"
EDITING = ("edit",)
"""Levels of a share that let its holder change the record."""


class KindQuerySet(models.QuerySet["PartyKind"]):
    def visible_to(self, actor: Actor) -> Self:
        """All of them: kinds are words, not records."""
        return self


class PartyKind(models.Model):
    """What a party is to us: customer, supplier, partner, ...; administrators add their own."""

    id = IdField()
    key = models.SlugField(max_length=40, unique=True)
    """Never changes: views, imports and contracts name the kind by it."""
    labels = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = KindQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["position", "key"], name="party_kind_order")]


def reaches_everything(actor: Actor) -> bool:
    """Whether some role shows the actor every party of every company, so that no condition is needed."""
    return actor.is_system or any(g.company is None and g.role.reach_of(NOUN) >= Reach.COMPANY for g in actor.grants)


def sees_companies_whole(actor: Actor) -> bool:
    """Whether every role that shows the actor any party shows all those of its company."""
    return actor.is_system or all(g.role.reach_of(NOUN) in (Reach.NONE, Reach.COMPANY, Reach.ALL) for g in actor.grants)


def reached(actor: Actor, *, one_by_one: bool = False) -> Q:
    """The parties that the actor's roles reach through terms, without shares.

    Companies seen as a whole, and many terms, are asked row by row, along the order of the list; a few terms are asked as
    one set, unless ``one_by_one``: the few parties asked about are known.
    """
    wide = {g.company for g in actor.grants if g.role.reach_of(NOUN) >= Reach.COMPANY}
    ways = ways_of(actor, NOUN)
    is_each_asked = one_by_one or are_many(
        actor, PartyTerms, lambda: PartyTerms.objects.filter(reduce(or_, ways, NOTHING))
    )
    found = NOTHING
    for terms in map(PartyTerms.objects.filter, ways):
        found |= Q(Exists(terms.filter(party=OuterRef("pk")))) if is_each_asked else Q(pk__in=terms.values("party"))
    if wide:
        found |= Q(Exists(PartyTerms.objects.filter(party=OuterRef("pk"), company__in=wide)))
    return found


class PartyQuerySet(models.QuerySet["Party"]):
    def visible_to(self, actor: Actor) -> Self:
        """The parties with terms in the actor's scope, and those shared with the actor."""
        if reaches_everything(actor):
            return self
        return self.filter(
            condition(actor, (NOUN, "visible"), Party, lambda: reached(actor) | shared_with(actor, NOUN))
        )

    def visible_among(self, actor: Actor) -> Self:
        """The same parties, asked row by row: for a few that are named, or that hold the words looked for."""
        if reaches_everything(actor):
            return self
        scope = lambda: reached(actor, one_by_one=True) | shared_with(actor, NOUN)  # noqa: E731
        return self.filter(condition(actor, (NOUN, "among"), Party, scope))

    def editable_by(self, actor: Actor) -> Self:
        """Those of them that the actor may change: not the ones that are only shared for viewing or comments."""
        if reaches_everything(actor):
            return self
        return self.filter(reached(actor) | shared_with(actor, NOUN, levels=EDITING))


class MailDomainField(KeyField):
    """What stands behind the @ of a mail address, folded: what several parties may share."""

    def made_of(self, text: str) -> str:
        """The domain of an address; empty where it has none."""
        return super().made_of(text.partition("@")[2])


class Party(models.Model):
    """A company or person we deal with, or may deal with; one identity for all our companies."""

    id = IdField()
    name = models.CharField(max_length=200)
    """As registered, in the party's own main script."""
    name_key = KeyField("name")
    similar_key = models.CharField(max_length=200, blank=True, editable=False)
    """The name without legal forms, case and punctuation; what duplicates share."""
    local_name = models.CharField(max_length=200, blank=True)
    """The name in another script, such as 北京合同科技有限公司 or its English form."""
    local_name_key = KeyField("local_name")
    other_names = models.TextField(blank=True)
    """Trade names, former names and further scripts, one a line."""
    other_names_key = KeyField("other_names", max_length=1000)
    is_person = models.BooleanField(default=False)
    kinds = models.ManyToManyField(PartyKind, related_name="parties", blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=10, blank=True)
    """The language its documents and mails are written in; empty: the company's."""
    website = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    mail_domain = MailDomainField("email", max_length=254)
    phone = models.CharField(max_length=40, blank=True)
    industry = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", db_index=False)
    """The party it belongs to, such as the head of its group."""
    numbers = models.CharField(max_length=300, blank=True, editable=False)
    """Its registration numbers as people write them, for lists and search; kept by the services of the numbers."""
    numbers_key = KeyField("numbers_in_every_form")
    is_active = models.BooleanField(default=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = PartyQuerySet.as_manager()

    class Meta:
        indexes = [
            # The usual order, with all that searching reads beside it; other names are long and rare.
            models.Index(fields=["name_key", "id", "local_name_key", "numbers_key"], name="party_by_name_words"),
            models.Index(fields=["is_active", "name_key", "id"], name="party_active_by_name"),
            models.Index(fields=["similar_key"], name="party_by_similar_name"),
            models.Index(fields=["mail_domain"], name="party_by_mail_domain"),
            models.Index(fields=["country"], name="party_by_country"),
            models.Index(fields=["parent", "name_key", "id"], name="party_by_parent"),
            models.Index(fields=["id"], condition=~Q(other_names_key=""), name="party_with_other_names"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def numbers_in_every_form(self) -> str:
        """The numbers both as written and without separators, so that either is found."""
        return f"{self.numbers} {self.numbers.replace('-', '')}" if "-" in self.numbers else self.numbers


class SimilarName(models.Model):
    """A piece of one of a party's names: parties that share pieces are compared when a duplicate is looked for."""

    id = models.BigAutoField(primary_key=True)
    party = models.ForeignKey(Party, models.CASCADE, related_name="similar_names", db_index=False)
    piece = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    """The whole name the piece is of, as `kernel.text.name_key` folds it."""

    class Meta:
        indexes = [
            models.Index(fields=["piece", "party"], name="similar_name_piece"),
            models.Index(fields=["party"], name="similar_name_party"),
        ]


def _terms_ways(actor: Actor) -> list[Q]:
    """What opens terms to the actor, one way each: a role in their company, or a share of the party within one's own companies."""
    companies = actor.companies()
    own = ANYTHING if companies is None else Q(company__in=companies)
    whole = [Q(company=g.company) for g in actor.grants if g.role.reach_of(NOUN) >= Reach.COMPANY]
    return [*whole, *ways_of(actor, NOUN), own & shared_with(actor, NOUN, path="party__pk")]


class TermsQuerySet(models.QuerySet["PartyTerms"]):
    def visible_to(self, actor: Actor) -> Self:
        """The terms in scope; of a party shared with the actor also those of the actor's own companies."""
        if reaches_everything(actor):
            return self
        return self.filter(
            condition(actor, (PartyTerms, "visible"), PartyTerms, lambda: reduce(or_, _terms_ways(actor)))
        )

    def ways_to(self, actor: Actor) -> list[Self]:
        """The same terms by each way in which they are open: one may be among several of them."""
        if reaches_everything(actor):
            return [self]
        return [self.filter(way) for way in _terms_ways(actor)]


class PartyTerms(models.Model):
    """What one of our companies has agreed with a party, and who looks after it there."""

    id = IdField()
    party = models.ForeignKey(Party, models.PROTECT, related_name="terms", db_index=False)
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="party_terms", db_index=False)
    number = models.CharField(max_length=40, blank=True)
    """The party's number in that company's books."""
    number_key = KeyField("number")
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="parties")
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="parties")
    payment_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """Days from the invoice date to the due date."""
    credit_limit_minor = MinorField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    price_note = models.TextField(blank=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = TermsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "company"], name="terms_once_per_company"),
            models.UniqueConstraint(
                fields=["company", "number_key"], condition=~Q(number_key=""), name="terms_number_once_per_company"
            ),
            *within_bounds("credit_limit_minor"),
        ]
        indexes = [
            models.Index(fields=["company", "owner", "party"], name="terms_by_owner"),
            models.Index(fields=["company", "team", "owner", "party"], name="terms_by_team_owner"),
            models.Index(fields=["party", "company", "owner", "team"], name="terms_of_party"),
            models.Index(fields=["number_key", "party"], name="terms_number_words"),
        ]
