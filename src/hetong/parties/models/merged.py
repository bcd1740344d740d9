from __future__ import annotations

from django.db import models

from .party import Party


class MergedParty(models.Model):
    """What stays of a party that was merged into another: under its id one is led there.

    What it said stands in the journal under the same id.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    """The id that the party had."""
    into = models.ForeignKey(Party, models.PROTECT, related_name="merged")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    by_label = models.CharField(max_length=200)
