from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind, Raw, Register, Verb
from hetong.parties.models import PartyKind
from hetong.parties.policy import Can


def _verbs(actor: Actor, raw: Raw) -> list[Verb]:
    if not actor.may(Can.MANAGE_KINDS):
        return []
    return [Verb("edit", _("Edit"), f"/settings/party-kinds/{raw['pk']}/edit/", "pencil", asks="edit")]


KIND = Register(
    "parties.kind",
    PartyKind,
    [
        Field("labels", _("Name"), Kind.LABELS, path="labels", write=True, required=True, column=True, sortable=False),
        Field(
            "key", _("Key"), path="key", write=True, column=True, max_length=40,
            help=_("Small letters, digits and hyphens, for imports and addresses. It never changes; empty makes one."),
        ),
        Field("position", _("Position"), Kind.NUMBER, path="position", write=True, column=True, initial=100),
        Field("is_active", _("In use"), Kind.FLAG, path="is_active", write=True, column=True, initial=True),
    ],
    heading="labels",
    company="",
    verbs=_verbs,
)  # fmt: skip
