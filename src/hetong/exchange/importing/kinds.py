"""The kinds of file that can be imported, each with the columns it may have; all of them read from the registers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from hetong.billing.fields import INVOICE, PAYMENT, words
from hetong.contracts.fields import CONTRACT, INSTALMENT, LINE
from hetong.contracts.fields.words import STAGES as STAGE_WORDS
from hetong.contracts.states import Stage
from hetong.kernel.errors import N_, NotFound
from hetong.kernel.fields import Choice, Field, Register, Text
from hetong.kernel.fields import Kind as FieldKind
from hetong.parties.fields import CONTACT, PARTY

from .aliases import ALIASES

LANGUAGES = ("en", "sv", "zh-hans", "zh-hant")
LINE_PART, PLAN_PART = "line", "plan"


@dataclass(frozen=True)
class Column:
    """What a column of a file may mean: a field of the register, or something that is said of the record beside it.

    ``part``: the row that hangs on the record (a contract's line or stage of its plan); empty for the record itself.
    ``one``: how a cell is read. A reference is named in words, and found by the service.
    """

    name: str
    one: Field
    part: str = ""
    required: bool = False

    @property
    def label(self) -> Text:
        return self.one.label

    @property
    def kind(self) -> FieldKind:
        return self.one.kind

    def names(self, kind: str) -> list[str]:
        """What files call it: its label in every language, and the further names that are known."""
        known = (*ALIASES.get((kind, self.name), ()), *ALIASES.get(("", self.name), ()), self.name.replace("_", " "))
        return list(dict.fromkeys((*known, *self.labels())))

    def labels(self) -> list[str]:
        """What our own lists call it, in every language."""
        found = []
        for language in LANGUAGES:
            with translation.override(language):
                found.append(f"{self.part} {self.one.label}" if self.part else str(self.one.label))
        return found


@dataclass(frozen=True)
class Kind:
    """One kind of import. ``keys``: groups of fields by which a record may be known again, the best first."""

    key: str
    label: Text
    noun: str
    registers: Mapping[str, Register]
    """By part: the record's own under the empty name."""
    left_out: frozenset[str] = frozenset()
    more: tuple[Column, ...] = ()
    keys: tuple[tuple[str, ...], ...] = ()
    needs: tuple[str, ...] = ()
    """Columns without which no row can be in, beyond what the register requires."""
    one_of: tuple[tuple[str, ...], ...] = field(default_factory=tuple)
    """Groups of columns of which one has to be there."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column, fields that administrators added included; what has to be there first."""
        found = {c.name: c for c in self.more}
        for part, register in self.registers.items():
            for one in register.all().values():
                name = f"{part}.{one.name}" if part else one.name
                if one.write and name not in self.left_out and name not in found:
                    found[name] = Column(name, one, part, name in self.needs)
        return tuple(sorted(found.values(), key=lambda c: (not c.required, bool(c.part))))

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((c for c in self.columns if c.name == name), None)

    def by_name(self) -> dict[str, Column]:
        """The columns by name."""
        return {c.name: c for c in self.columns}

    def missing(self, mapped: Iterable[str]) -> list[str]:
        """The columns that are needed and that nothing was mapped to; of a group, its first."""
        given = set(mapped)
        needed = [name for name in self.needs if name not in given]
        return needed + [group[0] for group in self.one_of if not given & set(group)]


def _also(name: str, label: Any, kind: FieldKind = FieldKind.TEXT, part: str = "", **more: Any) -> Column:
    return Column(name, Field(name.rpartition(".")[2], label, kind, **more), part)


STAGES: Mapping[str, Text] = {one.value: STAGE_WORDS[one] for one in (Stage.DRAFT, Stage.ACTIVE, Stage.CLOSED)}
"""What a contract may come in as; other than drafts are adopted."""
FLOWS: Mapping[str, Text] = {"in": _("Money in"), "out": _("Money out")}


def _flows() -> Sequence[Choice]:
    """The directions of money, as files say it and as our own lists export it."""
    return [*_offered(FLOWS)(), *words.offered(words.FLOWS)]


def _offered(words: Mapping[str, Text]) -> Callable[[], Sequence[Choice]]:
    return lambda: [Choice(code, label) for code, label in words.items()]


KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "parties", _("Customers & suppliers"), "parties.party", {"": PARTY},
            left_out=frozenset({"company", "parent"}), needs=("name",),
            keys=(("registration_number",), ("vat_number",), ("number",), ("name",)),
        ),
        Kind(
            "contacts", _("Contact persons"), "parties.contact", {"": CONTACT},
            left_out=frozenset({"party", "is_active"}),
            more=(
                _also("party", _("Party"), max_length=200),
                _also("party_number", _("Number of the party"), max_length=60),
            ),
            needs=("name",), one_of=(("party", "party_number"),),
            keys=(("party_number", "email"), ("party", "email"), ("party_number", "name"), ("party", "name")),
        ),
        Kind(
            "contracts", _("Contracts"), "contracts.contract", {"": CONTRACT, LINE_PART: LINE, PLAN_PART: INSTALMENT},
            left_out=frozenset({
                "company", "counterparty", "line.contract", "line.position", "plan.contract", "plan.position", "plan.milestone",
                "plan.stated", "plan.kind",
            }),
            more=(
                _also("number", _("No."), max_length=40),
                _also("counterparty", _("Counterparty"), max_length=200),
                _also("counterparty_number", _("Number of the counterparty"), max_length=60),
                _also("value", _("Value"), FieldKind.MONEY),
                _also("stage", _("Stage"), FieldKind.CHOICE, choices=_offered(STAGES)),
            ),
            needs=("title",), one_of=(("counterparty", "counterparty_number"),),
            keys=(("number",), ("reference",)),
        ),
        Kind(
            "invoices", _("Invoices"), "billing.invoice", {"": INVOICE},
            more=(
                _also("contract", _("Contract no."), max_length=80),
                _also("number", _("Invoice no."), max_length=60),
                _also("gross", _("Amount"), FieldKind.MONEY),
                _also("issued_on", _("Issued on"), FieldKind.DATE),
                _also("due_on", _("Due"), FieldKind.DATE),
                _also("kind", _("Kind"), max_length=80, choices=lambda: words.offered(words.INVOICE_KINDS)),
                _also("payment_reference", _("Payment reference"), max_length=60),
                _also("note", _("Note"), FieldKind.LONG_TEXT),
            ),
            needs=("contract", "number", "gross", "issued_on"), keys=(("number", "contract"),),
        ),
        Kind(
            "payments", _("Payments"), "billing.payment", {"": PAYMENT},
            more=(
                _also("contract", _("Contract no."), max_length=80),
                _also("invoice", _("Invoice no."), max_length=60),
                _also("amount", _("Amount"), FieldKind.MONEY),
                _also("on", _("Paid on"), FieldKind.DATE),
                _also("direction", _("Direction"), FieldKind.CHOICE, choices=_flows),
                _also("state", _("State"), max_length=80, choices=words.payment_states),
                _also("reference", _("Reference"), max_length=120),
                _also("note", _("Note"), max_length=500),
            ),
            needs=("amount", "on"), one_of=(("contract", "invoice"),), keys=(("reference",),),
        ),
    )
}  # fmt: skip
"""By key, as `hetong import` and the wizard name them."""

NO_KIND = N_("There is no such kind of import.")


def kind_of(key: str) -> Kind:
    """The kind. Raises `NotFound`."""
    if key not in KINDS:
        raise NotFound(kind=key)
    return KINDS[key]
