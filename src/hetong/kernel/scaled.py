"""Prices, quantities, percents and rates: exact decimals kept as one 64-bit integer.

The number of decimals is fixed by what the number means, so a column needs no second column and
compares as it reads. Percents are in percentage points: 13 % is 13.0000.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from hetong.kernel.errors import N_, Invalid
from hetong.kernel.money import (
    CurrencyMismatch,
    Money,
    TooManyDecimals,
    places,
    plain,
    units_of,
)
from hetong.kernel.rounding import round_fraction, round_half_up, round_to_money

MAX_UNITS: Final = 2**63 - 1
"""What a 64-bit integer column holds, either way."""


class ScaledKind(StrEnum):
    """What a scaled number means, and with it how many decimals it keeps."""

    PRICE = "price"
    QUANTITY = "quantity"
    PERCENT = "percent"
    RATE = "rate"

    @property
    def exponent(self) -> int:
        """Decimals kept: price 6, quantity 6, percent 4, rate 10."""
        return _EXPONENTS[self]

    def from_units(self, units: int) -> Scaled:
        """The number that a column of this kind stores as `units`."""
        return Scaled(units, self.exponent)


PRICE: Final = ScaledKind.PRICE
QUANTITY: Final = ScaledKind.QUANTITY
PERCENT: Final = ScaledKind.PERCENT
RATE: Final = ScaledKind.RATE

_EXPONENTS: Final = {PRICE: 6, QUANTITY: 6, PERCENT: 4, RATE: 10}


class NumberTooLarge(Invalid):
    """The number does not fit the 64-bit column of its kind."""

    code = "number_too_large"
    text = N_("The number is larger than any that can be kept (%(limit)s).")
    then = N_("Check the number of digits.")


class ScaleMismatch(Invalid):
    """Two numbers of different kinds were added or compared."""

    code = "scale_mismatch"
    text = N_("Numbers with %(left)s and %(right)s decimals cannot be put together.")


@dataclass(frozen=True, slots=True)
class Scaled:
    """An exact decimal: `units` × 10^-`exponent`."""

    units: int
    exponent: int

    def __post_init__(self) -> None:
        if type(self.units) is not int:
            raise TypeError("Scaled counts whole units")
        if not -MAX_UNITS <= self.units <= MAX_UNITS:
            raise NumberTooLarge(limit=plain(MAX_UNITS, self.exponent))

    @classmethod
    def of(cls, text: str, kind: ScaledKind | int) -> Scaled:
        """Read plain text ("19.99") as that kind, or with that many decimals; finer is refused."""
        exponent = kind.exponent if isinstance(kind, ScaledKind) else kind
        units = units_of(text, exponent)
        if units is None:
            raise TooManyDecimals(text=text[:40], allowed=exponent)
        return cls(units, exponent)

    @classmethod
    def nearest(cls, value: Fraction, kind: ScaledKind) -> Scaled:
        """The exact value rounded once, half up, to the decimals of the kind."""
        return cls(round_fraction(value * 10**kind.exponent), kind.exponent)

    @property
    def fraction(self) -> Fraction:
        """The exact value."""
        return Fraction(self.units, 10**self.exponent)

    @property
    def amount(self) -> str:
        """Plain text without idle zeros: "19.99", "3", "-0.5"."""
        text = plain(self.units, self.exponent)
        return text.rstrip("0").rstrip(".") if self.exponent else text

    def __str__(self) -> str:
        return self.amount

    def __add__(self, other: Scaled) -> Scaled:
        return Scaled(self.units + self._same(other), self.exponent)

    def __sub__(self, other: Scaled) -> Scaled:
        return Scaled(self.units - self._same(other), self.exponent)

    def __neg__(self) -> Scaled:
        return Scaled(-self.units, self.exponent)

    def __abs__(self) -> Scaled:
        return Scaled(abs(self.units), self.exponent)

    def __bool__(self) -> bool:
        return self.units != 0

    def __lt__(self, other: Scaled) -> bool:
        return self.units < self._same(other)

    def __le__(self, other: Scaled) -> bool:
        return self.units <= self._same(other)

    def __gt__(self, other: Scaled) -> bool:
        return self.units > self._same(other)

    def __ge__(self, other: Scaled) -> bool:
        return self.units >= self._same(other)

    def _same(self, other: Scaled) -> int:
        """The other number's units, refused when it keeps another number of decimals."""
        if other.exponent != self.exponent:
            raise ScaleMismatch(left=self.exponent, right=other.exponent)
        return other.units


def percent_of(percent: Scaled) -> Fraction:
    """A percent as the exact factor it stands for: 13 % → 13/100."""
    return percent.fraction / 100


def multiply_to_minor(price: Scaled, quantity: Scaled, currency: str, factor: Fraction = Fraction(1)) -> int:
    """price × quantity × factor in minor units of the currency, rounded once at the end.

    `factor` is whatever else belongs into the same product: 1 − discount, a share of a period.
    """
    exact = price.units * quantity.units * factor.numerator * 10 ** places(currency)
    return round_half_up(exact, 10 ** (price.exponent + quantity.exponent) * factor.denominator)


def percent_of_money(amount: Money, percent: Scaled) -> Money:
    """The percent of the amount, rounded once."""
    return Money(round_fraction(amount.minor * percent_of(percent)), amount.currency)


def convert(amount: Money, rate: Scaled, currency: str) -> Money:
    """The amount in another currency: one unit of the amount's currency costs `rate` of it.

    Rounded once, to the decimals of the target. A rate between a currency and itself is refused.
    """
    if amount.currency == currency:
        raise CurrencyMismatch(left=amount.currency, right=currency)
    major = Fraction(amount.minor, 10 ** places(amount.currency))
    return round_to_money(major * rate.fraction, currency)
