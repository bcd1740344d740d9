"""Exceptions from duties kept apart: for a company that has too few people, with a reason and an end."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from hetong.accounts.duties import pair_of
from hetong.accounts.events import AccessChanged, Act
from hetong.accounts.models import Company, DutyWaiver
from hetong.accounts.policy import Can, manages
from hetong.audit.services import record
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Forbidden, NotFound, Problem, refuse
from hetong.kernel.events import Fact
from hetong.kernel.text import clean_line

from .access import hold_policy

LONGEST = timedelta(days=366)


@transaction.atomic
def waive_duty(actor: Actor, pair: str, company_id: UUID, *, reason: str, ends_on: date | None) -> DutyWaiver:
    """Let one person do both halves in a company up to a day, inclusive. Raises `NotFound`, `Forbidden`, `Invalid`."""
    table, company = pair_of(pair), Company.objects.visible_to(actor).filter(pk=company_id).first()
    if company is None:
        raise NotFound(noun="accounts.company")
    if not manages(actor, Can.MANAGE_ROLES, company.pk):
        raise Forbidden(can=Can.MANAGE_ROLES)
    hold_policy()
    kept, today = clean_line(reason, max_length=500), clock.today(company.zone)
    problems = [] if table.may_waive else [Problem("never", N_("No exception can be made from this pair."))]
    if not kept:
        problems.append(Problem("required", N_("Say why, so that others can follow."), field="reason"))
    if ends_on is None:
        problems.append(Problem("required", N_("Say until which day it holds."), field="ends_on"))
    elif not today <= ends_on <= today + LONGEST:
        problems.append(
            Problem("odd_day", N_("The last day lies between today and a year from today."), field="ends_on")
        )
    if DutyWaiver.objects.filter(pair=pair, company=company, ends_on__gte=today).exists():
        problems.append(Problem("twice", N_("An exception holds in this company already. End that one first.")))
    refuse(problems)
    waiver = DutyWaiver(
        pair=pair, company=company, reason=kept, by_label=actor.label[:200], at=clock.now(), ends_on=ends_on or today
    )
    waiver.save(force_insert=True)
    record(
        actor, Act.DUTY_WAIVED, "accounts.company", company.pk, label=company.name, company=company.pk, reason=kept,
        pair=pair, until=waiver.ends_on.isoformat(),
    )  # fmt: skip
    publish(AccessChanged(actor, (Fact("accounts.company", company.pk, company.pk),)))
    return waiver


@transaction.atomic
def end_waiver(actor: Actor, id: UUID) -> DutyWaiver:
    """End an exception: from now on two people are needed again. Raises `NotFound`, `Forbidden`."""
    waiver = DutyWaiver.objects.select_related("company").filter(pk=id).first()
    companies = actor.companies()
    if waiver is None or (companies is not None and waiver.company_id not in companies):
        raise NotFound(noun="accounts.duty_waiver")
    if not manages(actor, Can.MANAGE_ROLES, waiver.company_id):
        raise Forbidden(can=Can.MANAGE_ROLES)
    today = clock.today(waiver.company.zone)
    if waiver.ends_on >= today:
        waiver.ends_on = today - timedelta(days=1)
        waiver.save(update_fields=["ends_on"])
        record(
            actor, Act.DUTY_KEPT, "accounts.company", waiver.company_id, label=waiver.company.name, company=waiver.company_id,
            pair=waiver.pair,
        )  # fmt: skip
        publish(AccessChanged(actor, (Fact("accounts.company", waiver.company_id, waiver.company_id),)))
    return waiver
