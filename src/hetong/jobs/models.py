from __future__ import annotations

from enum import StrEnum

from django.db import models

from hetong.kernel.rows import IdField


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    ATTENTION = "attention"
    CANCELLED = "cancelled"


class Outbox(models.Model):
    """One listener's share of one event: run once, retried, and shown on the record when it keeps failing."""

    id = IdField()
    event = models.UUIDField()
    code = models.CharField(max_length=80)
    actor = models.JSONField()
    rows = models.JSONField()
    listener = models.CharField(max_length=120)
    part = models.PositiveIntegerField(default=0)
    subject = models.CharField(max_length=120, blank=True, default="")
    """``noun:id`` when the part is about one record, else empty."""
    state = models.CharField(max_length=10, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "listener", "part"], name="outbox_once")]
        indexes = [
            models.Index(fields=["id"], condition=~models.Q(state__in=["done"]), name="outbox_unfinished"),
            models.Index(fields=["subject", "state"], name="outbox_subject"),
        ]


class Schedule(models.Model):
    """When a recurring job ran last, how that ended and when it is due next."""

    job = models.CharField(max_length=80, primary_key=True)
    last_at = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField()
    running_until = models.DateTimeField(null=True, blank=True)
    took_ms = models.PositiveIntegerField(null=True, blank=True)
    result = models.TextField(blank=True, default="")
    is_ok = models.BooleanField(default=True)


class Job(models.Model):
    """Long work that a person started: they may leave the page, watch it, stop it, and find its result later."""

    id = IdField()
    owner = models.UUIDField()
    actor = models.JSONField()
    task = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=State.WAITING)
    progress = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="job_of_owner"),
            models.Index(fields=["id"], condition=models.Q(state__in=["waiting", "running"]), name="job_unfinished"),
        ]
