from __future__ import annotations

from django.db import models

from hetong.kernel.rows import IdField

from .states import State


class Mail(models.Model):
    """One message to one person, rendered once: every try sends the same bytes under the same message id."""

    id = IdField()
    key = models.CharField(max_length=120, unique=True)
    """What it answers to (event and person, or a key of the caller), so that no cause sends it twice."""
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    """The facts of the text, never a link or a secret."""
    user = models.UUIDField(null=True, blank=True)
    recipient = models.EmailField(max_length=254)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=300)
    message_id = models.CharField(max_length=200)
    content = models.TextField(blank=True)
    """The message as it leaves, sealed; emptied after sending where it holds a secret link."""
    state = models.CharField(max_length=8, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    """After this it is no longer worth sending: its link is dead."""
    error = models.CharField(max_length=300, blank=True)
    place = models.CharField(max_length=300, blank=True)
    """Where the message lies when mails are written to files."""
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="mail_waiting"),
            models.Index(fields=["user", "-created_at"], name="mail_of_user"),
            models.Index(fields=["-created_at"], name="mail_newest"),
        ]
