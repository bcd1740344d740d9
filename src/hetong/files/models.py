from __future__ import annotations

from django.db import models

from hetong.kernel.rows import IdField


class BlobState(models.TextChoices):
    """Whether a file may be given out: a quarantined one never is."""

    QUARANTINED = "quarantined"
    CLEAN = "clean"


class Blob(models.Model):
    """Bytes kept once under their SHA-256. ``media_type`` is what the content is, whatever a name says.

    ``facts`` hold what the inspection saw: width and height of a picture, marks of a PDF that carries
    scripts, attachments or a password.
    """

    id = IdField()
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    state = models.CharField(max_length=12, choices=BlobState.choices, default=BlobState.CLEAN)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="blob_not_empty")]

    def __str__(self) -> str:
        return self.sha256


class Derived(models.TextChoices):
    """How making text or a picture of a file went."""

    WAITING = "waiting"
    """Not made yet; the worker, or the first reader, will."""
    DONE = "done"
    NONE = "none"
    """The kind has none: nothing to make."""
    PROTECTED = "protected"
    """A password is needed."""
    FAILED = "failed"
    """The file broke the reader, or took too long."""


class DerivedText(models.Model):
    """The text of a file, for finding and for reading without its program. ``pages``: 0 where it has none."""

    blob = models.OneToOneField(Blob, models.CASCADE, primary_key=True, related_name="derived_text")
    state = models.CharField(max_length=10, choices=Derived.choices)
    text = models.TextField(blank=True)
    pages = models.PositiveIntegerField(default=0)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    """While it waits: since when."""

    class Meta:
        indexes = [models.Index(fields=["made_at"], condition=models.Q(state="waiting"), name="text_waiting")]

    def __str__(self) -> str:
        return f"{self.blob_id} {self.state}"


class PageImage(models.Model):
    """A picture of one page, made when somebody first looks at it. ``number`` counts from 1."""

    id = IdField()
    blob = models.ForeignKey(Blob, models.CASCADE, related_name="page_images", db_index=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=Derived.choices)
    image = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="image_of")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["blob", "number"], name="page_image_once")]

    def __str__(self) -> str:
        return f"{self.blob_id} {self.number}"
