"""The accounts of our companies that customers pay into."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from stdnum import iban, luhn
from stdnum.exceptions import ValidationError

from hetong.accounts.events import Act, BanksChanged
from hetong.accounts.fields import BANK
from hetong.accounts.models import Bank
from hetong.accounts.policy import Can
from hetong.audit.services import add_rows, edit_rows
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Problem
from hetong.kernel.rows import locked

Given = Mapping[str, Any]
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}")
_GIROS: Final = ("bankgiro", "plusgiro")


@transaction.atomic
def add_banks(actor: Actor, givens: Sequence[Given], *, locale: str = "") -> list[Bank]:
    """Add accounts of companies that the actor manages. An IBAN or giro with a wrong check digit is refused."""
    return add_rows(
        BANK, actor, givens, can=Can.MANAGE_COMPANIES, code=Act.BANK_ADDED, event=BanksChanged,
        make=lambda values: Bank(), locale=locale, prepare=_check,
    )  # fmt: skip


@transaction.atomic
def edit_banks(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Bank]:
    """Change accounts, or take them out of use. Invoices that were issued keep the account of their day."""
    rows = locked(Bank.objects.visible_to(actor), ids)
    homes = {row.pk: row.company_id for row in rows}

    def prepare(bank: Bank, values: Given) -> Iterable[Problem]:
        if bank.company_id != homes[bank.pk]:
            yield Problem("company_fixed", N_("An account stays with its company."), field="company")
        yield from _check(bank, values)

    return edit_rows(
        BANK, actor, rows, given, can=Can.MANAGE_COMPANIES, code=Act.BANK_EDITED, event=BanksChanged,
        locale=locale, versions=versions, reason=reason, prepare=prepare,
    )  # fmt: skip


def _check(bank: Bank, values: Given) -> Iterable[Problem]:
    """Check digits, where the account has some: ISO 7064 for an IBAN, Luhn for a Swedish giro."""
    compact = re.sub(r"[\s-]", "", bank.account).upper()
    try:
        if _IBAN.fullmatch(compact):
            iban.validate(compact)
        elif bank.label.casefold() in _GIROS:
            luhn.validate(compact)
    except ValidationError:
        yield Problem("bad_number", N_("The check digit does not fit: a character is mistyped."), field="account")
