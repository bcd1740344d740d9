"""A contract's record on paper: what was agreed, planned, decided, signed and paid, as one reader may see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hetong.accounts.fields import COMPANY
from hetong.accounts.models import Company
from hetong.approvals.fields import TASK
from hetong.audit.policy import Can as Audit
from hetong.billing.fields import DUE, INVOICE, PAYMENT
from hetong.billing.policy import Can as Billing
from hetong.contracts.fields import CONTRACT, INSTALMENT, LINE, MILESTONE, ORIGINAL
from hetong.contracts.fields.words import STAGES
from hetong.contracts.models import StageMove
from hetong.contracts.queries import find_moves, get_contract
from hetong.contracts.queries.content import content_hashes
from hetong.documents.fields import VERSION
from hetong.documents.policy import Can as Documents
from hetong.exchange.queries.record import PARTS
from hetong.files.typeset.writing import Pen, entry, frame, paper_language
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind, Register
from hetong.kernel.money import Money
from hetong.kernel.values import is_unnamed
from hetong.parties.fields import PARTY
from hetong.parties.models import Party
from hetong.signing.fields import ENVELOPE, SIGNATORY

RIGHT = frozenset({Kind.MONEY, Kind.NUMBER, Kind.PERCENT})
TERMS = (
    "type", "class", "owner", "starts_on", "ends_on", "signature", "signed_on", "effective_on", "terminated_on", "term",
    "committed_until", "notice", "notice_by", "payment_days", "currency", "prices_include_tax", "project", "parent", "reference",
    "archive_no", "archive_place", "keep_until",
)  # fmt: skip
AMOUNTS = ("net", "tax", "gross", "invoiced", "received", "open")


@dataclass(frozen=True)
class Table:
    """One table of the paper: its title, the register and part that fill it, and which fields stand in which column."""

    title: str | Promise
    register: Register
    part: str
    names: Sequence[str]
    can: str = ""


TABLES: tuple[Table, ...] = (
    Table(gettext_lazy("Lines"), LINE, "lines",
          ("title", "part_no", "serial_no", "quantity", "unit", "unit_price", "discount", "tax_rate", "net")),
    Table(gettext_lazy("Plan"), INSTALMENT, "instalments", ("title", "kind", "percent", "amount", "trigger", "on", "milestone")),
    Table(gettext_lazy("Milestones"), MILESTONE, "milestones", ("title", "due_on", "reached_on", "note")),
    Table(gettext_lazy("Approvals"), TASK, "approvals",
          ("number", "opened_by", "assignee", "state", "decided_by", "decided_at", "comment")),
    Table(gettext_lazy("Signing"), SIGNATORY, "signatories", ("side", "name", "capacity", "signed_on")),
    Table(gettext_lazy("Dues"), DUE, "dues", ("title", "on", "due_on", "condition", "gross", "invoiced", "settled"), Billing.VIEW),
    Table(gettext_lazy("Invoices"), INVOICE, "invoices", ("number", "kind", "issued_on", "due_on", "gross", "credited", "settled"),
          Billing.VIEW),
    Table(gettext_lazy("Payments"), PAYMENT, "payments", ("on", "direction", "state", "method", "reference", "amount"), Billing.VIEW),
    Table(gettext_lazy("Originals on paper"), ORIGINAL, "originals", ("copy_no", "stamped_on", "stamped_by", "place", "lent_to")),
)  # fmt: skip
_ROWS = {part.name: part.rows for part in PARTS}


def record_facts(actor: Actor, id: UUID, *, language: str = "", day: dt.date | None = None) -> dict[str, Any]:
    """The contract's record as the template takes it, with only what the actor may read. Raises `NotFound`.

    ``language``: the reader's where none is given; ``day``: the day that it says it is of, today by default.
    """
    contract = get_contract(actor, id)
    company = contract.company
    pen = Pen(paper_language(language or actor.language))
    with translation.override(pen.language):
        row = CONTRACT.show(actor, [contract])[0]
        ours = _ours(actor, pen, company)
        foot = [[ours["name"], pen.listed(ours["lines"])], ours["numbers"]]
        today = day or clock.today(company.zone)
        number = str(row.values.get("number") or "")
        return {
            **frame(pen, title=f"{row.title} {number}".strip(), author=ours["name"], day=today, foot=foot),
            "heading": _("Contract record"),
            "name": row.title,
            "number": number or _("no number yet"),
            "stage": pen.words(row.values.get("stage")),
            "as_of": _("As of %(day)s; times in %(zone)s.") % {"day": pen.day(today), "zone": company.zone},
            "ours": ours,
            "theirs": _theirs(actor, pen, row.values),
            "terms": _entries(pen, row.values, TERMS, company.zone),
            "amounts": _entries(pen, row.values, AMOUNTS, company.zone),
            "summary": str(row.values.get("summary") or ""),
            "tables": [table for one in TABLES if (table := _table(actor, pen, one, id, company.zone))]
            + [
                table
                for table in (_moves(actor, pen, id, company.zone), _papers(actor, pen, id, company.zone))
                if table
            ],
            "hashes": _hashes(actor, id),
        }


def _ours(actor: Actor, pen: Pen, company: Company) -> dict[str, Any]:
    """Our company as the reader may see it."""
    names = ("name", "local_name", "address", "org_no", "tax_no")
    shown = COMPANY.show(actor, [company], names)[0].values
    texts = {name: str(shown.get(name) or "") for name in names}
    name, other = pen.name(texts["name"] or "–", texts["local_name"])
    lines = [line for line in (other, *texts["address"].splitlines()) if line]
    return {"label": _("Our company"), "name": name, "lines": lines, "numbers": [texts["org_no"], texts["tax_no"]]}


def _theirs(actor: Actor, pen: Pen, values: Mapping[str, Any]) -> dict[str, Any]:
    """The counterparty by the name that the contract shows; more of it only for who sees the party itself."""
    found = values.get("counterparty")
    named = found.title if found is not None else ""
    names = ("name", "local_name", "address_lines", "postal_code", "city")
    parties = Party.objects.visible_to(actor).filter(pk__in=[found.id] if found is not None else [])
    texts = dict.fromkeys(names, "")
    for row in PARTY.show(actor, parties, names):
        texts |= {name: pen.words(row.values.get(name)) for name in names}
    name, other = pen.name(texts["name"] or named or "–", texts["local_name"])
    town = " ".join(part for part in (texts["postal_code"], texts["city"]) if part)
    lines = [line for line in (other, *texts["address_lines"].splitlines(), town) if line]
    return {"label": _("Counterparty"), "name": name, "lines": lines}


def _entries(pen: Pen, values: Mapping[str, Any], names: Iterable[str], zone: str) -> list[dict[str, Any]]:
    fields = CONTRACT.all()
    rows = [entry(str(fields[name].label), pen.words(values[name], zone)) for name in names if name in values]
    return [row for row in rows if row["value"]]


# -- tables --------------------------------------------------------------------------------------


def _table(actor: Actor, pen: Pen, table: Table, id: UUID, zone: str) -> dict[str, Any] | None:
    if table.can and not actor.may(table.can):
        return None
    rows: QuerySet[Any] = _ROWS[table.part](actor, id)
    shown = table.register.show(actor, rows, table.names)
    if not shown:
        return None
    fields = table.register.all()
    used = [fields[name] for name in table.names if any(pen.words(row.values.get(name), zone) for row in shown)]
    currency = _one_currency(row.values.get(one.name) for row in shown for one in used)
    return {
        "title": str(table.title),
        "heads": [_head(one, currency) for one in used],
        "sides": ["text" if one is used[0] else "right" if one.kind in RIGHT else "left" for one in used],
        "rows": [[_cell(pen, one, row.values.get(one.name), currency, zone) for one in used] for row in shown],
    }


def _one_currency(values: Iterable[Any]) -> str:
    """The currency of all amounts in a table, which then stands in the heads; empty where there are several."""
    found = {value.currency for value in values if isinstance(value, Money)}
    return found.pop() if len(found) == 1 else ""


def _head(one: Field, currency: str) -> str:
    return f"{one.label}, {currency}" if one.kind is Kind.MONEY and currency else str(one.label)


def _cell(pen: Pen, one: Field, value: Any, currency: str, zone: str) -> str:
    if isinstance(value, Money) and currency:
        return pen.amount(value.minor, value.currency)
    if one.kind is Kind.PERCENT and value is not None:
        return pen.percent(value.units) if hasattr(value, "units") else pen.words(value, zone)
    return pen.words(value, zone)


def _moves(actor: Actor, pen: Pen, id: UUID, zone: str) -> dict[str, Any] | None:
    """How the contract went from stage to stage; who and why for those who read histories and people's names."""
    moves = find_moves(actor, id)
    if not moves:
        return None
    told: list[tuple[str, Callable[[StageMove], str]]] = [
        (_("When"), lambda one: pen.instant(one.at, zone)),
        (_("From"), lambda one: str(STAGES.get(one.from_stage, "–"))),
        (_("To"), lambda one: str(STAGES.get(one.to_stage, "–"))),
    ]
    if actor.is_system or actor.may(Audit.VIEW_HISTORY):
        told += [] if is_unnamed("accounts.user", actor) else [(_("Who"), lambda one: one.actor_label)]
        told.append((_("Reason"), lambda one: one.reason))
    rows = [[say(one) for _head, say in told] for one in moves]
    sides = ["left"] * (len(told) - 1) + ["text"]
    return {"title": _("Stages"), "heads": [head for head, _say in told], "sides": sides, "rows": rows}


def _papers(actor: Actor, pen: Pen, id: UUID, zone: str) -> dict[str, Any] | None:
    """Every version of every document with the hash of its content, so that a file can be recognised."""
    if not actor.may(Documents.VIEW):
        return None
    versions = list(_ROWS["versions"](actor, id).select_related("document"))
    if not versions:
        return None
    rows = [
        [one.document.title, str(one.number or "–"), one.name, pen.instant(one.at, zone), one.sha256]
        for one in versions
    ]
    fields = VERSION.all()
    heads = [_("Document"), str(fields["number"].label), _("File"), _("When"), "SHA-256"]
    return {"title": _("Documents"), "heads": heads, "sides": ["text", "right", "text", "left", "hash"], "rows": rows}


def _hashes(actor: Actor, id: UUID) -> list[dict[str, Any]]:
    """What ties the paper to what was approved and signed."""
    rows = [entry(_("Content now"), content_hashes([id])[id])]
    for one in ENVELOPE.show(actor, _ROWS["envelopes"](actor, id), ("content_hash", "text_sha256", "signed_sha256")):
        rows = rows[:1]
        for name in ("content_hash", "text_sha256", "signed_sha256"):
            if one.values.get(name):
                rows.append(entry(str(ENVELOPE.all()[name].label), str(one.values[name])))
    return rows
