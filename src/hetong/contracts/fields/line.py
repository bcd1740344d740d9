from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from hetong.contracts.fields import words
from hetong.contracts.fields.contract import CONTRACT, DRAFTING
from hetong.contracts.models import Line
from hetong.contracts.policy import Can, can_edit
from hetong.kernel.actors import Actor, Level
from hetong.kernel.fields import HIDDEN_FOR_AGENTS, Field, Kind, Raw, Register, Verb
from hetong.kernel.scaled import PRICE, QUANTITY


def _verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    row = {"stage": raw["contract__stage"], "company_id": raw["company_id"]}
    if can_edit(actor, row):
        base = f"/contracts/{raw['contract_id']}/lines/{raw['pk']}/"
        yield Verb("edit", _("Edit line"), base, "pencil", asks="edit")
        yield Verb("remove", _("Remove line"), f"{base}remove/", "trash", danger=True)


def _amount(name: str, label: Any, **more: Any) -> Field:
    column = f"{name}_minor"
    return Field(name, label, Kind.MONEY, column, currency="currency", aggregate=Sum, column=True, **more)


VALUED = frozenset({"unit_price", "net", "tax", "gross"})
"""The fields from which a contract's value can be added up again."""


class LineRegister(Register):
    """Who may not read a contract's value may not read it from what hangs on it either: lines, stages of its plan."""

    valued = VALUED

    def _levels(self, actor: Actor, fields: Mapping[str, Field], company: UUID | None, stage: str) -> dict[str, Level]:
        own = super()._levels(actor, fields, company, stage)
        if CONTRACT.level(actor, "gross", company) is not Level.HIDDEN:
            return own
        return own | dict.fromkeys(self.valued & own.keys(), Level.HIDDEN)


LINE = LineRegister(
    "contracts.line",
    Line,
    [
        Field(
            "title", _("Description"), path="title", key="title_key", write=True, required=True, material=True, searchable=True,
            column=True, max_length=300,
        ),
        Field(
            "contract", _("Contract"), Kind.REFERENCE, "contract_id", to="contracts.contract", title="contract__title",
            key="contract__title_key", write=True, required=True,
        ),
        Field("position", _("Position"), Kind.NUMBER, "position", write=True),
        Field("part_no", _("Part no."), path="part_no", write=True, indexed=True, material=True, column=True, max_length=80),
        Field("model_name", _("Model"), path="model_name", write=True, indexed=True, material=True, max_length=80),
        Field("serial_no", _("Serial no."), path="serial_no", write=True, indexed=True, material=True, max_length=80),
        Field(
            "quantity", _("Quantity"), Kind.NUMBER, "quantity", scale=QUANTITY.exponent, write=True, required=True, material=True,
            column=True, initial="1",
        ),
        Field("unit", _("Unit"), path="unit", write=True, material=True, column=True, max_length=20),
        Field(
            "unit_price", _("Unit price"), Kind.NUMBER, "price", scale=PRICE.exponent, write=True, required=True, material=True,
            column=True,
        ),
        Field("discount", _("Discount %"), Kind.PERCENT, "discount", write=True, material=True, column=True),
        Field("tax_rate", _("Tax rate %"), Kind.PERCENT, "tax_percent", write=True, material=True, column=True),
        Field("tax_code", _("Tax code"), path="tax_code", write=True, material=True, max_length=20),
        _amount("net", _("Net"), derived_from=("unit_price",)),
        _amount("tax", _("Tax"), derived_from=("unit_price",)),
        _amount("gross", _("Gross"), derived_from=("unit_price",)),
        Field("unit_cost", _("Unit cost"), Kind.NUMBER, "cost", scale=PRICE.exponent, write=True, default_rule=HIDDEN_FOR_AGENTS),
        Field("kind", _("Kind"), Kind.CHOICE, "kind", choices=lambda: words.offered(words.LINE_KINDS), material=True),
        Field(
            "is_optional", _("Optional"), Kind.FLAG, "is_optional", write=True, material=True,
            help=_("Quoted, not agreed: not part of the value."),
        ),
        Field("starts_on", _("From"), Kind.DATE, "starts_on", write=True, material=True),
        Field("ends_on", _("To"), Kind.DATE, "ends_on", write=True, material=True),
        Field(
            "billed_until", _("Billed until"), Kind.DATE, "billed_until", write=True,
            help=_("What falls due until then was billed before the contract was entered here."),
        ),
    ],
    heading="title",
    stage="contract__stage",
    facts=("contract_id", "contract__stage"),
    verbs=_verbs,
    checked_at=DRAFTING,
    parent=("contract_id", "contracts.contract"),
    edit=Can.EDIT,
)  # fmt: skip
