from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from hetong.kernel.rows import IdField, KeyField


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in. ``kind`` never changes: staff hold grants, portal users never do."""

    id = IdField()
    email = models.EmailField(max_length=254, unique=True)
    """Lower case."""
    name = models.CharField(max_length=120)
    name_key = KeyField("name")
    kind = models.CharField(max_length=8, choices=[("staff", "staff"), ("portal", "portal")], default="staff")
    language = models.CharField(max_length=10, default="en")
    zone = models.CharField(max_length=60, default="Europe/Stockholm")
    theme = models.CharField(max_length=6, default="system")
    has_shortcuts = models.BooleanField(default=True)
    home = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(null=True, blank=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name


class Delegation(models.Model):
    """Someone stands in for someone else from a day to a day, both inclusive."""

    id = IdField()
    user = models.ForeignKey(User, models.PROTECT, related_name="delegations")
    to = models.ForeignKey(User, models.PROTECT, related_name="stands_in_for")
    starts_on = models.DateField()
    ends_on = models.DateField()
    what = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200, blank=True)


class ApiToken(models.Model):
    """A key for the API: shown once, stored hashed, acting as its user and never wider."""

    id = IdField()
    user = models.ForeignKey(User, models.PROTECT, related_name="tokens")
    label = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    permissions = models.JSONField(null=True)
    """The permissions it is limited to; null means all of its user's."""
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def is_over(self, now: datetime) -> bool:
        """Whether its last moment has come."""
        return self.expires_at is not None and self.expires_at <= now


class Outsider(models.Model):
    """A person without an account, known by a mail address that they proved: signer, guest, quote acceptor."""

    id = IdField()
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=10, default="en")
    verified_at = models.DateTimeField(null=True, blank=True)


class Key(models.Model):
    """An idempotency key with the answer that its first use got; kept seven days."""

    id = IdField()
    holder = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "key"], name="key_once")]
        indexes = [models.Index(fields=["at"], name="key_at")]
