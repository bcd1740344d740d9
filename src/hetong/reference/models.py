from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from hetong.kernel.rows import IdField, KeyField, ScaledField

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor


class TaxRateQuerySet(models.QuerySet["TaxRate"]):
    def visible_to(self, actor: Actor) -> Self:
        """Facts of the world: all of them for staff, none for others."""
        return self if actor.is_system or actor.grants else self.none()


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    def visible_to(self, actor: Actor) -> Self:
        """Facts of the world: all of them for staff, none for others."""
        return self if actor.is_system or actor.grants else self.none()


class Rate(models.Model):
    """What one euro cost on a day: ``rate`` × 10^-10 units of ``currency``, and who said so."""

    currency = models.CharField(max_length=3)
    day = models.DateField()
    rate = ScaledField()
    source = models.CharField(max_length=20, default="ECB")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "day"], name="rate_once"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="rate_positive"),
        ]
        indexes = [models.Index(fields=["day"], name="rate_day")]

    def __str__(self) -> str:
        return f"{self.currency} {self.day}"


class TaxRate(models.Model):
    """A rate of VAT of a country, from a day to a day inclusive.

    ``code`` says what it is for and outlives its percentage (Germany's standard rate was 16 % for half
    of 2020); ``category`` is the code of EN 16931 (S standard, Z zero, O outside the scope of VAT).
    """

    id = IdField()
    country = models.CharField(max_length=2)
    code = models.CharField(max_length=20)
    labels = models.JSONField(default=dict)
    percent = ScaledField()
    category = models.CharField(max_length=2, default="S")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = TaxRateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["country", "code", "valid_from"], name="tax_rate_once"),
            models.CheckConstraint(condition=models.Q(percent__range=(0, 100 * 10**4)), name="tax_percent_range"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="tax_rate_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.code}"


class CalendarDay(models.Model):
    """A day on which a calendar differs from its country's: closed, or worked although it is free.

    ``calendar`` is the name of an own calendar ("Kiruna plant"); empty changes the country's for everybody.
    """

    id = IdField()
    country = models.CharField(max_length=2)
    calendar = models.CharField(max_length=80, blank=True)
    day = models.DateField()
    is_working = models.BooleanField(default=False)
    name = models.CharField(max_length=120)
    name_key = KeyField("name")
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["country", "calendar", "day"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
