from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import Company, Grant
from hetong.audit.services.editing import add_rows, edit_rows
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, Problem
from hetong.kernel.money import Money
from hetong.kernel.rows import locked
from hetong.kernel.text import fold
from hetong.parties.events import Act, TermsChanged
from hetong.parties.fields import TERMS
from hetong.parties.models import PartyTerms
from hetong.parties.policy import Can
from hetong.parties.queries.parties import must_edit
from hetong.parties.services.checks import constraints_as_conflict

Given = Mapping[str, Any]
MOST_DAYS = 365


class TermsExist(Conflict):
    """The party already has terms with that company."""

    code = "terms_exist"
    text = N_("This party already has terms with %(company)s.")
    then = N_("Change those instead.")


def with_currency(given: Given, currency: str) -> dict[str, Any]:
    """The input with an amount that names no currency given one, so that it can be read."""
    amount = given.get("credit_limit")
    if not isinstance(amount, str) or not amount.strip() or amount.strip()[:3].isalpha():
        return dict(given)
    return dict(given) | {"credit_limit": f"{given.get('currency') or currency} {amount.strip()}"}


def check_terms(row: PartyTerms, values: Mapping[str, Any]) -> Iterator[Problem]:
    """The rules of one party's terms: a team and a number of that company, days within a year, a currency."""
    limit = values.get("credit_limit")
    if isinstance(limit, Money):
        row.currency = limit.currency
    if row.team_id and row.team is not None and row.team.company_id != row.company_id:
        yield Problem("team_elsewhere", N_("This team belongs to another company."), field="team")
    if row.payment_days is not None and not 0 <= row.payment_days <= MOST_DAYS:
        yield Problem(
            "payment_days", N_("Payment days are between 0 and %(most)s."), {"most": MOST_DAYS}, "payment_days"
        )
    if row.number:
        same = PartyTerms.objects.filter(company=row.company_id, number_key=fold(row.number)).exclude(pk=row.pk)
        if same.exists():
            yield Problem(
                "number_taken",
                N_("The number %(number)s is already in use in this company."),
                {"number": row.number},
                "number",
            )


def settle(actor: Actor, rows: Sequence[PartyTerms]) -> None:
    """Fill in what new terms leave open: the owner is who adds them, the team the owner's, the currency the company's."""
    companies = Company.objects.in_bulk({row.company_id for row in rows})
    for row in rows:
        row.owner_id = row.owner_id or actor.id
        row.currency = row.currency or companies[row.company_id].currency
    open_rows = [row for row in rows if row.team_id is None and row.owner_id]
    grants = Grant.objects.filter(user__in={r.owner_id for r in open_rows}, team__isnull=False).order_by("pk")
    teams = {(g.user_id, g.team.company_id): g.team_id for g in grants.select_related("team") if g.team}
    for row in open_rows:
        row.team_id = teams.get((row.owner_id, row.company_id))


@transaction.atomic
def add_terms(actor: Actor, givens: Sequence[Given], *, locale: str = "") -> list[PartyTerms]:
    """Give parties terms with one of our companies; all or none."""

    def make(values: Mapping[str, Any]) -> PartyTerms:
        must_edit(actor, [values["party"]])
        taken = (
            PartyTerms.objects.filter(party=values["party"], company=values["company"])
            .select_related("company")
            .first()
        )
        if taken is not None:
            raise TermsExist(company=taken.company.name)
        return PartyTerms()

    def prepare(row: PartyTerms, values: Mapping[str, Any]) -> list[Problem]:
        settle(actor, [row])
        return list(check_terms(row, values))

    ready = [with_currency(given, _currency_of(given.get("company"))) for given in givens]
    with constraints_as_conflict():
        return add_rows(
            TERMS,
            actor,
            ready,
            can=Can.EDIT,
            code=Act.TERMS_ADDED,
            event=TermsChanged,
            make=make,
            locale=locale,
            prepare=prepare,
        )


def _currency_of(company: Any) -> str:
    try:
        return Company.objects.filter(pk=UUID(str(company))).values_list("currency", flat=True).first() or ""
    except ValueError:
        return ""


@transaction.atomic
def edit_terms(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[PartyTerms]:
    """Change terms; all or none. Their party and company stay."""
    rows = locked(PartyTerms.objects.visible_to(actor), ids)
    must_edit(actor, {row.party_id for row in rows})
    kept = {row.pk: (row.party_id, row.company_id) for row in rows}

    def prepare(row: PartyTerms, values: Mapping[str, Any]) -> list[Problem]:
        moved = Problem(
            "terms_stay", N_("Terms stay with their party and company. Add others instead."), field="company"
        )
        return [moved] if (row.party_id, row.company_id) != kept[row.pk] else list(check_terms(row, values))

    with constraints_as_conflict():
        return edit_rows(
            TERMS, actor, rows, given, can=Can.EDIT, code=Act.TERMS_EDITED, event=TermsChanged, locale=locale, versions=versions,
            reason=reason, prepare=prepare, also={"currency"},
        )  # fmt: skip
