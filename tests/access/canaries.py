"""A value of its own for every field, planted straight into the rows, and the eyes that find it again in any answer.

Fields are hidden in sets chosen so that for every two fields there is a set with the one hidden and the
other shown: whatever shows a hidden value by way of another field is found too.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Model, TextField

from hetong.accounts.models import FieldRule, PolicyState, Role
from hetong.accounts.testing import forget_access
from hetong.audit.models import Entry
from hetong.audit.services import Change, record_many
from hetong.kernel.actors import Actor, Level
from hetong.kernel.fields import Field, Kind
from hetong.kernel.kept import put
from hetong.kernel.money import Money
from hetong.kernel.nouns import noun, nouns
from hetong.search.services import rebuild

from .samples import Samples

PLANTED = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.MONEY, Kind.DATE})
SHORTEST = 11
"""A text shorter than this (a currency) has no room for a canary."""
CODES = frozenset({
    ("contracts.flag", "state"), ("parties.kind", "key"), ("documents.kind", "key"), ("approvals.round", "noun"),
    ("signing.envelope", "noun"), ("accounts.custom_field", "required_from"),
})  # fmt: skip
"""Texts that the product decides by: another value would be another record."""
SAME: dict[tuple[str, str], tuple[str, str]] = {
    ("documents.document", "file_name"): ("documents.version", "name"),
    ("documents.document", "uploaded_by"): ("documents.version", "by"),
    ("discussions.mention", "author"): ("discussions.comment", "author"),
}
"""Fields that show another noun's column: both are hidden together, and the column is planted once."""
PARTS = frozenset({"invoiced", "settled", "credited", "allocated"})
"""Amounts that are parts of others, which the database keeps within them."""
NAMED_BY = {
    "Line": "line_id", "Instalment": "instalment_id", "Milestone": "milestone_id", "Original": "original_id", "Task": "approval_id",
    "Round": "approval_id", "Envelope": "envelope_id", "Due": "due_id", "Invoice": "invoice_id", "Payment": "payment_id",
    "Comment": "comment_id", "Thread": "thread_id", "Todo": "todo_id",
}  # fmt: skip
"""The argument of an address that names the very record whose page is asked for."""
BITS = 8
"""Binary digits enough to tell all canaries apart."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Canary:
    """One planted value: the field it stands in, what is stored, and every way in which it may be written."""

    noun: str
    field: str
    stored: Any
    written: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.noun, self.field

    def sings_in(self, text: str) -> bool:
        return any(one in text for one in self.written)


def canary(position: int, key: str, one: Field) -> Canary:
    """The value for that field: a word, an amount or a day that occurs nowhere else."""
    if one.kind is Kind.MONEY:
        minor = (3_130_000_00 if one.name in PARTS else 77_130_000_00) + position * 1_000 + 37
        return amount_canary(key, one.name, minor)
    if one.kind is Kind.DATE:
        day = dt.date(2101 + position // 12, position % 12 + 1, 17)
        month = MONTHS[day.month - 1]
        return Canary(key, one.name, day, (f"{day:%Y-%m}", f"17{month}{day.year}", f"17{day:%B}{day.year}"))
    word = f"zq{position:03}xkv"
    return Canary(key, one.name, f"{word}@x.example" if "email" in one.name else word, (word,))


def amount_canary(key: str, name: str, minor: int) -> Canary:
    """An amount in minor units of a currency with two decimals, and how it may be written."""
    return Canary(key, name, minor, (f"{minor}", f"{minor // 100}.{minor % 100:02}"))


def as_kept(planted: Canary) -> Any:
    """The value of a canary as an added field keeps it: an amount has its currency with it."""
    return Money(planted.stored, "SEK") if isinstance(planted.stored, int) else planted.stored


def seen(content: bytes) -> str:
    """What stands in an answer, in small letters, without what separates figures; a workbook is opened."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = b" ".join(archive.read(name) for name in archive.namelist())
    text = content.decode("utf-8", "replace")
    return re.sub(r"(?<=\d)[,\s\u00a0\u202f\u2009](?=\d)|(?<=\d)(?:&nbsp;|&#xA0;|&#160;)(?=\d)", "", text)


def squeezed(content: bytes) -> str:
    """The same without any space or mark-up, for days written as words."""
    return re.sub(r"<[^>]*>|\s|&nbsp;", "", seen(content))


class Aviary:
    """Ada's records of every noun with a canary in each field that can hold one."""

    def __init__(self, samples: Samples, cast: Any) -> None:
        self.samples = samples
        self.role = Role.objects.get(key="sales_rep")
        self.rows = {entry.key: row for entry in nouns() if (row := self._row(entry.model, cast)) is not None}
        self.canaries = list(self._plant())
        for key, row in self.rows.items():
            self._journal(key, row)
        rebuild()  # planted past the services, so search has not heard of them

    def _row(self, model: type[Model], cast: Any) -> Any:
        """A record of Ada's; of people somebody else, as one's own name stands on every page."""
        own = {
            "Contract": self.samples.contract, "Party": self.samples.party, "Document": self.samples.document,
            "User": cast.users["max"], "Company": cast.north, "Team": cast.sales,
            "ContractType": self.samples.contract.type, "Status": self.samples.contract.status, "DocumentKind": self.samples.document.kind,
        }.get(model.__name__)  # fmt: skip
        if own is not None:
            return model._default_manager.get(pk=own.pk)
        at = self.samples.by_argument.get(NAMED_BY.get(model.__name__, ""))
        if model.__name__ == "Round":
            return model._default_manager.get(tasks=at)
        return model._default_manager.get(pk=at) if at else model._default_manager.order_by("pk").first()

    def _plant(self) -> Iterator[Canary]:
        position = 0
        for key, row in self.rows.items():
            planted: dict[str, Canary] = {}
            for one in noun(key).register:
                if not self._has_room(row, key, one):
                    continue
                position += 1
                planted[str(one.path)] = canary(position, key, one)
            if {"net_minor", "tax_minor", "gross_minor"} <= planted.keys() and key.startswith("billing."):
                total = planted["net_minor"].stored + planted["tax_minor"].stored  # the database adds them up, too
                planted["gross_minor"] = amount_canary(key, planted["gross_minor"].field, total)
            if key == "billing.payment":
                row.state = "confirmed"  # only then is anything of it allocated
            for path, one_planted in planted.items():
                setattr(row, path, one_planted.stored)
            added = [canary(position + step, key, one) for step, one in enumerate(self._added(key), 1)]
            position += len(added)
            for one_planted in added:
                put(row, noun(key).register.all()[one_planted.field], as_kept(one_planted))
            row.save()
            yield from (*planted.values(), *added)

    @staticmethod
    def _added(key: str) -> list[Field]:
        """The fields that the house added and that have room for a canary."""
        return [one for one in noun(key).register if one.kept and one.kind in PLANTED]

    @staticmethod
    def _has_room(row: Any, key: str, one: Field) -> bool:
        if one.kind not in PLANTED or not isinstance(one.path, str) or (key, one.name) in CODES or one.load is not None:
            return False
        if one.path not in {f.name for f in row._meta.concrete_fields} or one.choices is not None:
            return False
        column = row._meta.get_field(one.path)
        if one.kind in (Kind.MONEY, Kind.DATE):
            return True
        return isinstance(column, CharField | TextField) and (column.max_length or 999) >= SHORTEST

    @staticmethod
    def _journal(key: str, row: Any) -> None:
        """The journal too has seen these values."""
        code = Entry.objects.filter(noun=key).order_by("-pk").values_list("code", flat=True).first()
        if code is None:
            return
        now = noun(key).register.snapshot([row])[row.pk]
        heading = now.get(noun(key).register.heading) or ""
        label = heading if isinstance(heading, str) else ""
        record_many(Actor.system(), code, [Change(key, row.pk, label, getattr(row, "company_id", None), {}, now)])

    # -- hiding ----------------------------------------------------------------------------------

    def sets(self) -> list[tuple[Canary, ...]]:
        """Sets such that for every two fields one of the sets has the first and not the second."""
        assert len(self.canaries) < 2**BITS
        chosen = [
            tuple(c for index, c in enumerate(self.canaries) if bool(index >> bit & 1) is wanted)
            for bit in range(BITS)
            for wanted in (True, False)
        ]
        return [tuple(self.canaries), *chosen]

    def hide(self, hidden: Collection[Canary], level: Level = Level.HIDDEN) -> None:
        """Close these fields, and those that show the same column, to the role of sales reps."""
        keys = {c.key for c in hidden}
        keys |= {own for own, other in SAME.items() if other in keys}
        FieldRule.objects.filter(role=self.role).delete()
        FieldRule.objects.bulk_create(
            FieldRule(role=self.role, noun=key, field=name, level=level.value) for key, name in sorted(keys)
        )
        PolicyState.objects.get_or_create(pk=1)
        state = PolicyState.objects.get(pk=1)
        state.version += 1
        state.save()
        forget_access()
