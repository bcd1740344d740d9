"""What the registers of billing share: amounts that follow the rule of the contract's value, and links."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model, Sum
from django.utils.translation import gettext_lazy as _

from hetong.contracts.fields import CONTRACT
from hetong.kernel.actors import Actor, Level
from hetong.kernel.fields import Field, Kind, Register, Verb


class MoneyRegister(Register):
    """Who may not read a contract's value reads no amount of money here either: it would add up to the value."""

    def __init__(
        self, noun: str, model: type[Model], fields: Iterable[Field], *, also: Collection[str] = (), **more: Any
    ) -> None:
        """``also`` names further fields from which amounts follow."""
        super().__init__(noun, model, fields, **more)
        money = {one.name for one in self.fields.values() if one.kind is Kind.MONEY}
        self.valued = frozenset(money | set(also))

    def _levels(self, actor: Actor, fields: Mapping[str, Field], company: UUID | None, stage: str) -> dict[str, Level]:
        own = super()._levels(actor, fields, company, stage)
        if actor.is_system or CONTRACT.level(actor, "gross", company) > Level.HIDDEN:
            return own
        return own | dict.fromkeys(self.valued & own.keys(), Level.HIDDEN)


def filling_in(register: Register, base: str) -> Iterable[Verb]:
    """The verb that fills in what the house added: nothing else of a posting can be written, and often there is nothing."""
    if any(one.write for one in register):
        yield Verb("edit", _("Fill in fields"), f"{base}edit/", "pencil", asks="edit")


def amount(name: str, label: Any, path: Any = None, **more: Any) -> Field:
    """An amount in minor units of the row's currency; by default of the column named after it."""
    path = path if path is not None else f"{name}_minor"
    more = {"aggregate": Sum, "column": True, **more}
    return Field(name, label, Kind.MONEY, path, currency="currency", **more)


def link(name: str, label: Any, to: str, title: str = "name", **more: Any) -> Field:
    """A reference to another record."""
    more = {"column": True, "key": f"{name}__{title}_key", **more}
    return Field(name, label, Kind.REFERENCE, f"{name}_id", to=to, title=f"{name}__{title}", **more)
