"""Accounts of parties. They have a permission of their own: who changes where money goes does not send it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Problem
from hetong.parties.events import Act
from hetong.parties.fields import BANK
from hetong.parties.identifiers import BadNumber, check_account, check_bic
from hetong.parties.models import PartyBank
from hetong.parties.policy import Can
from hetong.parties.services.checks import bad_number
from hetong.parties.services.details import Detail, add_details, edit_details

Given = Mapping[str, Any]


def _bank_rule(actor: Actor, row: PartyBank) -> Iterable[Problem]:
    """Account and BIC are right by their standards, and a party has an account once."""
    try:
        checked = check_account(row.kind, row.account)
    except BadNumber as broken:
        yield bad_number(broken, "account")
        return
    row.account, row.normalised = checked.value, checked.normalised
    try:
        row.bic = check_bic(row.bic) if row.bic else ""
    except BadNumber as broken:
        yield bad_number(broken, "bic")
    same = PartyBank.objects.filter(
        party=row.party_id, kind=row.kind, normalised=row.normalised, is_active=True
    ).exclude(pk=row.pk)
    if row.is_active and same.exists():
        yield Problem("account_twice", N_("This party already has that account."), field="account")


BANKS = Detail(BANK, Act.BANK_ADDED, Act.BANK_EDITED, _bank_rule, ("account", "normalised", "bic"), can=Can.EDIT_BANKS)


@transaction.atomic
def add_banks(actor: Actor, givens: Sequence[Given], *, locale: str = "") -> list[PartyBank]:
    """Add accounts to parties, with check digits checked."""
    return add_details(BANKS, actor, givens, locale)


@transaction.atomic
def edit_banks(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[PartyBank]:
    """Change or retire accounts of parties."""
    return edit_details(BANKS, actor, ids, given, locale, versions, reason)
