"""The fields that administrators added, as the registers take them up; and what may be added to which kind of record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hetong.kernel.actors import Actor, ActorKind, Level
from hetong.kernel.errors import UnknownField
from hetong.kernel.fields import Choice, Field, Kind, Register, Text
from hetong.kernel.kept import COLUMN, currency_of, key_of, title_of, value_of
from hetong.kernel.labels import Labels
from hetong.kernel.nouns import Noun, noun, nouns
from hetong.kernel.where import Condition, Where, narrow

from .models import CustomField, CustomIndex, FieldKind, PolicyState
from .models.access import NONE
from .subjects import stages_of

ALWAYS = "always"
"""Required as soon as a record is added."""
MOST_FIELDS, MOST_INDEXED = 100, 10
"""Of one kind of record."""
LONGEST_TEXT = 500
MORE: Text = _("More")
KIND_WORDS: dict[str, Text] = {
    FieldKind.TEXT: _("Text"), FieldKind.NUMBER: _("Number"), FieldKind.MONEY: _("Amount of money"),
    FieldKind.PERCENT: _("Percentage"), FieldKind.DATE: _("Date"), FieldKind.CHOICE: _("Choice from a list"),
    FieldKind.FLAG: _("Yes or no"), FieldKind.PERSON: _("Person of ours"), FieldKind.PARTY: _("Customer or supplier"),
}  # fmt: skip
LEADS_TO = {FieldKind.PERSON: "accounts.user", FieldKind.PARTY: "parties.party"}
HELD_AS = {Kind.TEXT: "text", Kind.CHOICE: "text", Kind.REFERENCE: "text", Kind.DATE: "date"}
"""The column of the index that holds a kind's values; numbers and amounts are integers."""


def _worded(texts: dict[str, str], instead: str) -> str:
    return Labels(texts).text(get_language() or "en") or instead


_worded_lazily = lazy(_worded, str)


def words_of(texts: dict[str, str], instead: str = "") -> Any:
    """Admin-made words that are read in the language of whoever they are shown to, like the product's own."""
    return _worded_lazily(texts, instead)


# -- what may be added where ---------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A kind of record that takes fields: from which stages on they can be required, and whether they can be agreed content."""

    noun: Noun
    required_from: dict[str, Text]
    may_be_material: bool

    @property
    def key(self) -> str:
        return self.noun.key

    @property
    def label(self) -> Text:
        return self.noun.labels[1]

    @property
    def is_setting(self) -> bool:
        """Whether such records stand in the settings, and not among those that people work with."""
        return self.noun.section.startswith("settings/") or self.key.startswith("accounts.")


def places() -> list[Place]:
    """Every kind of record that takes fields, in the order of ``config/nouns.py``."""
    return [_place(entry) for entry in nouns() if takes_fields(entry)]


def find_place(key: str) -> Place | None:
    """The kind of record of that key, if it takes fields."""
    return next((one for one in places() if one.key == key), None)


def takes_fields(entry: Noun) -> bool:
    """Whether the noun's rows have room for added fields and can be changed."""
    return entry.edit is not None and COLUMN in {one.name for one in entry.model._meta.concrete_fields}


def _place(entry: Noun) -> Place:
    register, labels = entry.register, stages_of(entry.register)
    is_filled_in = entry.add is not None or entry.is_asked
    first = {ALWAYS: _("From the beginning: a new record needs it")} if is_filled_in else {}
    later = {code: labels[code] for code in register.checked_at if code in labels}
    return Place(entry, first | later, bool(register.stage))


# -- as the registers take them up ---------------------------------------------------------------


def load_fields() -> dict[str, list[Field]]:
    """The added fields by noun, retired ones included: their values are still read."""
    found: dict[str, list[Field]] = {}
    for row in CustomField.objects.order_by("noun", "position", "pk"):
        found.setdefault(row.noun, []).append(field_of(row))
    return found


def stamp_now() -> UUID:
    """The stamp of the fields as they are now."""
    return PolicyState.objects.filter(pk=1).values_list("fields", flat=True).first() or NONE


def field_of(row: CustomField) -> Field:
    """The entry of a register that the definition means."""
    kind = FieldKind(row.kind)
    one = Field(
        row.name, words_of(row.labels, row.name), kind.register_kind, path=value_of(row.name, kind.register_kind),
        write=row.is_active, required=row.is_active and row.required_from == ALWAYS, scale=row.decimals,
        group=words_of(row.group) if row.group else MORE, help=words_of(row.help) if row.help else "",
        material=row.is_material, personal=row.is_personal, max_length=LONGEST_TEXT, kept=True, is_fast=row.is_indexed,
        is_retired=not row.is_active, column=row.is_active,
        required_from=row.required_from if row.is_active and row.required_from != ALWAYS else "",
        default_rule={role: Level[level] for role, level in row.rules.items()},
        filter=partial(_asked_of_index, row.noun, row.name) if row.is_indexed else None,
    )  # fmt: skip
    return replace(one, **_by_kind(row, kind))


def _by_kind(row: CustomField, kind: FieldKind) -> dict[str, Any]:
    """What only fields of that kind have."""
    match kind:
        case FieldKind.TEXT:
            return {"key": key_of(row.name), "searchable": row.is_indexed and row.is_active}
        case FieldKind.MONEY:
            return {"currency": currency_of(row.name), "aggregate": Sum}
        case FieldKind.CHOICE:
            return {"choices": partial(_choices, row.choices)}
        case FieldKind.PERSON | FieldKind.PARTY:
            register = noun(LEADS_TO[kind]).register
            key = register.fields[register.heading].key
            return {"to": LEADS_TO[kind], "key": title_of(row.name, register.model, str(key))}
        case _:
            return {}


def _choices(stored: Sequence[dict[str, Any]]) -> list[Choice]:
    return [
        Choice(one["code"], words_of(one["labels"], one["code"]), is_retired=not one.get("is_active", True))
        for one in stored
    ]


# -- asking the index ----------------------------------------------------------------------------


def _asked_of_index(key: str, name: str, operator: str, values: Sequence[str], actor: Actor) -> Q:
    """A condition on an indexed field as a set of records: read from the index, never from every record."""
    rows = CustomIndex.objects.filter(noun=key, field=name)
    if operator == "empty":
        some = Q(pk__in=rows.values("record"))
        return ~some if values[0].casefold() in ("1", "true", "yes") else some
    if operator == "has" and noun(key).register.all()[name].kind is not Kind.TEXT:
        raise UnknownField(fields=f"{name}.has")
    asked = Condition(name, "" if operator == "not" else operator, tuple(values))
    asking = replace(actor, kind=ActorKind.SYSTEM)
    inside = Q(pk__in=narrow(_index_register(key, name), asking, rows, Where((asked,))).values("record"))
    return ~inside if operator == "not" else inside


def _index_register(key: str, name: str) -> Register:
    """The index of one field as a register of its own: the same field, read from the typed column."""
    one = noun(key).register.all()[name]
    column = HELD_AS.get(one.kind, "integer")
    beside = "text" if one.kind is Kind.MONEY else ""
    held = replace(one, path=column, key="text" if column == "text" else "", currency=beside, kept=False, filter=None)
    return Register("accounts.custom_index", CustomIndex, [held], heading=name, company="", versioned=False)
