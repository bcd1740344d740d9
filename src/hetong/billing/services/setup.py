"""The kinds of bill that administrators set up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify

from hetong.audit.services import add_rows, edit_rows
from hetong.billing.events import Act, TypesAdded, TypesEdited
from hetong.billing.fields import BILL_TYPE
from hetong.billing.models import BillType
from hetong.billing.policy import Can
from hetong.billing.services.numbering import CREDIT_PREFIX, INVOICE_PREFIX
from hetong.billing.services.shipped import TYPES
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Problem
from hetong.kernel.ids import new_id
from hetong.kernel.labels import Labels
from hetong.kernel.rows import insert, locked, write

Given = Mapping[str, Any]
TAKEN = frozenset({CREDIT_PREFIX, INVOICE_PREFIX})


@transaction.atomic
def seed_types() -> int:
    """Add the shipped bill types that are missing; returns how many. What an administrator changed stays."""
    known = set(BillType.objects.values_list("key", flat=True))
    taken = set(BillType.objects.filter(is_default=True).values_list("country", flat=True))
    rows = [
        BillType(
            key=one.key, labels=dict(one.labels), heading=dict(one.heading), note=dict(one.note), country=one.country,
            is_default=one.is_default and one.country not in taken, position=10 * n,
        )
        for n, one in enumerate(TYPES, start=1)
        if one.key not in known
    ]  # fmt: skip
    insert(rows)
    return len(rows)


@transaction.atomic
def add_types(actor: Actor, givens: Sequence[Given], *, locale: str = "", reason: str = "") -> list[BillType]:
    """Add bill types. A default takes the place of the one before for its country."""
    last = BillType.objects.aggregate(last=Max("position"))["last"] or 0
    defaults: set[str] = set()

    def prepare(row: BillType, values: Given) -> Iterable[Problem]:
        row.position = row.position or last + 10
        yield from _problems(row)
        if row.is_default:
            if row.country in defaults:
                yield Problem("default_twice", N_("Two types cannot both be the default."), field="is_default")
            defaults.add(row.country)
            _make_room(row)

    return add_rows(
        BILL_TYPE, actor, givens, can=Can.MANAGE, code=Act.TYPES_ADDED, event=TypesAdded, locale=locale, reason=reason,
        make=_make, prepare=prepare,
    )  # fmt: skip


def _make(values: Given) -> BillType:
    """A type called after its English name; two of one name are told apart."""
    key = slugify(Labels(values["labels"]).text("en"))[:30].replace("-", "_")
    if not key or BillType.objects.filter(key=key).exists():
        key = f"{key or 'type'}_{str(new_id())[-6:]}"
    return BillType(key=key)


@transaction.atomic
def edit_types(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[BillType]:  # fmt: skip
    """Change bill types; invoices that were issued keep what they said."""
    rows = locked(BillType.objects.visible_to(actor), ids)

    def prepare(row: BillType, values: Given) -> Iterable[Problem]:
        row.position = row.position or 0
        yield from _problems(row)
        if row.is_default and len(rows) > 1 and "is_default" in values:
            yield Problem("default_twice", N_("Two types cannot both be the default."), field="is_default")
        elif row.is_default:
            _make_room(row)

    return edit_rows(
        BILL_TYPE, actor, rows, given, can=Can.MANAGE, code=Act.TYPES_EDITED, event=TypesEdited, locale=locale,
        versions=versions, reason=reason, prepare=prepare, also=("position", "country", "heading", "note", "prefix"),
    )  # fmt: skip


def _problems(row: BillType) -> Iterable[Problem]:
    row.country = (row.country or "").upper()
    row.prefix = (row.prefix or "").upper()
    row.heading, row.note = row.heading or {}, row.note or {}
    if row.country and not (len(row.country) == 2 and row.country.isascii() and row.country.isalpha()):
        yield Problem("country", N_("Use the two letters of ISO 3166, such as SE or CN."), field="country")
    if row.prefix and not (row.prefix.isascii() and row.prefix.isalnum() and row.prefix[0].isalpha()):
        yield Problem("prefix", N_("A prefix is made of letters and digits and begins with a letter."), field="prefix")
    if row.prefix and (row.prefix in TAKEN or BillType.objects.filter(prefix=row.prefix).exclude(pk=row.pk).exists()):
        yield Problem("prefix_taken", N_("Other numbers have this prefix: two would be alike."), field="prefix")
    if row.tax_percent is not None and not 0 <= row.tax_percent <= 1_000_000:
        yield Problem("tax_range", N_("A tax rate lies between 0 and 100 %%."), field="tax_rate")
    if row.is_default and not row.is_active:
        yield Problem("default_offered", N_("The default type must be offered."), field="is_active")


def _make_room(row: BillType) -> None:
    """Let the type that was the default until now step back."""
    others = list(BillType.objects.filter(country=row.country, is_default=True).exclude(pk=row.pk))
    for other in others:
        other.is_default = False
    write(others, ("is_default",))
