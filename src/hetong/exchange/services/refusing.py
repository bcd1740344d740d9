"""Why a row is not in, in the words of its file: the column that a field was read from, and refusals as problems."""

from __future__ import annotations

from collections.abc import Mapping

from hetong.exchange.importing import Kind
from hetong.exchange.importing.kinds import LINE_PART, PLAN_PART
from hetong.kernel.errors import N_, DomainError, Problem

SAID_BY: Mapping[str, tuple[str, ...]] = {
    "unit_price": ("value",), "line.unit_price": ("value",), "registration_number": ("counterparty_number", "party_number"),
    "counterparty": ("counterparty", "counterparty_number"), "party": ("party", "party_number"), "name": ("counterparty",),
    "currency": ("value", "gross", "amount"), "dues": ("gross",),
}  # fmt: skip
"""Columns that a field of the service may have come from."""


def head_of(field: str, heads: Mapping[str, str], kind: Kind) -> str:
    """The file's column that a field was read from (``heads``: by what it is mapped to); what the field is called where no column is it."""
    for name in (field, f"{LINE_PART}.{field}", f"{PLAN_PART}.{field}", *SAID_BY.get(field, ())):
        if name in heads:
            return str(heads[name])
    meant = kind.column(field)
    return str(meant.label) if meant else ""


def as_problem(refused: Exception) -> Problem:
    """A refusal without problems of its own as one."""
    if isinstance(refused, DomainError):
        return Problem(refused.code, refused.text, refused.params)
    return Problem(
        "taken_meanwhile", N_("The database refused the row: something of it has to be unique and is there already.")
    )
