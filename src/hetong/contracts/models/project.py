from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Self

from django.db import models

from hetong.accounts.scopes import scope_of, shared_with
from hetong.contracts.models.contract import EDITING
from hetong.kernel.actors import ActorKind
from hetong.kernel.rows import IdField, KeyField, MinorField, within_bounds

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor


NOUN = "contracts.project"


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, actor: Actor) -> Self:
        """The projects that the actor's roles and shares reach."""
        return self.filter(scope_of(actor, NOUN))

    def editable_by(self, actor: Actor) -> Self:
        """Those of them that the actor may change: not the ones that are only shared for reading or comments."""
        if actor.is_system:
            return self
        by_roles = scope_of(replace(actor, kind=ActorKind.OUTSIDER), NOUN)  # an outsider has no shares: roles alone
        return self.filter(by_roles | shared_with(actor, NOUN, levels=EDITING))


class Project(models.Model):
    """What several contracts are about: a site, a budget, somebody who leads it."""

    id = IdField()
    number = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001 - unique per company where there is one
    name = models.CharField(max_length=200)
    name_key = KeyField("name")
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    manager = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    site = models.CharField(max_length=300, blank=True)
    currency = models.CharField(max_length=3)
    budget_minor = MinorField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = ProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="project_number_once"),
            *within_bounds("budget_minor"),
        ]
        indexes = [
            models.Index(fields=["company", "name_key"], name="project_name"),
            models.Index(fields=["owner"], name="project_owner"),
            models.Index(fields=["team"], name="project_team"),
        ]
