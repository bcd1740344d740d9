from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.kernel.actors import Actor
from hetong.kernel.fields import HIDDEN_FOR_AGENTS, Field, Kind, Raw, Register, Verb
from hetong.parties.models import PartyTerms
from hetong.parties.policy import Can
from hetong.reference.places import currencies


def _verbs(actor: Actor, raw: Raw) -> list[Verb]:
    if not actor.may(Can.EDIT, raw["company_id"]):
        return []
    return [Verb("edit", _("Edit"), f"/parties/{raw['party_id']}/terms/{raw['pk']}/edit/", "pencil", asks="edit")]


TERMS = Register(
    "parties.terms",
    PartyTerms,
    [
        Field(
            "party", _("Party"), Kind.REFERENCE, path="party_id", to="parties.party", title="party__name",
            key="party__name_key", write=True, required=True,
        ),
        Field(
            "company", _("Our company"), Kind.REFERENCE, path="company_id", to="accounts.company", title="company__name",
            key="company__name_key", write=True, required=True, column=True,
        ),
        Field(
            "number", _("Our number for it"), path="number", key="number_key", write=True, searchable=True, column=True, max_length=40,
        ),
        Field(
            "owner", _("Owner"), Kind.REFERENCE, path="owner_id", to="accounts.user", title="owner__name",
            key="owner__name_key", write=True, column=True,
        ),
        Field(
            "team", _("Team"), Kind.REFERENCE, path="team_id", to="accounts.team", title="team__name", key="team__name_key",
            write=True, column=True,
        ),
        Field("payment_days", _("Payment days"), Kind.NUMBER, path="payment_days", write=True, column=True,
              help=_("Days from the invoice date to the due date.")),
        Field("currency", _("Currency"), Kind.CHOICE, path="currency", choices=currencies, write=True, column=True),
        Field(
            "credit_limit", _("Credit limit"), Kind.MONEY, path="credit_limit_minor", currency="currency", write=True, column=True,
            default_rule=HIDDEN_FOR_AGENTS,
        ),
        Field("price_note", _("Agreed prices"), Kind.LONG_TEXT, path="price_note", write=True, default_rule=HIDDEN_FOR_AGENTS),
    ],
    heading="company",
    parent=("party_id", "parties.party"),
    facts=("party_id",),
    verbs=_verbs,
)  # fmt: skip
