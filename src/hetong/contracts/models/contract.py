from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from hetong.accounts.scopes import scope_of, shared_with
from hetong.accounts.security import stood_in_for
from hetong.approvals.models import Task
from hetong.approvals.policy import STAND_IN
from hetong.approvals.states import TaskState
from hetong.contracts.states import Basis, Performance, Signature, Stage, Term
from hetong.kernel.actors import ActorKind
from hetong.kernel.known import condition, known
from hetong.kernel.nouns import noun
from hetong.kernel.rows import IdField, KeyField, MinorField, within_bounds

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor

MONEY = ("net_minor", "tax_minor", "gross_minor", "invoiced_minor", "received_minor", "open_minor")


NOUN = "contracts.contract"
EDITING = ("edit",)
"""Levels of a share that let its holder change the record."""


def _membership(actor: Actor) -> Q:
    return Q(pk__few=Member.objects.filter(user=actor.id).values("contract"))


def _asked(actor: Actor) -> Q:
    """Being asked to decide opens the record to read, also in somebody's place; having decided keeps it open."""
    tasks = Task.objects.filter(round__noun=NOUN).values("round__subject")
    asked = tasks.filter(assignee=actor.id).exclude(state=TaskState.CLOSED)
    in_place = tasks.filter(assignee__in=stood_in_for(actor, STAND_IN), state=TaskState.WAITING)
    decided = tasks.filter(decided_by=actor.id)
    return Q(pk__few=asked) | Q(pk__few=in_place) | Q(pk__few=decided)


def _scope(actor: Actor) -> Q:
    return scope_of(actor, NOUN, also=[_membership(actor), _asked(actor)])


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, actor: Actor) -> Self:
        """The contracts that the actor's roles, shares and memberships reach, and those they are asked to decide on."""
        return self.filter(condition(actor, (NOUN, "visible"), Contract, lambda: _scope(actor)))

    def editable_by(self, actor: Actor) -> Self:
        """Those of them that the actor may change: not the ones that are only shared for reading or comments."""
        if actor.is_system:
            return self
        by_roles = scope_of(replace(actor, kind=ActorKind.OUTSIDER), NOUN)  # an outsider has no shares: roles alone
        return self.filter(by_roles | _membership(actor) | shared_with(actor, NOUN, levels=EDITING))

    def opened_otherwise(self, actor: Actor) -> Self:
        """Those open for more than reading by a share or by taking part, whatever the roles reach."""
        return self.filter(_membership(actor) | shared_with(actor, NOUN, levels=EDITING))


class Contract(models.Model):
    """An agreement with one counterparty. Dates are inclusive; the stage moves only through services.

    ``number`` is given at first submit. ``net``, ``tax`` and ``gross`` are sums of the lines (null: no
    value), ``invoiced``, ``received`` and ``open`` sums of the dues; all in minor units of ``currency``.
    ``notice_by``, ``act_by`` and ``next_on`` follow from the dates and are kept for lists.
    """

    id = IdField()
    number = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 - unique where there is one
    number_key = KeyField("number", max_length=80)
    title = models.CharField(max_length=200)
    title_key = KeyField("title", max_length=300)
    type = models.ForeignKey("contracts.ContractType", models.PROTECT, related_name="contracts", db_index=False)
    class_of = models.CharField(max_length=10)
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+", db_index=False)
    counterparty = models.ForeignKey("parties.Party", models.PROTECT, related_name="contracts", db_index=False)
    owner = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", db_index=False)
    project = models.ForeignKey(
        "contracts.Project", models.PROTECT, null=True, blank=True, related_name="contracts", db_index=False
    )
    source = models.CharField(max_length=200, blank=True)
    """Where it came from: a quote, an import, an older record."""
    reference = models.CharField(max_length=80, blank=True)
    """The counterparty's own number for it."""
    reference_key = KeyField("reference", max_length=160)
    summary = models.TextField(blank=True)

    signed_on = models.DateField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    terminated_on = models.DateField(null=True, blank=True)
    """The last day, where the contract was ended before its time."""
    term = models.CharField(max_length=10, default=Term.FIXED)
    committed_until = models.DateField(null=True, blank=True)
    notice_count = models.PositiveSmallIntegerField(null=True, blank=True)
    notice_unit = models.CharField(max_length=5, default="month")
    notice_by = models.DateField(null=True, blank=True)
    act_by = models.DateField(null=True, blank=True)
    next_on = models.DateField(null=True, blank=True)
    next_what = models.CharField(max_length=20, blank=True)

    currency = models.CharField(max_length=3)
    prices_include_tax = models.BooleanField(default=False)
    payment_days = models.PositiveSmallIntegerField(null=True, blank=True)
    plan_basis = models.CharField(max_length=5, default=Basis.NET)
    """Whether instalments state amounts without or with tax."""
    has_invoice_plan = models.BooleanField(default=False)
    """Invoices follow a plan of their own; the other instalments are then collected or paid only."""
    net_minor = MinorField(null=True, blank=True)
    tax_minor = MinorField(null=True, blank=True)
    gross_minor = MinorField(null=True, blank=True)
    invoiced_minor = MinorField(default=0)
    received_minor = MinorField(default=0)
    open_minor = MinorField(default=0)
    oldest_open_due_on = models.DateField(null=True, blank=True)

    stage = models.CharField(max_length=12, default=Stage.DRAFT)
    stage_since = models.DateTimeField()
    status = models.ForeignKey("contracts.Status", models.PROTECT, related_name="contracts", db_index=False)
    signature = models.CharField(max_length=6, default=Signature.NONE)
    performance = models.CharField(max_length=12, default=Performance.NOT_STARTED)
    is_abnormal = models.BooleanField(default=False)
    abnormal_reason = models.CharField(max_length=500, blank=True)
    stops_invoicing = models.BooleanField(default=False)
    stops_signing = models.BooleanField(default=False)

    archive_no = models.CharField(max_length=60, blank=True)
    archive_place = models.CharField(max_length=200, blank=True)
    keep_until = models.DateField(null=True, blank=True)
    custom = models.JSONField(default=dict)
    source_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - unique where there is one
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="contract_number_once"),
            models.UniqueConstraint(fields=["company", "source_key"], name="contract_source_once"),
            models.CheckConstraint(condition=Q(stage__in=[s.value for s in Stage]), name="contract_stage"),
            models.CheckConstraint(condition=Q(term__in=[t.value for t in Term]), name="contract_term"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="contract_period"
            ),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(parent=F("id")), name="contract_not_own_parent"),
            *within_bounds(*MONEY),
        ]
        indexes = [
            models.Index(fields=["company", "stage", "next_on"], name="contract_company_stage"),
            models.Index(fields=["owner", "stage", "next_on"], name="contract_owner"),
            models.Index(fields=["team", "stage"], name="contract_team"),
            models.Index(fields=["counterparty", "stage"], name="contract_counterparty"),
            models.Index(fields=["type", "stage"], name="contract_type"),
            models.Index(fields=["status"], name="contract_status"),
            models.Index(fields=["parent"], name="contract_parent", condition=Q(parent__isnull=False)),
            models.Index(fields=["project"], name="contract_project", condition=Q(project__isnull=False)),
            models.Index(fields=["ends_on", "id"], name="contract_ends"),
            models.Index(fields=["notice_by", "id"], name="contract_notice"),
            models.Index(fields=["next_on", "id"], name="contract_next"),
            models.Index(fields=["number_key"], name="contract_number"),
            models.Index(fields=["reference_key"], name="contract_reference"),
            models.Index(fields=["title_key", "id"], name="contract_title"),
            models.Index(fields=["gross_minor", "id"], name="contract_gross"),
            models.Index(fields=["owner", "id"], name="contract_owner_order"),
            # All that searching reads, in one narrow copy.
            models.Index(fields=["id", "number_key", "title_key", "reference_key"], name="contract_own_words"),
            models.Index(fields=["is_abnormal"], name="contract_abnormal", condition=Q(is_abnormal=True)),
        ]


def of_visible(actor: Actor) -> Q:
    """That a row's ``contract`` is one the actor may see; asked row by row, since what hangs on one contract is read alone."""
    return known(actor, noun(NOUN), "contract")


class ContractPartyQuerySet(models.QuerySet["ContractParty"]):
    def visible_to(self, actor: Actor) -> Self:
        """The parties of the contracts that the actor may see."""
        return self.filter(of_visible(actor))


class ContractParty(models.Model):
    """A party in its role in one contract, with its master data as they were when it was entered."""

    id = IdField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="parties", db_index=False)
    party = models.ForeignKey("parties.Party", models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, default="counterparty")
    snapshot = models.JSONField(default=dict)
    taken_at = models.DateTimeField()
    objects = ContractPartyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "role", "party"], name="contract_party_once")]


class MemberQuerySet(models.QuerySet["Member"]):
    def visible_to(self, actor: Actor) -> Self:
        """The members of the contracts that the actor may see."""
        return self.filter(of_visible(actor))


class Member(models.Model):
    """Somebody of ours who takes part in one contract, and as what; membership opens the contract to them."""

    id = IdField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="members", db_index=False)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=20)
    added_at = models.DateTimeField()
    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "user", "role"], name="contract_member_once")]
        indexes = [models.Index(fields=["user", "contract"], name="contract_member_user")]


class Relation(models.Model):
    """A contract points at another one that it belongs with; amendments and renewals add their own kinds."""

    id = IdField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="relations", db_index=False)
    other = models.ForeignKey(Contract, models.CASCADE, related_name="related_from")
    kind = models.CharField(max_length=20, default="related")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "other", "kind"], name="contract_relation_once"),
            models.CheckConstraint(condition=~Q(contract=F("other")), name="contract_relation_other"),
        ]
