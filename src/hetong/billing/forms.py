"""The forms of money: amounts and days as their reader writes them, and what an amount is for, row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hetong.billing.fields.words import FLOWS, METHODS
from hetong.billing.services.errors import PaymentAlike
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, DomainError, Invalid, Problem
from hetong.kernel.money import PLACES, Money
from hetong.kernel.numerals import format_number, parse_date, parse_money
from hetong.ui.forms import ActForm
from hetong.ui.forms.controls import currency_choices, picker
from hetong.ui.forms.options import find_options, titles_of

T = TypeVar("T")
NEEDED = N_("This is needed.")
NOTHING_CHOSEN = N_("Choose at least one row.")
NO_PARTY = N_("There is no such record, or you have no access to it.")


def day_input() -> forms.Widget:
    """A day, as the browser asks for it."""
    return forms.DateInput(attrs={"type": "date", "min": "1900-01-01", "max": "2200-12-31"})


def amount_input(currency: str = "") -> forms.Widget:
    """An amount whose currency stands before it."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"})
    widget.prefix = currency  # type: ignore[attr-defined]  # read by the template
    return widget


def line_input(**more: str) -> forms.Widget:
    """A line of text over the whole width of the form."""
    widget = forms.TextInput(attrs={"autocomplete": "off", **more})
    widget.wide = True  # type: ignore[attr-defined]  # read by the template
    return widget


def typed_amount(amount: Money, language: str) -> str:
    """An amount as it stands in its input: without its currency, in the reader's notation."""
    return format_number(amount.amount, language, decimals=PLACES[amount.currency])


@dataclass(frozen=True)
class Target:
    """What an amount may be for: a due or an invoice. ``left`` is None where the reader reads no amounts."""

    key: str
    """``due`` or ``invoice``."""
    id: UUID
    title: str
    context: str
    currency: str
    left: Money | None
    is_chosen: bool = False
    tone: str = ""
    """``late`` or nothing."""
    when: str = ""

    @property
    def name(self) -> str:
        return f"{self.key}_{self.id.hex}"


class MoneyForm(ActForm):
    """A form whose amounts and days are read in the reader's notation; every problem is named at once."""

    def __init__(self, data: Any = None, *, actor: Actor, currency: str, **more: Any) -> None:
        super().__init__(data, **more)
        self.actor, self.currency = actor, currency
        self.problems: list[Problem] = []

    def text(self, name: str) -> str:
        """What was typed, without the blanks around it."""
        return str(self.data.get(self.add_prefix(name)) or "").strip()

    def needed_day(self, name: str) -> dt.date:
        """The day that must be there; what stands for one that is missing is never used, for `check` refuses."""
        return self.day(name, required=True) or dt.date.min

    def minor(self, name: str, *, required: bool = False) -> int | None:
        """The amount in minor units; None where nothing was typed. A problem is kept for `check`."""
        found = self._read(name, lambda text: parse_money(text, self.actor.language, self.currency), required)
        if found is not None and found.minor <= 0:
            self.problems.append(Problem("not_positive", N_("The amount must be more than zero."), field=name))
            return None
        return found.minor if found is not None else None

    def day(self, name: str, *, required: bool = False) -> dt.date | None:
        """The day; None where nothing was typed. A problem is kept for `check`."""
        return self._read(name, lambda text: parse_date(text, self.actor.language), required)

    def _read(self, name: str, read: Callable[[str], T], required: bool) -> T | None:
        text = self.text(name)
        if not text:
            if required:
                self.problems.append(Problem("required", NEEDED, field=name))
            return None
        try:
            return read(text)
        except DomainError as refused:
            self.problems.append(Problem(refused.code, refused.text, refused.params, name))
            return None

    def check(self) -> None:
        """Raise `Invalid` with every problem found so far."""
        problems, self.problems = self.problems, []
        if problems:
            raise Invalid(problems=problems)

    def refuse(self, error: DomainError) -> None:
        """As `ActForm`; what a row is refused for stands beside its amount."""
        super().refuse(error)
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"


class PicksForm(MoneyForm):
    """Which dues or invoices, and how much of each: an empty amount means all that is left."""

    def __init__(self, data: Any = None, *, targets: Sequence[Target], **more: Any) -> None:
        super().__init__(data, **more)
        self.targets = list(targets)
        for one in self.targets:
            self.fields[f"pick_{one.name}"] = forms.BooleanField(label=one.title, required=False, initial=one.is_chosen)
            field = forms.CharField(label=one.title, required=False, widget=amount_input(one.currency))
            if one.left is not None:
                field.widget.attrs["placeholder"] = typed_amount(one.left, self.actor.language)
            self.fields[f"amount_{one.name}"] = field

    @property
    def picks(self) -> list[dict[str, Any]]:
        """The rows as the page draws them."""
        return [
            {"target": one, "pick": self[f"pick_{one.name}"], "amount": self[f"amount_{one.name}"]}
            for one in self.targets
        ]

    def chosen(self) -> list[tuple[Target, int | None]]:
        """The ticked rows (and those an amount was typed for), each with its amount or None for all that is left."""
        found = []
        for one in self.targets:
            amount = self.minor(f"amount_{one.name}")
            if amount is not None or self.text(f"pick_{one.name}"):
                found.append((one, amount))
        return found

    def plain_fields(self) -> list[Any]:
        """The fields that are no rows."""
        return [self[name] for name in self.fields if not name.startswith(("pick_", "amount_"))]

    def sections(self) -> list[dict[str, Any]]:
        return [{"legend": _("Details"), "fields": self.plain_fields(), "bare": True}]


class IssueForm(PicksForm):
    """An invoice to issue: what it bills, as which type, from when and until when."""

    bill_type = forms.ChoiceField(label=_("Bill type"), required=False)
    issued_on = forms.CharField(label=_("Invoice date"), required=False, widget=day_input())
    due_on = forms.CharField(
        label=_("Due date"), required=False, widget=day_input(), help_text=_("Empty: as the contract says.")
    )
    their_reference = forms.CharField(label=_("Their reference"), required=False, max_length=120)
    our_reference = forms.CharField(label=_("Our reference"), required=False, max_length=120)
    order_no = forms.CharField(label=_("Their order no."), required=False, max_length=80)
    note = forms.CharField(label=_("Note on the invoice"), required=False, max_length=2000, widget=line_input())

    def __init__(self, data: Any = None, *, bill_types: Iterable[tuple[str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        offered = list(bill_types)
        self.known_types = {code for code, _label in offered}
        self.fields["bill_type"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField, see above

    def words(self) -> dict[str, str]:
        """The texts of the invoice, for the service."""
        return {name: self.text(name) for name in ("their_reference", "our_reference", "order_no", "note")}


class ReceiveForm(PicksForm):
    """A supplier's invoice that has come in."""

    number = forms.CharField(label=_("Supplier’s invoice number"), max_length=60)
    issued_on = forms.CharField(label=_("Invoice date"), widget=day_input())
    due_on = forms.CharField(label=_("Due date"), widget=day_input())
    file = forms.FileField(label=_("The invoice as a file"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=line_input())


class CreditForm(MoneyForm):
    """A credit note: how much, and why."""

    amount = forms.CharField(
        label=_("Amount to credit, with tax"), required=False, help_text=_("Empty: all that is left of the invoice.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))
    number = forms.CharField(label=_("Number of the supplier’s credit note"), max_length=60)

    def __init__(self, data: Any = None, *, is_received: bool, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["amount"].widget = amount_input(self.currency)
        if not is_received:
            del self.fields["number"]


class PaymentForm(PicksForm):
    """Money that came in or went out, and what it is for."""

    amount = forms.CharField(label=_("Amount"))
    on = forms.CharField(label=_("Day of payment"), widget=day_input())
    method = forms.ChoiceField(label=_("How"), required=False)
    reference = forms.CharField(label=_("Bank reference"), required=False, max_length=120)
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=line_input())
    is_another = forms.BooleanField(label=_("This is another payment of the same amount"), required=False)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.is_doubted = bool(self.text("is_another"))
        self.fields["amount"].widget = amount_input(self.currency)
        self.fields["method"].choices = [("", "–"), *METHODS.items()]  # type: ignore[attr-defined]  # a ChoiceField, see above

    def plain_fields(self) -> list[Any]:
        return [one for one in super().plain_fields() if one.name != "is_another" or self.is_doubted]

    def must_be_another(self, is_known: bool) -> None:
        """Ask once whether a payment like one that is known is another one. Raises `PaymentAlike`."""
        if is_known and not self.is_doubted:
            self.is_doubted = True
            raise PaymentAlike()

    def shares(self, amount: int | None) -> list[tuple[Target, int]]:
        """How the amount goes over the chosen rows, in their order; a row without an amount takes what it needs."""
        return spread(self.chosen(), amount or 0)


class AccountForm(PaymentForm):
    """Money that moved with a party and belongs to no contract yet."""

    direction = forms.ChoiceField(label=_("Direction"), choices=lambda: [(code, word) for code, word in FLOWS.items()])
    party = forms.CharField(label=_("Party"))
    company = forms.ChoiceField(label=_("Our company"))
    currency_code = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    field_order = (
        "direction",
        "party",
        "company",
        "currency_code",
        "amount",
        "on",
        "method",
        "reference",
        "note",
        "is_another",
    )

    def __init__(self, data: Any = None, *, companies: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(data, targets=(), **more)
        self.fields["party"].widget = picker("parties.party", None)
        self.fields["company"].choices = list(companies)  # type: ignore[attr-defined]  # a ChoiceField, see above
        self.fields["amount"].widget = amount_input()
        self.known_companies = {code for code, _name in companies}

    def party_id(self) -> UUID | None:
        """The party that was picked, or the one that the typed words mean; else a problem is kept."""
        typed = self.text("party")
        found = _options(self.actor, typed) if typed else []
        if len(found) == 1:
            return found[0]
        self.problems.append(Problem("no_such_record", NO_PARTY, field="party"))
        return None

    def typed_company(self) -> UUID | None:
        """Our company, where one of those offered was chosen or is the only one."""
        chosen = self.text("company") or (min(self.known_companies) if len(self.known_companies) == 1 else "")
        return UUID(chosen) if chosen in self.known_companies else None

    def company_id(self) -> UUID | None:
        """Our company; a problem is kept where none was chosen."""
        if self.text("company") and (found := self.typed_company()) is not None:
            return found
        self.problems.append(Problem("required", NEEDED, field="company"))
        return None


def _options(actor: Actor, typed: str) -> list[UUID]:
    """The parties that an id or words mean to this reader."""
    try:
        return list(titles_of(actor, "parties.party", [UUID(typed)]))
    except ValueError:
        return [one.id for one in find_options(actor, "parties.party", typed, limit=2)]


class AllocateForm(PicksForm):
    """What a payment that is on account is for."""


class WhyForm(ActForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


def spread(chosen: Sequence[tuple[Target, int | None]], amount: int) -> list[tuple[Target, int]]:
    """The typed amounts as they are; each other row takes what it needs of the rest, the first one first."""
    rest = amount - sum(typed or 0 for _target, typed in chosen)
    found = []
    for target, typed in chosen:
        share = typed if typed is not None else max(0, min(rest, target.left.minor if target.left else rest))
        if typed is None:
            rest -= share
        if share:
            found.append((target, share))
    return found
