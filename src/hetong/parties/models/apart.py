from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hetong.kernel.rows import IdField

from .party import Party


class Apart(models.Model):
    """That two records which look alike are two parties: somebody looked, and they are no likely duplicates any more.

    Each pair stands once, the smaller id first. Taken back by deleting the row; the journal keeps both acts.
    """

    id = IdField()
    one = models.ForeignKey(Party, models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Party, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    by_label = models.CharField(max_length=200)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="apart_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="apart_in_order"),
        ]
