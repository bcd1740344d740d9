from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from hetong.kernel.rows import IdField, KeyField

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor


class CompanyQuerySet(models.QuerySet["Company"]):
    def visible_to(self, actor: Actor) -> Self:
        """The companies the actor holds a grant in."""
        companies = actor.companies()
        return self if companies is None else self.filter(pk__in=companies)


class Company(models.Model):
    """One of our own legal persons: it signs contracts, issues invoices and has a calendar and a zone."""

    id = IdField()
    name = models.CharField(max_length=200)
    name_key = KeyField("name")
    local_name = models.CharField(max_length=200, blank=True)
    """The name in another script, such as 北京合同科技有限公司."""
    country = models.CharField(max_length=2)
    org_no = models.CharField(max_length=40, blank=True)
    tax_no = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    currency = models.CharField(max_length=3)
    zone = models.CharField(max_length=60, default="UTC")
    language = models.CharField(max_length=10, default="en")
    prices_include_tax = models.BooleanField(default=False)
    fiscal_year_start_month = models.PositiveSmallIntegerField(default=1)
    contract_prefix = models.CharField(max_length=12, default="HT")
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    paper_note = models.TextField(blank=True)
    """What stands at the foot of its papers beside its numbers, such as its seat, or that it is approved for F-tax."""
    is_active = models.BooleanField(default=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = CompanyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class BankQuerySet(models.QuerySet["Bank"]):
    def visible_to(self, actor: Actor) -> Self:
        """The accounts of the companies the actor holds a grant in: they stand on every invoice."""
        return self.filter(company__in=Company.objects.visible_to(actor).values("pk"))


class Bank(models.Model):
    """An account of a company that customers pay into. The first one in an invoice's currency stands on it."""

    id = IdField()
    company = models.ForeignKey(Company, models.PROTECT, related_name="banks")
    label = models.CharField(max_length=80)
    account = models.CharField(max_length=60)
    bic = models.CharField(max_length=11, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    is_active = models.BooleanField(default=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = BankQuerySet.as_manager()


class Team(models.Model):
    """A team or department of a company; teams form a tree, each with a lead."""

    id = IdField()
    company = models.ForeignKey(Company, models.PROTECT, related_name="teams", db_index=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=120)
    name_key = KeyField("name")
    lead = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="leads")
    is_active = models.BooleanField(default=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "name_key"], name="team_name_once")]

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """A number series. ``gapless`` ones (invoices, credit notes, receipts) give a number only to what is issued."""

    id = IdField()
    company = models.ForeignKey(Company, models.PROTECT, related_name="series", db_index=False)
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    prefix = models.CharField(max_length=20, blank=True)
    digits = models.PositiveSmallIntegerField(default=4)
    first_number = models.PositiveIntegerField(default=1)
    next_number = models.PositiveIntegerField(default=1)
    is_gapless = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "kind", "year"], name="series_once")]
