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
    is_held = models.BooleanField(default=False)
    """It found the other side silent: what goes there waits for its next try."""
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
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
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
    summed_at = models.DateTimeField(null=True, blank=True)
    """When a mail told of it, at once or in a summary; no further summary does."""

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
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    noun = models.CharField(max_length=60)
    record = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "noun", "record"], name="mute_once")]


class Preference(models.Model):
    """How one person wants notices of one kind; without a row as the kind is shipped."""

    id = IdField()
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    in_app = models.BooleanField(default=True)
    mail = models.CharField(max_length=6, default="off")
    push = models.BooleanField(null=True)
    """Whether it comes to the person's devices; null: as the kind is shipped."""

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


class ChatRoom(models.Model):
    """A room of a chat service in which a robot says what happens to the records of one company, or of one of its teams.

    Many read there, so nothing is said that a role might not read: see `notifications.services.saying`.
    """

    id = IdField()
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="+")
    """Only records of this team and those below it; null: of the whole company."""
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    address = models.TextField()
    """The robot's address, sealed: whoever holds it may write in the room."""
    host = models.CharField(max_length=253)
    secret = models.TextField(blank=True)
    """What messages are signed with, sealed; empty where the robot asks for none."""
    language = models.CharField(max_length=10)
    kinds = models.JSONField(default=list)
    """The kinds of notices that are said."""
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["company"], name="chat_room_of_company")]


class ChatPost(models.Model):
    """One message to one room, worded once: every try says the same."""

    id = IdField()
    room = models.ForeignKey("notifications.ChatRoom", models.PROTECT, related_name="posts", db_index=False)
    key = models.CharField(max_length=120)
    """What it answers to, so that no cause is said twice."""
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    lines = models.JSONField(default=list)
    path = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    is_held = models.BooleanField(default=False)
    """It found the other side silent: what goes there waits for its next try."""
    error = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "key"], name="chat_post_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="chat_post_waiting"),
            models.Index(fields=["room", "-created_at"], name="chat_post_of_room"),
        ]


class PushKey(models.Model):
    """The key pair by which push services know this installation; one row, made when it is first needed."""

    slot = models.PositiveSmallIntegerField(primary_key=True)
    public = models.CharField(max_length=100)
    """The point, uncompressed, in URL-safe base64: what browsers are given."""
    private = models.TextField()
    """PEM, sealed."""


class PushDevice(models.Model):
    """A browser of a person that may be pushed to. Whoever holds its address could call it, so that is sealed."""

    id = IdField()
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64, unique=True)
    """Of the address: one browser is one device, of whoever asked last."""
    endpoint = models.TextField()
    host = models.CharField(max_length=253)
    p256dh = models.CharField(max_length=100)
    auth = models.TextField()
    name = models.CharField(max_length=100, blank=True)
    """Browser and system, as its user agent says."""
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user"], name="push_device_of_user")]


class Push(models.Model):
    """One notice (or several at once) to one device; worded when it leaves, with the rights of then."""

    id = IdField()
    device = models.ForeignKey("notifications.PushDevice", models.CASCADE, related_name="pushes", db_index=False)
    notice = models.ForeignKey("notifications.Notice", models.CASCADE, null=True, blank=True, related_name="+")
    """Null: a test."""
    count = models.PositiveIntegerField(default=1)
    """How many came together; more than one are said as a number."""
    state = models.CharField(max_length=8, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    is_held = models.BooleanField(default=False)
    """It found the other side silent: what goes there waits for its next try."""
    error = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "notice"], name="push_once")]
        indexes = [models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="push_waiting")]


class ReplyAddress(models.Model):
    """A secret address under which one person answers one thing by mail; only its digest is kept."""

    id = IdField()
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    digest = models.CharField(max_length=64, unique=True)
    noun = models.CharField(max_length=60)
    subject = models.UUIDField()
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user"], name="reply_address_of_user")]


class MailIn(models.Model):
    """What became of one mail that came in; never its words, which are in the comment or nowhere."""

    id = IdField()
    key = models.CharField(max_length=64, unique=True)
    """Of its message id: the same mail, however often it comes, is taken once."""
    message_id = models.CharField(max_length=200, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    """Whose address it came to, where that and the sender fit together."""
    subject = models.CharField(max_length=200, blank=True)
    fate = models.CharField(max_length=10)
    why = models.CharField(max_length=40, blank=True)
    """A code of `queries.mails.WHY_NOT`, or that of a refusal."""
    received_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-received_at"], name="mail_in_newest")]
