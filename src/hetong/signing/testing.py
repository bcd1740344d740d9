"""Builders for tests of this and higher floors."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from hetong.documents.services import Upload, seed_kinds
from hetong.documents.testing import make_upload
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.signing.models import Envelope
from hetong.signing.services import Signer, record_signed_copy
from hetong.signing.states import EnvelopeState

__all__ = ["ours", "sign", "signed_file", "theirs"]


def signed_file(name: str = "signed.pdf", text: str = "Signed by both") -> Upload:
    """A small PDF."""
    return make_upload(text, name)


def ours(day: dt.date | None = None) -> Signer:
    return Signer("Marcus Hedlund", "Managing director", day or clock.today())


def theirs(day: dt.date | None = None) -> Signer:
    return Signer("Karin Ekdahl", "Head of purchasing", day or clock.today())


def sign(actor: Actor, subject: UUID, **over: Any) -> Envelope:
    """The record's open envelope comes back signed by both sides today."""
    seed_kinds()
    # allow: visibility — a builder
    envelope = Envelope.objects.get(subject=subject, state=EnvelopeState.OPEN)
    given: dict[str, Any] = {"ours": ours(), "theirs": theirs(), "same_text": True, "upload": signed_file()} | over
    return record_signed_copy(actor, envelope.pk, given.pop("upload"), **given)
