from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from hetong.exchange.states import Duplicates, ImportState
from hetong.kernel.rows import IdField

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, actor: Actor) -> Self:
        """An import is its owner's: the file may hold what others may not read."""
        return self if actor.is_system else self.filter(owner=actor.id)


class Import(models.Model):
    """One file on its way in: how it is read, what its columns mean, what became of its rows."""

    id = IdField()
    kind = models.CharField(max_length=20)
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    owner = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    """What the file called itself."""
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+")
    profile = models.CharField(max_length=60, blank=True)
    reading = models.JSONField(default=dict)
    """How the file is read; see `exchange.reading`."""
    columns = models.JSONField(default=list)
    """The heads of the file's columns, as it is read now."""
    mapping = models.JSONField(default=dict)
    """File column → field; empty where a column is left out."""
    keys = models.JSONField(default=list)
    """The fields by which a row is known again; none: by its whole content."""
    duplicates = models.CharField(max_length=6, default=Duplicates.IMPORT)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=ImportState.UPLOADED)
    job = models.UUIDField(null=True, blank=True)
    """The long job that works on it, or did last."""
    batch = models.UUIDField(null=True, blank=True)
    """Under which the journal keeps all that it did."""
    counts = models.JSONField(default=dict)
    """rows, created, updated, unchanged, duplicates, errors: of the check, then of the run."""
    error = models.TextField(blank=True)
    """Why it failed, or what kept rows from being undone."""
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ImportState]), name="import_state"),
        ]
        indexes = [models.Index(fields=["owner", "-created_at"], name="import_of_owner")]


class SourceRow(models.Model):
    """Which record a row of some file stands for, so that the same row never makes a second one.

    ``key``: kind or profile, then the key columns or a hash of the row's content, then the n-th occurrence.
    ``digest``: what the row said last time; an unchanged row changes nothing, whatever people did to the record.
    """

    id = IdField()
    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=64)
    """SHA-256 in hex."""
    digest = models.CharField(max_length=64)
    noun = models.CharField(max_length=60)
    record = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "key"], name="source_row_once")]
        indexes = [models.Index(fields=["record"], name="source_row_record")]


class ImportRow(models.Model):
    """What an import did with one row: which record it made or changed, and how to take that back."""

    id = IdField()
    import_id = models.UUIDField()
    line = models.PositiveIntegerField()
    noun = models.CharField(max_length=60)
    record = models.UUIDField()
    key = models.CharField(max_length=64)
    is_new = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)
    """The record's version when the import was through with it."""
    before = models.JSONField(null=True, blank=True)
    """What a changed record said before, as input for its service; and the digest of the row before."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["import_id", "noun", "record", "line"], name="import_row_once")]


class RowError(models.Model):
    """Why a row is not in: one problem, beside the column it is about."""

    id = IdField()
    of = models.ForeignKey(Import, models.CASCADE, related_name="row_errors", db_index=False)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=300, blank=True)
    """The head of the file's column; empty where the row as a whole is meant."""
    code = models.CharField(max_length=60)
    text = models.TextField()
    """English source text, with places for ``params``."""
    then = models.TextField(blank=True)
    params = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["of", "line"], name="row_error_line")]


class Mend(models.Model):
    """What a person wrote instead of cells of the file; the file itself stays as it came."""

    id = IdField()
    of = models.ForeignKey(Import, models.CASCADE, related_name="mends", db_index=False)
    line = models.PositiveIntegerField()
    cells = models.JSONField(default=dict)
    """File column → new text."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "line"], name="mend_once")]


class MappingMemory(models.Model):
    """What a person's columns meant last time, by the folded head; with a name it is a profile of theirs."""

    id = IdField()
    owner = models.ForeignKey("accounts.User", models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=60, blank=True)
    mapping = models.JSONField(default=dict)
    keys = models.JSONField(default=list)
    reading = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "kind", "name"], name="mapping_memory_once")]
