from __future__ import annotations

import datetime as dt

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


class Notice(models.Model):
    """One person is told of one thing, once. Words are made when it is read, from the kind and the facts.

    ``noun`` and ``subject`` name the row it is about, ``page_noun`` and ``page`` the record on whose page
    that stands: notices are grouped by it and open to who may see it. ``values`` are the fields it shows as
    they were then, only those that its reader might read; reading asks for the right again.
    """

    id = IdField()
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    why = models.CharField(max_length=20)
    """Why this person is told: a code of `notifications.table.WHY`."""
    noun = models.CharField(max_length=60)
    subject = models.UUIDField()
    page_noun = models.CharField(max_length=60)
    page = models.UUIDField()
    path = models.CharField(max_length=300)
    """Where it leads: tab and anchor."""
    company = models.UUIDField(null=True, blank=True)
    by = models.UUIDField(null=True, blank=True)
    by_label = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    values = models.JSONField(default=list)
    """[noun, field, value as JSON] each."""
    note = models.CharField(max_length=1000, blank=True)
    """What the one who passed it on wrote."""
    once = models.CharField(max_length=160)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "once"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notice_of_user"),
            models.Index(fields=["user"], condition=models.Q(read_at=None), name="notice_unread"),
            models.Index(fields=["page", "user"], name="notice_of_page"),
        ]


class Mute(models.Model):
    """A person wants no more notices of one record. Reminders and what asks for that person still come."""

    id = IdField()
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    noun = models.CharField(max_length=60)
    record = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "noun", "record"], name="mute_once")]


class Preference(models.Model):
    """How one person wants notices of one kind; without a row as the kind is shipped."""

    id = IdField()
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    in_app = models.BooleanField(default=True)
    mail = models.CharField(max_length=6, default="off")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notice_preference_once")]


class Rhythm(models.Model):
    """When a person is written to, in the person's own zone: no mail in the quiet hours, the digest at an hour."""

    user = models.OneToOneField("accounts.User", models.PROTECT, primary_key=True, related_name="+")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    digest_at = models.TimeField(default=dt.time(7))
    digested_on = models.DateField(null=True, blank=True)
    """The last day on which a digest was made."""


class ReminderRule(models.Model):
    """When one is reminded of a deadline, set by administrators: for one kind of record (a contract type) or all."""

    id = IdField()
    deadline = models.CharField(max_length=60)
    kind = models.UUIDField(null=True, blank=True)
    offsets = models.JSONField(default=list)
    """Days before the day, negative after it; the largest first."""
    escalates = models.SmallIntegerField(null=True, blank=True)
    """From this offset on the manager is told too; null: never."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deadline", "kind"], name="reminder_rule_once"),
            models.UniqueConstraint(
                fields=["deadline"], condition=models.Q(kind=None), name="reminder_rule_for_all_once"
            ),
        ]


class Reminder(models.Model):
    """One person was reminded of one day of one row at one mark: never twice. Rows are only ever added."""

    id = IdField()
    deadline = models.CharField(max_length=60)
    subject = models.UUIDField()
    occurrence = models.DateField()
    """The day it is about: another day is another thing to be reminded of."""
    mark = models.SmallIntegerField()
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "deadline", "occurrence", "mark", "user"], name="reminder_once")
        ]


class Pause(models.Model):
    """Nobody is reminded of one row's deadline until a day (inclusive), and why; the marks that pass are left out."""

    id = IdField()
    deadline = models.CharField(max_length=60)
    noun = models.CharField(max_length=60)
    subject = models.UUIDField()
    until = models.DateField()
    reason = models.CharField(max_length=500)
    by = models.UUIDField(null=True)
    by_label = models.CharField(max_length=200)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "subject"], condition=models.Q(ended_at=None), name="pause_once"
            ),
        ]
