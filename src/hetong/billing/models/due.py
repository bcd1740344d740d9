from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from hetong.billing.states import DueKind, DueState
from hetong.contracts.models import Contract
from hetong.kernel.known import known
from hetong.kernel.nouns import noun
from hetong.kernel.rows import IdField, MinorField, within_bounds

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor

CONTRACT = "contracts.contract"
LIVE = ~Q(state=DueState.REVERSED)


def of_visible(actor: Actor) -> Q:
    """That a row's ``contract`` is one the actor may see."""
    return known(actor, noun(CONTRACT), "contract")


class DueQuerySet(models.QuerySet["Due"]):
    def visible_to(self, actor: Actor) -> Self:
        """The dues of the contracts that the actor may see."""
        return self if actor.is_system else self.filter(of_visible(actor))


class Due(models.Model):
    """An amount that falls due on a day, from an instalment or from a line for a period; invoiced and settled in parts.

    ``on`` is the day on which it may be billed (null while it waits for a milestone), ``due_on`` the day
    on which the money is expected. ``taxes`` lists {rate, code, net, tax} in minor units per tax rate and
    adds up to ``net`` and ``tax``. ``invoiced`` and ``settled`` are sums of its invoice lines and
    allocations (minor units, tax included).
    """

    id = IdField()
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="dues", db_index=False)
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8)
    instalment = models.ForeignKey("contracts.Instalment", models.PROTECT, null=True, blank=True, related_name="dues")
    line = models.ForeignKey("contracts.Line", models.PROTECT, null=True, blank=True, related_name="dues")
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=300)
    is_retention = models.BooleanField(default=False)
    service_from = models.DateField(null=True, blank=True)
    service_to = models.DateField(null=True, blank=True)
    full_from = models.DateField(null=True, blank=True)
    full_to = models.DateField(null=True, blank=True)
    on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    net_minor = MinorField(default=0)
    tax_minor = MinorField(default=0)
    gross_minor = MinorField(default=0)
    taxes = models.JSONField(default=list)
    explanation = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default=DueState.PLANNED)
    reason = models.CharField(max_length=500, blank=True)
    """Why it is held or was skipped, in words or as a code of ours."""
    invoiced_minor = MinorField(default=0)
    settled_minor = MinorField(default=0)
    created_at = models.DateTimeField()
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = DueQuerySet.as_manager()

    class Meta:
        ordering = ["contract", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["instalment", "kind"], condition=LIVE & Q(instalment__isnull=False), name="due_instalment_once"
            ),
            models.UniqueConstraint(
                fields=["line", "service_from", "kind"],
                condition=LIVE & Q(line__isnull=False),
                name="due_line_period_once",
            ),
            # A contract without instalments has one due for the whole of its one-off lines.
            models.UniqueConstraint(
                fields=["contract", "kind"],
                condition=LIVE & Q(instalment__isnull=True, line__isnull=True),
                name="due_whole_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in DueKind]), name="due_kind"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in DueState]), name="due_state"),
            models.CheckConstraint(condition=Q(gross_minor=F("net_minor") + F("tax_minor")), name="due_adds_up"),
            # Law 9: whatever the code does, nothing is invoiced or settled beyond what is due.
            models.CheckConstraint(
                condition=Q(gross_minor__gte=0, invoiced_minor__range=(0, F("gross_minor")))
                | Q(gross_minor__lt=0, invoiced_minor__range=(F("gross_minor"), 0)),
                name="due_invoiced_within",
            ),
            models.CheckConstraint(
                condition=Q(gross_minor__gte=0, settled_minor__range=(0, F("gross_minor")))
                | Q(gross_minor__lt=0, settled_minor__range=(F("gross_minor"), 0)),
                name="due_settled_within",
            ),
            *within_bounds("net_minor", "tax_minor", "gross_minor"),
        ]
        indexes = [
            models.Index(fields=["contract", "position"], name="due_contract"),
            models.Index(fields=["company", "state", "on"], name="due_company_state"),
            models.Index(fields=["party", "state"], name="due_party"),
            models.Index(fields=["due_on", "id"], name="due_due_on"),
        ]
