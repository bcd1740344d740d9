"""What a program sends to billing: its shape for the description, and reading it with every problem named at once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from hetong.billing.services import DueShare, Wanted
from hetong.kernel.errors import N_, Problem, UnknownField, refuse
from hetong.kernel.fields import Field, Kind
from hetong.kernel.money import Money
from hetong.kernel.schemas import ADDED_IN, AMOUNT
from hetong.kernel.values import Unreadable, read

LONGEST = 2000
MOST_ITEMS = 200

_ID: Final = {"type": ["string", "null"], "format": "uuid"}
_DAY: Final = {"type": ["string", "null"], "format": "date"}
_TEXT: Final = {"type": ["string", "null"], "maxLength": LONGEST}
_MONEY: Final = {
    "type": ["object", "null"],
    "properties": {
        "amount": {"type": "string", "pattern": AMOUNT},
        "currency": {"type": "string", "minLength": 3, "maxLength": 3},
    },
    "required": ["amount", "currency"],
}


def _shape(title: str, required: Sequence[str], **properties: Any) -> dict[str, Any]:
    return {
        "title": title, "type": "object", "additionalProperties": False, "required": list(required), "properties": properties
    }  # fmt: skip


TAKES_ADDED: Final[dict[str, Any]] = {"patternProperties": ADDED_IN}
"""Of bodies that make a record: the fields that the house added may be given too."""
_SHARES: Final = {
    "type": "array",
    "minItems": 1,
    "items": _shape("DueShare", ["due"], due={"type": "string", "format": "uuid"}, amount=_MONEY),
    "description": "Dues of one contract, each with its amount with tax; without an amount, all that is left of it.",
}
_WANTED: Final = {
    "type": "array",
    "items": _shape("Wanted", ["amount"], invoice=_ID, due=_ID, amount=_MONEY),
    "description": "What the money is for: an invoice or a due each, and how much of it.",
}
ISSUE: Final = _shape(
    "InvoiceNew", ["dues"], dues=_SHARES, bill_type=_ID, issued_on=_DAY, due_on=_DAY, their_reference=_TEXT,
    our_reference=_TEXT, order_no=_TEXT, note=_TEXT, ahead={"type": "boolean", "description": "Also dues whose day has not come."},
) | TAKES_ADDED  # fmt: skip
RECEIVE: Final = _shape(
    "ReceivedInvoiceNew", ["dues", "number", "issued_on"], dues=_SHARES, number=_TEXT, bill_type=_ID, issued_on=_DAY,
    due_on=_DAY, payment_reference=_TEXT, note=_TEXT, ahead={"type": "boolean"},
) | TAKES_ADDED  # fmt: skip
CREDIT: Final = (
    _shape("CreditNoteNew", ["reason"], amount=_MONEY, reason=_TEXT, issued_on=_DAY, number=_TEXT) | TAKES_ADDED
)
PAY: Final = _shape(
    "PaymentNew", ["amount", "on"], amount=_MONEY, on=_DAY, contract=_ID, party=_ID, company=_ID,
    direction={"type": ["string", "null"], "enum": ["in", "out", None]}, method=_TEXT, reference=_TEXT, note=_TEXT,
    wanted=_WANTED,
) | TAKES_ADDED  # fmt: skip
WANTED: Final = _shape("AllocationNew", ["wanted"], wanted=_WANTED)
UNALLOCATE: Final = _shape(
    "AllocationBack", ["allocations", "reason"], allocations={"type": "array", "items": {"type": "string", "format": "uuid"}},
    reason=_TEXT,
)  # fmt: skip

NOT_A_LIST = N_("This must be a list.")
NOT_AN_OBJECT = N_("This must be an object.")
NEEDED = N_("This is needed.")


class Body:
    """One JSON body, read value by value; `check` refuses it with everything that is wrong."""

    def __init__(self, given: Mapping[str, Any], shape: Mapping[str, Any]) -> None:
        """Raise `UnknownField` for a name that the operation does not take."""
        _known(given, shape)
        self.given, self.shape = given, shape
        self.problems = [
            Problem("required", NEEDED, field=name) for name in shape["required"] if given.get(name) in (None, "", [])
        ]

    def added(self) -> dict[str, Any]:
        """What is given of the fields that the house added; their register reads it."""
        return {name: value for name, value in self.given.items() if _is_added(name, self.shape)}

    def check(self) -> None:
        """Raise `Invalid` with all problems, if there are any."""
        refuse(self.problems)

    def _read(self, kind: Kind, given: Any, name: str) -> Any:
        try:
            return read(Field(name, name, kind, max_length=LONGEST), given)
        except Unreadable as broken:
            self.problems.append(Problem(broken.code, broken.wording, broken.params, field=name))
            return None

    def text(self, name: str) -> str:
        """A text, empty where nothing is given."""
        return self._read(Kind.TEXT, self.given.get(name), name) or ""

    def flag(self, name: str) -> bool:
        """Yes or no; no where nothing is given."""
        return bool(self._read(Kind.FLAG, self.given.get(name), name))

    def day(self, name: str, *, needed: bool = False) -> Any:
        """A day; where it is ``needed`` and missing, some day, since `check` refuses then."""
        found = self._read(Kind.DATE, self.given.get(name), name)
        return dt.date.min if needed and found is None else found

    def id(self, name: str) -> UUID | None:
        """The id of a record."""
        found: UUID | None = self._read(Kind.REFERENCE, self.given.get(name), name)
        return found

    def ids(self, name: str) -> list[UUID]:
        """Ids of records."""
        return [id for one in self._items(name) if (id := self._read(Kind.REFERENCE, one, name))]

    def money(self, name: str) -> Any:
        """An amount with its currency; where it is missing, None, since `check` refuses then."""
        return self._money(self.given.get(name), name)

    def _money(self, given: Any, name: str) -> Money | None:
        found: Money | None = self._read(Kind.MONEY, given, name)
        return found

    def minor(self, name: str, currency: str) -> int | None:
        """An amount in that currency, in minor units."""
        return self._minor(self.given.get(name), currency, name)

    def _minor(self, given: Any, currency: str, name: str) -> int | None:
        found = self._money(given, name)
        if found is not None and currency and found.currency != currency:
            why = N_("This is in %(currency)s.")
            self.problems.append(Problem("other_currency", why, {"currency": currency}, name))
        return found.minor if found is not None else None

    def _items(self, name: str) -> list[Any]:
        found = self.given.get(name) or []
        if not isinstance(found, list) or len(found) > MOST_ITEMS:
            self.problems.append(Problem("not_a_list", NOT_A_LIST, field=name))
            return []
        return found

    def _objects(self, name: str) -> list[Mapping[str, Any]]:
        found = []
        for one in self._items(name):
            if isinstance(one, Mapping):
                _known(one, self.shape["properties"][name]["items"])
                found.append(one)
            else:
                self.problems.append(Problem("not_an_object", NOT_AN_OBJECT, field=name))
        return found

    def named(self, name: str, of: str) -> list[UUID]:
        """The ids that the objects of a list name."""
        found = []
        for one in self._objects(name):
            id = self._read(Kind.REFERENCE, one.get(of), name)
            if id is None:
                self.problems.append(Problem("required", NEEDED, field=name))
            else:
                found.append(id)
        return found

    def shares(self, currencies: Mapping[UUID, str]) -> list[DueShare]:
        """The dues to bill, each with its amount; a due out of sight is left to the service to refuse."""
        found = []
        for one in self._objects("dues"):
            due = self._read(Kind.REFERENCE, one.get("due"), "dues")
            if due is not None:
                found.append(DueShare(due, self._minor(one.get("amount"), currencies.get(due, ""), "dues")))
        return found

    def wanted(self, currency: str) -> list[Wanted]:
        """What money is for."""
        found = []
        for one in self._objects("wanted"):
            minor = self._minor(one.get("amount"), currency, "wanted")
            if minor is None:
                self.problems.append(Problem("required", NEEDED, field="wanted"))
                continue
            invoice, due = (self._read(Kind.REFERENCE, one.get(name), "wanted") for name in ("invoice", "due"))
            found.append(Wanted(minor, invoice=invoice, due=due))
        return found


def _known(given: Mapping[str, Any], shape: Mapping[str, Any]) -> None:
    strange = sorted(name for name in given if name not in shape["properties"] and not _is_added(name, shape))
    if strange:
        raise UnknownField(fields=", ".join(strange))


def _is_added(name: str, shape: Mapping[str, Any]) -> bool:
    return any(re.search(pattern, name) for pattern in shape.get("patternProperties", ()))
