from __future__ import annotations

from django.db import models


class SearchRow(models.Model):
    """One record in the index. What stands in it is no record of its own: it is made again from the record at any time.

    ``record`` is shown where it has a page, else ``parent``, the record it belongs to. ``company`` is that of the
    record, for field rules that differ by company. Newer records have higher ids.
    """

    id = models.BigAutoField(primary_key=True)
    noun = models.CharField(max_length=60)
    record = models.UUIDField()
    parent = models.UUIDField(null=True, blank=True)
    company = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["noun", "record"], name="search_row_once")]


class SearchText(models.Model):
    """The words of a row, apart from it, so that rights are asked over narrow rows.

    Each word stands behind the code of its field (`indexed.Code`), so a question names the fields it may look into.
    The engine's index over them (`engines`) is kept by the database itself.
    """

    row = models.OneToOneField(SearchRow, models.CASCADE, primary_key=True, related_name="text")
    tokens = models.TextField()


class SearchWord(models.Model):
    """A word that stands, or once stood, in some name: for "did you mean". A word is offered only to who finds something by it."""

    word = models.CharField(max_length=40, primary_key=True)
    beginning = models.CharField(max_length=2, db_index=True)


class Indexing(models.Model):
    """How far the index of a noun is: which fields it holds, and where building it again has got to."""

    noun = models.CharField(max_length=60, primary_key=True)
    fields = models.TextField(blank=True, default="")
    """The fields that the rows hold; empty until it was built whole once."""
    wanted = models.TextField(blank=True, default="")
    """The fields that are being built in."""
    after = models.UUIDField(null=True, blank=True)
    """The last record that was done, while it is being built."""
