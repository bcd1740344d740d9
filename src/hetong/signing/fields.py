"""The registers of envelopes and signatories."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hetong.kernel.fields import Choice, Field, Kind, Register, Text
from hetong.kernel.where import by_id
from hetong.signing.models import Envelope, Signatory
from hetong.signing.policy import Can
from hetong.signing.states import EnvelopeState, Side

STATES: Mapping[str, tuple[Text, str]] = {
    EnvelopeState.OPEN: (pgettext_lazy("envelope", "Waits for the signed copy"), "signing"),
    EnvelopeState.COMPLETED: (pgettext_lazy("envelope", "Signed"), "closed"),
    EnvelopeState.RECALLED: (pgettext_lazy("envelope", "Recalled"), "void"),
}
"""The word of each state, and the stage whose glyph it is drawn with."""
SIDES: Mapping[str, Text] = {Side.OURS: _("Our side"), Side.THEIRS: _("Their side")}


def _states() -> list[Choice]:
    return [Choice(code, word, glyph) for code, (word, glyph) in STATES.items()]


ENVELOPE = Register(
    "signing.envelope",
    Envelope,
    [
        Field("title", _("What is signed"), path="title"),
        Field("noun", _("Kind of record"), path="noun"),
        Field("subject", _("Record"), needs=("subject",), compute=lambda raw, actor: raw["subject"], filter=by_id("subject")),
        Field("state", _("State"), Kind.CHOICE, "state", choices=_states, column=True),
        Field("content_hash", _("SHA-256 of the approved content"), path="content_hash", sortable=False),
        Field("text_sha256", _("SHA-256 of the text"), path="text_sha256", sortable=False),
        Field("signed_sha256", _("SHA-256 of the signed copy"), path="signed_sha256", sortable=False),
        Field("confirmed_by", _("Confirmed to be the same text by"), path="confirmed_by_label"),
        Field("opened_by", _("Sent by"), path="opened_by_label", column=True),
        Field("opened_at", _("Sent"), Kind.INSTANT, "opened_at", column=True),
        Field("closed_at", _("Ended"), Kind.INSTANT, "closed_at"),
    ],
    heading="title",
    edit=Can.SIGN,
)  # fmt: skip

SIGNATORY = Register(
    "signing.signatory",
    Signatory,
    [
        Field("name", _("Name"), path="name", column=True, personal=True),
        Field("envelope", _("Envelope"), Kind.REFERENCE, "envelope_id", to="signing.envelope", title="envelope__title", sortable=False),
        Field("side", _("Side"), Kind.CHOICE, "side", choices=lambda: [Choice(code, word) for code, word in SIDES.items()]),
        Field("capacity", _("Capacity"), path="capacity", column=True),
        Field("signed_on", _("Signed on"), Kind.DATE, "signed_on", column=True),
    ],
    heading="name",
    company="envelope__company_id",
    parent=("envelope_id", "signing.envelope"),
    edit=Can.SIGN,
    versioned=False,
)  # fmt: skip
