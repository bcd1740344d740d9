"""What signing brings in: who has signed on which day, and the signed copy itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import Company
from hetong.audit.services import Change, record_many
from hetong.documents.models import DocumentKind, Version
from hetong.documents.services import Upload, accept_version, add_documents
from hetong.documents.states import VersionState
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, Invalid, Problem, refuse
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.text import clean_line
from hetong.signing.events import Act, EnvelopesCompleted, SidesSigned
from hetong.signing.fields import ENVELOPE, SIGNATORY
from hetong.signing.models import Envelope, Signatory
from hetong.signing.policy import Can
from hetong.signing.queries import get_envelope
from hetong.signing.services.envelopes import EnvelopeOver, ask_gates, fact_of
from hetong.signing.states import ENVELOPE as LIFECYCLE
from hetong.signing.states import EnvelopeState, Side

Given = Mapping[str, Any]
SIGNED_COPY = "signed_copy"
LONGEST_NAME = 120
EARLIEST = dt.date(1900, 1, 1)


@dataclass(frozen=True)
class Signer:
    """Who signs for one side: the name, in what capacity, and on which day (contract time)."""

    name: str
    capacity: str = ""
    signed_on: dt.date | None = None


def read_signer(given: Mapping[str, str], side: str) -> Signer:
    """Who signs for a side out of canonical input: ``ours_name``, ``ours_capacity``, ``ours_signed_on`` (ISO). Raises `Invalid`."""
    text = given.get(f"{side}_signed_on", "")
    try:
        day = dt.date.fromisoformat(text) if text else None
    except ValueError as broken:
        problem = Problem(
            "unreadable", N_("“%(given)s” is not a date. Example: 2026-03-31"), {"given": text[:40]}, f"{side}_signed_on"
        )  # fmt: skip
        raise Invalid(problems=[problem]) from broken
    return Signer(given.get(f"{side}_name", ""), given.get(f"{side}_capacity", ""), day)


@transaction.atomic
def mark_side_signed(actor: Actor, envelope_id: UUID, side: str, signer: Signer) -> Envelope:
    """Note that one side has signed; the signed copy follows. A second note for the side replaces the first, the same one does nothing.

    Raises `NotFound`, `Forbidden`, `EnvelopeOver`, `Invalid`, and what the record has against signing now.
    """
    ask_gates(actor, *_subject(actor, envelope_id))
    [envelope] = locked(Envelope.objects.visible_to(actor), [envelope_id])
    require(actor, Can.SIGN, [envelope])
    _check_open(envelope)
    refuse(signer_problems(Side(side).value, signer, _today(envelope)))
    if _is_kept(envelope, side, signer):
        return envelope
    signed = _keep(envelope, {side: signer})
    _record(actor, Act.SIDE_SIGNED, envelope, signed)
    # allow: visibility — of the envelope that is held
    sides = set(Signatory.objects.filter(envelope=envelope.pk).values_list("side", flat=True))
    signature = "both" if len(sides) > 1 else next(iter(sides))
    publish(SidesSigned(actor, (fact_of(envelope, signature=signature, signed_on=str(signer.signed_on)),)))
    return envelope


def record_signed_copy(
    actor: Actor, envelope_id: UUID, upload: Upload | None, *, ours: Signer, theirs: Signer, same_text: bool
) -> Envelope:
    """Keep the signed file with both signatures, and so complete the envelope.

    ``same_text``: the actor confirms that the file has the same text as the version sent; needed where
    there is one. Both SHA-256 and who confirmed are kept. Raises `NotFound`, `Forbidden`, `EnvelopeOver`,
    `RefusedFile`, `Invalid` with every problem, and what the record has against signing now.
    """
    envelope = get_envelope(actor, envelope_id)
    require(actor, Can.SIGN, [envelope])
    ask_gates(actor, envelope.noun, [envelope.subject])
    _check_open(envelope)
    refuse(_problems(envelope, upload, ours, theirs, same_text=same_text))
    with transaction.atomic():
        version = _store(actor, envelope, [upload] if upload else [])
        [envelope] = locked(Envelope.objects.visible_to(actor), [envelope_id])
        _check_open(envelope)
        return _complete(actor, envelope, version, ours, theirs, same_text=same_text)


def _complete(
    actor: Actor, envelope: Envelope, version: Version, ours: Signer, theirs: Signer, *, same_text: bool
) -> Envelope:
    names = ("state", "signed_sha256", "confirmed_by")
    before = ENVELOPE.snapshot([envelope], names)[envelope.pk]
    signed = _keep(envelope, {Side.OURS: ours, Side.THEIRS: theirs})
    envelope.state = LIFECYCLE.after(EnvelopeState(envelope.state), "complete")
    envelope.signed, envelope.signed_sha256, envelope.closed_at = version, version.sha256, clock.now()
    if same_text:
        envelope.confirmed_by, envelope.confirmed_by_label = actor.id, actor.label[:200]
    write([envelope], ("state", "signed", "signed_sha256", "closed_at", "confirmed_by", "confirmed_by_label"))
    after = ENVELOPE.snapshot([envelope], names)[envelope.pk]
    _record(actor, Act.COMPLETED, envelope, signed, before, after)
    signed_on = max(day for day in (ours.signed_on, theirs.signed_on) if day)
    publish(
        EnvelopesCompleted(
            actor,
            (
                fact_of(
                    envelope, signed_on=signed_on.isoformat(), content_hash=envelope.content_hash,
                    signed_sha256=envelope.signed_sha256,
                ),
            ),
        )
    )  # fmt: skip
    return envelope


def _subject(actor: Actor, envelope_id: UUID) -> tuple[str, Sequence[UUID]]:
    envelope = get_envelope(actor, envelope_id)
    return envelope.noun, [envelope.subject]


def _check_open(envelope: Envelope) -> None:
    if envelope.state != EnvelopeState.OPEN:
        raise EnvelopeOver(title=envelope.title)


def _today(envelope: Envelope) -> dt.date:
    """Today where the company is, which is the last day on which anything can have been signed."""
    zone = Company.objects.filter(pk=envelope.company_id).values_list("zone", flat=True).first()
    return clock.today(zone or "UTC")


def _problems(
    envelope: Envelope, upload: Upload | None, ours: Signer, theirs: Signer, *, same_text: bool
) -> Iterator[Problem]:
    today = _today(envelope)
    yield from signer_problems(Side.OURS, ours, today)
    yield from signer_problems(Side.THEIRS, theirs, today)
    if upload is None:
        yield Problem("required", N_("Choose the signed file."), field="file")
    if envelope.text_id and not same_text:
        yield Problem(
            "not_confirmed", N_("Confirm that the signed copy has the same text as the version that was sent."),
            field="same_text",
        )  # fmt: skip


def signer_problems(side: str, signer: Signer, today: dt.date) -> Iterable[Problem]:
    """What is wrong with who signed for a side; fields are named ``ours_name``, ``theirs_signed_on`` and so on."""
    for part in ("name", "capacity"):
        if len(getattr(signer, part)) > LONGEST_NAME:
            yield Problem(
                "too_long", N_("This is too long: at most %(limit)s characters fit."), {"limit": LONGEST_NAME}, f"{side}_{part}"
            )  # fmt: skip
    if not clean_line(signer.name):
        yield Problem("required", N_("Say who signed."), field=f"{side}_name")
    if signer.signed_on is None:
        yield Problem("required", N_("Say on which day it was signed."), field=f"{side}_signed_on")
    elif signer.signed_on > today:
        yield Problem(
            "in_the_future", N_("%(day)s is still to come; a signature has a day that has been."),
            {"day": signer.signed_on.isoformat()}, f"{side}_signed_on",
        )  # fmt: skip
    elif signer.signed_on < EARLIEST:
        yield Problem("date_range", N_("This day lies too far back."), field=f"{side}_signed_on")


def _store(actor: Actor, envelope: Envelope, uploads: Sequence[Upload]) -> Version:
    """The signed file as a document of the record; it counts at once, since its signatures do."""
    kind = DocumentKind.objects.get(
        key=SIGNED_COPY
    )  # allow: visibility — shipped, and the document asks for its rights
    [document] = add_documents(actor, envelope.noun, envelope.subject, uploads, kind=str(kind.pk), title=envelope.title)
    [version] = Version.objects.filter(document=document.pk)  # allow: visibility — just added
    if version.state != VersionState.CURRENT:
        version = accept_version(Actor.system(cause=actor), version.pk)
    return version


def _is_kept(envelope: Envelope, side: str, who: Signer) -> bool:
    """Whether exactly this was noted for the side before."""
    kept = {"name": clean_line(who.name), "capacity": clean_line(who.capacity), "signed_on": who.signed_on}
    # allow: visibility — of the envelope that is held
    return Signatory.objects.filter(envelope=envelope.pk, side=side, **kept).exists()


def _keep(envelope: Envelope, signers: Mapping[str, Signer]) -> list[Change]:
    """Keep who signed for these sides, in place of what was noted for them before; says what was kept."""
    Signatory.objects.filter(envelope=envelope.pk, side__in=[str(side) for side in signers]).delete()
    rows = [
        Signatory(
            envelope=envelope, side=str(side), name=clean_line(who.name), capacity=clean_line(who.capacity),
            signed_on=who.signed_on,
        )
        for side, who in signers.items()
    ]  # fmt: skip
    insert(rows)
    after = SIGNATORY.snapshot(rows)
    return [Change(SIGNATORY.noun, one.pk, one.name, envelope.company_id, {}, after[one.pk]) for one in rows]


def _record(
    actor: Actor, act: Act, envelope: Envelope, signed: Sequence[Change], before: Given | None = None, after: Given | None = None
) -> None:  # fmt: skip
    """On the envelope and its signatories with what changed, and on the record that it happened."""
    own = Change(ENVELOPE.noun, envelope.pk, envelope.title, envelope.company_id, before or {}, after or {})
    here = Change(envelope.noun, envelope.subject, envelope.title, envelope.company_id)
    record_many(actor, act, [own, *signed, here])
