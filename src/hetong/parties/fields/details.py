from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from hetong.kernel.actors import Actor, Level
from hetong.kernel.fields import Field, Kind, Raw, Register, Verb
from hetong.parties.fields.choices import (
    account_choices,
    address_roles,
    country_choices,
    language_choices,
    scheme_choices,
)
from hetong.parties.models import Address, Contact, PartyBank, PartyId
from hetong.parties.policy import Can
from hetong.reference.places import currencies

HIDDEN_FROM_SALES = {"sales_rep": Level.HIDDEN, "sales_manager": Level.HIDDEN, "agent": Level.HIDDEN}
"""Accounts are for those who pay and those who check; sales names a party, not where its money goes."""


def _verbs(folder: str, can: str) -> Callable[[Actor, Raw], list[Verb]]:
    def verbs(actor: Actor, raw: Raw) -> list[Verb]:
        if not actor.may(can):
            return []
        url = f"/parties/{raw['party_id']}/{folder}/{raw['pk']}/"
        return [Verb("edit", _("Edit"), f"{url}edit/", "pencil", asks="edit")]

    return verbs


def _party() -> Field:
    return Field(
        "party", _("Party"), Kind.REFERENCE, path="party_id", to="parties.party", title="party__name", key="party__name_key",
        write=True, required=True,
    )  # fmt: skip


def _in_use() -> Field:
    return Field("is_active", _("In use"), Kind.FLAG, path="is_active", write=True, column=True, initial=True)


def _detail(
    noun: str, model: type[Model], fields: Iterable[Field], folder: str, heading: str, can: str = Can.EDIT, **more: Any
) -> Register:
    """The register of a noun that hangs on a party and shares its rights."""
    return Register(
        noun, model, [_party(), *fields, _in_use()], heading=heading, company="", parent=("party_id", "parties.party"),
        facts=("party_id",), verbs=_verbs(folder, can), **more,
    )  # fmt: skip


NUMBER = _detail(
    "parties.identifier",
    PartyId,
    [
        Field("scheme", _("Kind of number"), Kind.CHOICE, path="scheme", choices=scheme_choices, write=True, required=True, column=True),
        Field("value", _("Number"), path="value", write=True, required=True, personal=True, column=True, max_length=60),
        Field("issuer", _("Given by"), path="issuer", key="issuer_key", write=True, column=True, max_length=60,
              help=_("For other numbers: the register that gave it, such as Handelsregister Hamburg.")),
        Field("is_personal", _("Personal number"), Kind.FLAG, path="is_personal", column=True),
    ],
    "numbers",
    "value",
)  # fmt: skip

ADDRESS = _detail(
    "parties.address",
    Address,
    [
        Field("role", _("Used as"), Kind.CHOICE, path="role", choices=address_roles, write=True,
              required=True, column=True, initial="billing"),
        Field("lines", _("Address"), Kind.LONG_TEXT, path="lines", write=True, column=True),
        Field("postal_code", _("Postal code"), path="postal_code", write=True, column=True, max_length=20),
        Field("city", _("City"), path="city", key="city_key", write=True, searchable=True, column=True, max_length=100),
        Field("region", _("State or province"), path="region", write=True, max_length=100),
        Field("country", _("Country"), Kind.CHOICE, path="country", choices=country_choices, write=True, column=True),
    ],
    "addresses",
    "city",
)  # fmt: skip

BANK = _detail(
    "parties.bank",
    PartyBank,
    [
        Field("label", _("Label"), path="label", write=True, column=True, max_length=80, default_rule=HIDDEN_FROM_SALES),
        Field("kind", _("Kind of account"), Kind.CHOICE, path="kind", choices=account_choices, write=True, required=True, column=True,
              initial="iban", default_rule=HIDDEN_FROM_SALES),
        Field("account", _("Account"), path="account", write=True, required=True, column=True,
              max_length=60, default_rule=HIDDEN_FROM_SALES),
        Field("bic", _("BIC"), path="bic", write=True, column=True, max_length=20, default_rule=HIDDEN_FROM_SALES),
        Field("bank_name", _("Bank"), path="bank_name", write=True, column=True, max_length=120, default_rule=HIDDEN_FROM_SALES),
        Field("currency", _("Currency"), Kind.CHOICE, path="currency", choices=currencies, write=True, column=True,
              default_rule=HIDDEN_FROM_SALES),
    ],
    "banks",
    "account",
    Can.EDIT_BANKS,
)  # fmt: skip


def _person(name: str, label: Any, limit: int, **more: Any) -> Field:
    """A fact about a person: erasable."""
    return Field(name, label, path=name, personal=True, max_length=limit, **({"write": True, "column": True} | more))


CONTACT = _detail(
    "parties.contact",
    Contact,
    [
        _person("name", _("Name"), 120, key="name_key", required=True, searchable=True),
        _person("local_name", _("Name in another script"), 120, indexed=True),
        _person("role", _("Role"), 100, help=_("What the person does there, such as buyer or site manager.")),
        _person("email", _("E-mail"), 254, indexed=True),
        _person("phone", _("Phone"), 40),
        _person("mobile", _("Mobile"), 40),
        Field("language", _("Language"), Kind.CHOICE, path="language", choices=language_choices, write=True, personal=True, column=True),
        Field("is_primary", _("Main contact"), Kind.FLAG, path="is_primary", write=True, personal=True, column=True),
        Field("note", _("Note"), Kind.LONG_TEXT, path="note", write=True, personal=True),
    ],
    "contacts",
    "name",
)  # fmt: skip
