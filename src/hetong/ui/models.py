from __future__ import annotations

from django.db import models

from hetong.kernel.rows import IdField, KeyField


class SavedView(models.Model):
    """A question to a list that somebody keeps: for themselves, for a team, or for everyone.

    Holds ids without foreign keys, and the question as a query string: a field that has gone since, or
    that this reader may not see, shows as a struck chip. Not journalled: it holds no business fact.
    """

    id = IdField()
    noun = models.CharField(max_length=60)
    path = models.CharField(max_length=200)
    """Address of the list page it belongs to; a noun may have several lists."""
    owner = models.UUIDField()
    team = models.UUIDField(null=True, blank=True)
    is_for_everyone = models.BooleanField(default=False)
    name = models.CharField(max_length=80)
    name_key = KeyField(source="name")
    query = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["path", "owner"], name="view_of_page")]

    def __str__(self) -> str:
        return self.name


class ViewChoice(models.Model):
    """What one reader does with a view: has it in the rail, or opens its list with it."""

    id = IdField()
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="choices", db_index=False)
    user = models.UUIDField()
    is_pinned = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["view", "user"], name="view_choice_once")]
        indexes = [models.Index(fields=["user"], name="view_choice_of_user")]

    def __str__(self) -> str:
        return str(self.view)
