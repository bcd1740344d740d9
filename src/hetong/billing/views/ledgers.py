"""The rows and sums of the Money tab. Reads registers only; what is hidden stays out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from hetong.billing.models import Allocation, Due, InvoiceLine
from hetong.billing.states import DueKind, InvoiceKind, PaymentState
from hetong.billing.views.stages import Amounts, Line, Page, Posted
from hetong.billing.views.wording import say, tiles_of
from hetong.kernel.actors import Actor
from hetong.kernel.explain import Explained
from hetong.kernel.fields import Row
from hetong.kernel.money import Money
from hetong.kernel.nouns import noun
from hetong.kernel.rounding import round_half_up
from hetong.ui.explaining import why
from hetong.ui.values import day_words


def posted(actor: Actor, contract_id: UUID) -> Posted:
    """Three statements over the contract's invoice lines, allocations and stored explanations."""
    net: dict[UUID, int] = {}
    gross: dict[UUID, int] = {}
    on: dict[UUID, list[UUID]] = {}
    lines = InvoiceLine.objects.visible_to(actor).filter(due__contract=contract_id).order_by("invoice")
    told = lines.values_list("due", "invoice", "invoice__kind").annotate(Sum("net_minor"), Sum("gross_minor"))
    for due, invoice, kind, of_net, of_gross in told:
        sign = -1 if kind == InvoiceKind.CREDIT_NOTE else 1
        net[due] = net.get(due, 0) + sign * of_net
        gross[due] = gross.get(due, 0) + sign * of_gross
        on.setdefault(due, []).append(invoice)
    parts = Allocation.objects.visible_to(actor).filter(
        due__contract=contract_id, payment__state=PaymentState.CONFIRMED
    )
    live = parts.filter(reverses=None, reversed_by=None).order_by()
    last = dict(live.values_list("due").annotate(last=Max("payment__on")))
    stored = Due.objects.visible_to(actor).filter(contract=contract_id).values_list("pk", "explanation")
    return Posted(net, gross, on, last, dict(stored))


def build(
    actor: Actor, contract: Row, dues: Sequence[Row], invoices: Sequence[Row], *, today: dt.date, is_net: bool
) -> Page:
    """The table and tiles of a contract's dues, excluding tax (``is_net``) or including it."""
    facts = posted(actor, contract.id)
    shown = {one.id: one for one in invoices}
    rows = [_line(actor, n, due, facts, shown, today, is_net=is_net) for n, due in enumerate(dues, start=1)]
    currency = next((str(due["currency"]) for due in dues if due.get("currency")), str(contract.get("currency") or ""))
    sums = sums_of(rows, currency)
    reads = bool(rows) and sums is not None
    tiles = tiles_of(rows, sums, contract, facts, today, is_net=is_net) if sums is not None and rows else []
    return Page(currency, is_net, reads, rows, sums, tiles)


def _line(
    actor: Actor, position: int, due: Row, facts: Posted, invoices: Mapping[UUID, Row], today: dt.date, *, is_net: bool
) -> Line:
    one = Line(due, position, amounts_of(due, facts, is_net=is_net), on=due.get("on"))
    one.about = _period(due)
    one.invoices = [_on_invoice(invoices[id]) for id in facts.on.get(due.id, ()) if id in invoices]
    say(one, today)
    last = facts.last.get(due.id)
    if last is not None and one.has_received:
        is_part = one.sums is not None and one.sums.received < one.sums.planned
        one.received_note = _("%(day)s, part") % {"day": day_words(last)} if is_part else day_words(last)
    if one.sums is not None and facts.explained.get(due.id):
        one.why = _why(actor, due, facts.explained[due.id])
    return one


def amounts_of(due: Row, facts: Posted, *, is_net: bool) -> Amounts | None:
    """A stage's amounts. Without tax, what was received counts by the stage's own share of tax."""
    gross, net, settled = due.get("gross"), due.get("net"), due.get("settled")
    if gross is None or net is None or settled is None:
        return None
    currency = gross.currency
    invoiced = Money(facts.net.get(due.id, 0) if is_net else facts.gross.get(due.id, 0), currency)
    whole = facts.gross.get(due.id, 0)
    if is_net:
        share = (facts.net.get(due.id, 0), whole) if whole else (net.minor, gross.minor)
        received = Money(round_half_up(settled.minor * share[0], share[1]) if share[1] else 0, currency)
    else:
        received = settled
    left = invoiced - received
    return Amounts(net if is_net else gross, invoiced, received, left if left.minor > 0 else Money.zero(currency))


def _period(due: Row) -> str:
    starts, ends = due.get("service_from"), due.get("service_to")
    if starts and ends:
        return _("%(starts)s to %(ends)s") % {"starts": day_words(starts), "ends": day_words(ends)}
    return ""


def _on_invoice(invoice: Row) -> dict[str, Any]:
    due_on, corrects = invoice.get("due_on"), invoice.get("corrects")
    note = _("due %(day)s") % {"day": day_words(due_on)} if due_on else ""
    return {"title": invoice.title, "url": invoice.url, "note": _("credit note") if corrects else note}


def _why(actor: Actor, due: Row, stored: Mapping[str, Any]) -> dict[str, Any] | None:
    """The steps that led to the stage's amount, without what the reader may not read."""
    registers = [noun(key).register for key in ("contracts.contract", "contracts.line", "billing.due")]

    def readable(name: str) -> bool:
        known = [one for one in registers if name in one.all()]
        return all(one.level(actor, name, due.company) > 0 for one in known)

    explained = Explained[Money].from_json(stored).visible_for(readable)
    return why(
        explained, actor.language, subject=due.title, sentence=_("The stage’s share of the contract, tax included.")
    )


def sums_of(rows: Sequence[Line], currency: str) -> Amounts | None:
    """What the stages add up to; what is only invoiced is not planned twice. None where something is hidden."""
    told = [one.sums for one in rows if one.sums is not None]
    if not currency or len(told) < len(rows):
        return None
    zero = Money.zero(currency)
    whole = sum(told, Amounts(zero, zero, zero, zero))
    only_invoiced = [
        one.sums for one in rows if one.sums and getattr(one.row.get("kind"), "code", "") == DueKind.INVOICE
    ]
    if not only_invoiced:
        return whole
    planned = whole.planned - sum(only_invoiced, Amounts(zero, zero, zero, zero)).planned
    left = whole.invoiced - whole.received  # by an invoice plan of its own, what is open shows only over all
    return Amounts(planned, whole.invoiced, whole.received, left if left.minor > 0 else zero)
