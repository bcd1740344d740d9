"""How much of which line: what a part of a due comes to per line and tax rate, so that the parts add up to the whole.

Pure whole-number arithmetic in minor units. Every part is taken out of what is left, never out of the
whole, so the last part takes the rest and no line is ever billed beyond what was agreed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from hetong.kernel.rounding import allocate, round_half_up

HUNDRED = 1_000_000
"""100 % in the units in which a tax rate is kept."""
Rate = tuple[int, str]
"""A tax rate in 10^-4 % and its code."""


@dataclass(frozen=True)
class Agreed:
    """One line of the contract: its tax rate, and what of it is not billed yet (tax included)."""

    id: UUID | None
    rate: Rate
    left: int


@dataclass(frozen=True)
class OfRate:
    """What is left of a due at one tax rate."""

    rate: Rate
    gross: int
    tax: int


@dataclass(frozen=True)
class Billed:
    """One line of a bill: which line of the contract, at which rate, how much."""

    line: UUID | None
    rate: Rate
    net: int
    tax: int

    @property
    def gross(self) -> int:
        """Net and tax."""
        return self.net + self.tax


def left_of(taxes: Sequence[Mapping[str, int | str]], billed: Mapping[Rate, tuple[int, int]]) -> list[OfRate]:
    """What is left of a due per rate, of its ``taxes`` {rate, code, net, tax}, after (gross, tax) that was billed."""
    left = []
    for one in taxes:
        rate = (int(one["rate"]), str(one["code"]))
        gross, tax = billed.get(rate, (0, 0))
        left.append(OfRate(rate, int(one["net"]) + int(one["tax"]) - gross, int(one["tax"]) - tax))
    return left


def bill(gross: int, left: Sequence[OfRate], lines: Sequence[Agreed]) -> list[Billed]:
    """A part of a due, as lines of a bill: over the rates by what is left of them, then over the lines of each rate.

    ``gross`` is at most what is left in all. Lines that get nothing are left out; the others stand in the order of ``lines``.
    """
    found: list[Billed] = []
    for one, part in zip(left, allocate(gross, [one.gross for one in left]), strict=True):
        tax = round_half_up(one.tax * part, one.gross) if one.gross else 0
        found += _over_lines(one.rate, part, tax, [line for line in lines if line.rate == one.rate])
    places = {line.id: place for place, line in enumerate(lines)}
    found.sort(key=lambda one: places.get(one.line, len(lines)))
    return [one for one in found if one.net or one.tax]


def _over_lines(rate: Rate, gross: int, tax: int, lines: Sequence[Agreed]) -> list[Billed]:
    own = lines or [Agreed(None, rate, 1)]
    weights = [line.left for line in own]
    parts = allocate(gross, weights if sum(weights) >= gross > 0 else [1] * len(own) if gross else weights)
    taxes = allocate(tax, parts) if sum(parts) else [0] * len(parts)
    return [
        Billed(line.id, rate, part - own_tax, own_tax) for line, part, own_tax in zip(own, parts, taxes, strict=True)
    ]


def retaxed(lines: Sequence[Billed], percent: int, code: str = "") -> list[Billed]:
    """The same lines at one other tax rate, their amounts with tax staying as they are.

    The net of all is rounded once and split over the lines, as for prices that include tax.
    """
    whole = sum(one.gross for one in lines)
    nets = allocate(round_half_up(whole * HUNDRED, HUNDRED + percent), [one.gross for one in lines])
    return [Billed(one.line, (percent, code), net, one.gross - net) for one, net in zip(lines, nets, strict=True)]


def part_back(gross: int, lines: Sequence[Billed]) -> list[Billed]:
    """A part of what is left of an invoice's lines, line by line; all of it gives them back as they are."""
    parts = allocate(gross, [one.gross for one in lines])
    back = []
    for one, part in zip(lines, parts, strict=True):
        tax = round_half_up(one.tax * part, one.gross) if one.gross else 0
        back.append(Billed(one.line, one.rate, part - tax, tax))
    return back


def per_rate(lines: Sequence[Billed]) -> list[dict[str, int | str]]:
    """The lines' sums per tax rate, lowest rate first, as invoices and dues keep them."""
    sums: dict[Rate, list[int]] = {}
    for one in lines:
        of = sums.setdefault(one.rate, [0, 0])
        of[0], of[1] = of[0] + one.net, of[1] + one.tax
    return [{"rate": rate, "code": code, "net": net, "tax": tax} for (rate, code), (net, tax) in sorted(sums.items())]
