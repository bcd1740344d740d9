"""What happens to envelopes: journal codes with their sentences, and events about the records."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from hetong.kernel.events import Event


class Act(StrEnum):
    OPENED = "signing.opened"
    SIDE_SIGNED = "signing.side_signed"
    COMPLETED = "signing.completed"
    RECALLED = "signing.recalled"


SENTENCES = {
    Act.OPENED: _("sent it to be signed"),
    Act.SIDE_SIGNED: _("noted a signature"),
    Act.COMPLETED: _("recorded the signed copy"),
    Act.RECALLED: _("recalled it from signing"),
}


class EnvelopesOpened(Event):
    """Texts wait to be signed. Facts of each record: ``envelope``."""

    code = Act.OPENED


class SidesSigned(Event):
    """One side has signed, the file is not here yet. Facts: ``envelope``, ``signature`` (ours | theirs | both), ``signed_on``."""

    code = Act.SIDE_SIGNED


class EnvelopesCompleted(Event):
    """Signed copies are here. Facts: ``envelope``, ``signed_on``, ``content_hash``, ``signed_sha256``."""

    code = Act.COMPLETED


class EnvelopesRecalled(Event):
    """Nothing is signed any more. Facts: ``envelope``."""

    code = Act.RECALLED
