from __future__ import annotations

from django.db import models

from hetong.kernel.fields import Kind
from hetong.kernel.rows import IdField


class FieldKind(models.TextChoices):
    """What a field may hold."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    CHOICE = "choice"
    FLAG = "flag"
    PERSON = "person"
    PARTY = "party"

    @property
    def register_kind(self) -> Kind:
        return Kind.REFERENCE if self in (FieldKind.PERSON, FieldKind.PARTY) else Kind(self.value)


class CustomField(models.Model):
    """A field that an administrator added to a kind of record. Its values lie in the records themselves."""

    id = IdField()
    noun = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    """What programs call it, after ``x_``; never changes."""
    kind = models.CharField(max_length=10, choices=FieldKind.choices)
    labels = models.JSONField(default=dict)
    group = models.JSONField(default=dict)
    """The section of forms it stands in, per language; empty for the record's own first one."""
    help = models.JSONField(default=dict)
    choices = models.JSONField(default=list)
    """In their order: ``{"code", "labels", "is_active"}``; a code that was ever offered stays."""
    decimals = models.PositiveSmallIntegerField(default=0)
    """Digits after the point of a number: how its values are scaled."""
    required_from = models.CharField(max_length=20, blank=True)
    """The stage from which on it must be filled in; ``always`` where a record is added; empty for never."""
    is_material = models.BooleanField(default=False)
    is_indexed = models.BooleanField(default=False)
    is_personal = models.BooleanField(default=False)
    rules = models.JSONField(default=dict)
    """The name of the level by role key, where no rule is set."""
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["noun", "key"], name="custom_field_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the register calls it."""
        return f"x_{self.key}"


class CustomIndex(models.Model):
    """One value of an indexed field once more, typed, so that looking for it reads an index and not every record."""

    id = IdField()
    noun = models.CharField(max_length=60)
    field = models.CharField(max_length=44)
    record = models.UUIDField()
    integer = models.BigIntegerField(null=True)
    """A number, percent or flag; of an amount, its minor units."""
    text = models.CharField(max_length=600, blank=True)
    """The folded key of a text; a choice's code; an amount's currency; the id of a record."""
    date = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["noun", "field", "record"], name="custom_index_once")]
        indexes = [
            models.Index(fields=["noun", "field", "text"], name="custom_index_text"),
            models.Index(fields=["noun", "field", "integer"], name="custom_index_integer"),
            models.Index(fields=["noun", "field", "date"], name="custom_index_date"),
        ]
