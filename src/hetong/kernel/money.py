"""Money: whole minor units of one ISO 4217 currency.

An amount is an integer count of the smallest unit the currency has (öre, cents, fen), so that no
sum ever loses anything. Two currencies never mix: every operation on both refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hetong.kernel.errors import N_, Invalid

MAX_MINOR: Final = 10**15
"""No amount may be larger, either way; the database keeps the same bound as a constraint."""

_NO_DECIMALS: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_TWO_DECIMALS: Final = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS "
    "GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD "
    "LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB "
    "PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP "
    "SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW "
    "ZWG"
)
_THREE_DECIMALS: Final = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DECIMALS: Final = "CLF UYW"

WITHDRAWN: Final = frozenset({"ANG", "BGN", "CUC", "HRK", "SLL", "ZWL"})
"""Codes that ISO 4217 has retired lately: old contracts still carry them, new ones may not."""

PLACES: Final[Mapping[str, int]] = MappingProxyType(
    dict.fromkeys(_NO_DECIMALS.split(), 0)
    | dict.fromkeys(_TWO_DECIMALS.split(), 2)
    | dict.fromkeys(_THREE_DECIMALS.split(), 3)
    | dict.fromkeys(_FOUR_DECIMALS.split(), 4)
    | dict.fromkeys(sorted(WITHDRAWN), 2)
)
"""Decimals of each currency: the exponents of ISO 4217, active codes and the lately withdrawn."""

_PLAIN_AMOUNT: Final = re.compile(r"(-?)([0-9]{1,20})(?:\.([0-9]{1,20}))?")


class CurrencyMismatch(Invalid):
    """Two amounts of different currencies met where only one currency makes sense."""

    code = "currency_mismatch"
    text = N_("Amounts in %(left)s and %(right)s cannot be put together.")
    then = N_("Use one currency, or convert one of the amounts first.")


class UnknownCurrency(Invalid):
    """The code is not an ISO 4217 currency that can be paid in."""

    code = "unknown_currency"
    text = N_("“%(currency)s” is not a currency code.")
    then = N_("Use the three letters of ISO 4217, such as SEK, EUR or CNY.")


class AmountTooLarge(Invalid):
    """The amount is beyond ±10^15 minor units."""

    code = "amount_too_large"
    text = N_("The amount is larger than any that can be kept (%(limit)s %(currency)s).")
    then = N_("Check the number of digits.")


class NotANumber(Invalid):
    """The text is not a plain number such as -1234.50."""

    code = "not_a_number"
    text = N_("“%(text)s” is not a number.")
    then = N_("Write digits and one decimal mark, such as 1234.50.")


class TooManyDecimals(Invalid):
    """The number is finer than its currency or its kind keeps; nothing is rounded silently."""

    code = "too_many_decimals"
    text = N_("“%(text)s” has too many decimals; %(allowed)s are kept here.")
    then = N_("Round it the way your agreement says, and enter the rounded number.")


def places(currency: str) -> int:
    """How many decimals the currency has; UnknownCurrency for a code that is none."""
    try:
        return PLACES[currency]
    except KeyError:
        raise UnknownCurrency(currency=currency) from None


def is_active(currency: str) -> bool:
    """Whether new records may use the currency; withdrawn codes can only be read."""
    return currency in PLACES and currency not in WITHDRAWN


def plain(units: int, decimals: int) -> str:
    """The integer as plain decimal text: (123450, 2) → "1234.50"."""
    sign = "-" if units < 0 else ""
    digits = str(abs(units)).rjust(decimals + 1, "0")
    if decimals == 0:
        return sign + digits
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def units_of(text: str, decimals: int) -> int | None:
    """Plain decimal text as an integer of the last decimal, or None when it has more decimals.

    Zeros after the last decimal are not more precision: "1.500" at two decimals is 150.
    NotANumber for anything but digits, one point and a leading minus.
    """
    match = _PLAIN_AMOUNT.fullmatch(text)
    if match is None:
        raise NotANumber(text=text[:40])
    sign, whole, fraction = match.group(1), match.group(2), (match.group(3) or "")
    if fraction[decimals:].strip("0"):
        return None
    units = int(whole + fraction[:decimals].ljust(decimals, "0"))
    return -units if sign else units


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: `minor` whole smallest units of `currency`."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("Money counts whole minor units")
        if self.currency not in PLACES:
            raise UnknownCurrency(currency=self.currency)
        if not -MAX_MINOR <= self.minor <= MAX_MINOR:
            limit = plain(MAX_MINOR, PLACES[self.currency])
            raise AmountTooLarge(currency=self.currency, limit=limit)

    @classmethod
    def of(cls, amount: str, currency: str) -> Money:
        """Read a plain amount ("1234.50"); more decimals than the currency has are refused."""
        decimals = places(currency)
        minor = units_of(amount, decimals)
        if minor is None:
            raise TooManyDecimals(text=amount[:40], allowed=decimals)
        return cls(minor, currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in this currency."""
        return cls(0, currency)

    @property
    def amount(self) -> str:
        """Plain text with all decimals of the currency: "1234.50"; what APIs and files carry."""
        return plain(self.minor, PLACES[self.currency])

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __mul__(self, times: int) -> Money:
        if type(times) is not int:
            return NotImplemented
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def _same(self, other: Money) -> int:
        """The other amount's minor units, refused when it is of another currency."""
        if other.currency != self.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)
        return other.minor


def sum_money(amounts: Iterable[Money]) -> dict[str, Money]:
    """One sum per currency, in order of the codes; the safe total over a mixed set."""
    minor: dict[str, int] = {}
    for amount in amounts:
        minor[amount.currency] = minor.get(amount.currency, 0) + amount.minor
    return {currency: Money(minor[currency], currency) for currency in sorted(minor)}


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum in one currency (zero when there is none); another currency raises."""
    minor = 0
    for amount in amounts:
        if amount.currency != currency:
            raise CurrencyMismatch(left=currency, right=amount.currency)
        minor += amount.minor
    return Money(minor, currency)
