from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import Company, Grant, Team
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


class Usual:
    """What new terms have where they leave it open: the owner is who adds them, the team the owner's, the currency the company's."""

    def __init__(self, actor: Actor, numbers: Iterable[Any] = ()) -> None:
        """``numbers``: those that the rows of a batch will ask for, looked up in one statement."""
        self.actor = actor
        self._currencies: dict[UUID, str] = {}
        self._teams: dict[UUID, dict[UUID, UUID]] = {}
        """Per owner: the team in each company."""
        self._companies: dict[UUID, UUID] = {}
        """Of each team."""
        self._asked = {fold(number) for number in numbers if isinstance(number, str) and number.strip()}
        held = PartyTerms.objects.filter(number_key__in=self._asked)
        rows = held.values_list("company", "number_key", "pk") if self._asked else ()
        self._taken = {(company, number): pk for company, number, pk in rows}

    def is_taken(self, row: PartyTerms) -> bool:
        """Whether other terms of that company have the row's number."""
        number = fold(row.number)
        if number in self._asked:
            return bool(self._taken.get((row.company_id, number), row.pk) != row.pk)
        return PartyTerms.objects.filter(company=row.company_id, number_key=number).exclude(pk=row.pk).exists()

    def company_of(self, team: UUID) -> UUID | None:
        """Which company a team belongs to."""
        if team not in self._companies:
            self._companies |= dict(Team.objects.filter(pk=team).values_list("pk", "company"))
        return self._companies.get(team)

    def settle(self, row: PartyTerms) -> None:
        """Fill in what is open."""
        row.owner_id = row.owner_id or self.actor.id
        if row.company_id not in self._currencies:
            self._currencies |= dict(Company.objects.filter(pk=row.company_id).values_list("pk", "currency"))
        row.currency = row.currency or self._currencies[row.company_id]
        if row.team_id is None and row.owner_id:
            row.team_id = self._teams_of(row.owner_id).get(row.company_id)

    def _teams_of(self, owner: UUID) -> dict[UUID, UUID]:
        if owner not in self._teams:
            grants = Grant.objects.filter(user=owner, team__isnull=False).order_by("pk")
            self._teams[owner] = dict(grants.values_list("team__company", "team"))
        return self._teams[owner]


def check_terms(row: PartyTerms, values: Mapping[str, Any], usual: Usual) -> Iterator[Problem]:
    """The rules of one party's terms: a team and a number of that company, days within a year, a currency."""
    limit = values.get("credit_limit")
    if isinstance(limit, Money):
        row.currency = limit.currency
    if row.team_id and usual.company_of(row.team_id) != row.company_id:
        yield Problem("team_elsewhere", N_("This team belongs to another company."), field="team")
    if row.payment_days is not None and not 0 <= row.payment_days <= MOST_DAYS:
        yield Problem(
            "payment_days", N_("Payment days are between 0 and %(most)s."), {"most": MOST_DAYS}, "payment_days"
        )
    if row.number and usual.is_taken(row):
        yield Problem(
            "number_taken",
            N_("The number %(number)s is already in use in this company."),
            {"number": row.number},
            "number",
        )


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

    usual = Usual(actor)

    def prepare(row: PartyTerms, values: Mapping[str, Any]) -> list[Problem]:
        usual.settle(row)
        return list(check_terms(row, values, usual))

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
    usual = Usual(actor)

    def prepare(row: PartyTerms, values: Mapping[str, Any]) -> list[Problem]:
        moved = Problem(
            "terms_stay", N_("Terms stay with their party and company. Add others instead."), field="company"
        )
        return [moved] if (row.party_id, row.company_id) != kept[row.pk] else list(check_terms(row, values, usual))

    with constraints_as_conflict():
        return edit_rows(
            TERMS, actor, rows, given, can=Can.EDIT, code=Act.TERMS_EDITED, event=TermsChanged, locale=locale, versions=versions,
            reason=reason, prepare=prepare, also={"currency"},
        )  # fmt: skip
