"""Amounts for a part of a period, each with its explanation.

One final rounding per amount; the share of the period stays an exact fraction until then.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext_lazy as _

from hetong.kernel.dates import Period, Span
from hetong.kernel.daycount import Convention, Piece, Share, measure, share_of
from hetong.kernel.explain import HALF_UP, Explained, Operand, Step, register_labels
from hetong.kernel.money import Money, places
from hetong.kernel.rounding import round_fraction, round_to_money
from hetong.kernel.scaled import Scaled, percent_of

PRORATED: Final = "proration.amount"
PIECE: Final = "proration.piece"
COTERMINATED: Final = "proration.coterminate"

register_labels(
    {
        PRORATED: _("Price × share of the period"),
        PIECE: _("Share of one price period"),
        COTERMINATED: _("Old price ÷ old length × new length × uplift"),
        "proration.price": _("Price per period"),
        "proration.share": _("Share"),
        "proration.period": _("Charged days"),
        "proration.full_period": _("Full price period"),
        "proration.old_price": _("Old price"),
        "proration.old_period": _("Old period"),
        "proration.new_period": _("New period"),
        "proration.old_length": _("Old length"),
        "proration.new_length": _("New length"),
        "proration.uplift": _("Uplift"),
    }
)


def prorate(
    price: Money,
    part: Period,
    per: Span,
    convention: Convention,
    *,
    anchor: date | None = None,
    price_field: str = "price",
) -> Explained[Money]:
    """What the part costs when one period of length `per` costs `price`.

    Price periods are laid out from `anchor`, or from the part's first day. `price_field` is the
    register's name of the price, for the rules on who may see it.
    """
    share = share_of(part, per, convention, anchor)
    amount = Money(round_fraction(price.minor * share.fraction), price.currency)
    return Explained(amount, (explain_share(price, share, amount, price_field=price_field),))


def explain_share(price: Money | Scaled, share: Share, amount: Money, *, price_field: str = "price") -> Step:
    """The step "price × share = amount", with one nested step per price period it touches."""
    return Step(
        PRORATED,
        operands=(
            Operand(price_field, "proration.price", price),
            Operand("", "proration.share", share.ratio),
        ),
        result=amount,
        convention=f"convention.{share.convention}",
        rounding=HALF_UP,
        steps=tuple(_explain_piece(piece) for piece in share.pieces),
    )


def _explain_piece(piece: Piece) -> Step:
    return Step(
        PIECE,
        operands=(
            Operand("", "proration.period", piece.part),
            Operand("", "proration.full_period", piece.full),
        ),
        result=piece.ratio,
    )


def coterminate(
    price: Money,
    old: Period,
    new: Period,
    *,
    uplift: Scaled,
    convention: Convention = Convention.ACTUAL_ACTUAL,
    price_field: str = "price",
) -> Explained[Money]:
    """The price of a new term at the rate of the old one: price ÷ old length × new length × uplift.

    `uplift` is a percent on top (10 % → × 1.1). Lengths are days, both ends counted, or thirty-day
    days, or months, by the convention.
    """
    old_length, new_length = measure(old, convention), measure(new, convention)
    factor = new_length / old_length * (1 + percent_of(uplift))
    exact = Fraction(price.minor, 10 ** places(price.currency)) * factor
    amount = round_to_money(exact, price.currency)
    step = Step(
        COTERMINATED,
        operands=(
            Operand(price_field, "proration.old_price", price),
            Operand("", "proration.old_period", old),
            Operand("", "proration.old_length", old_length),
            Operand("", "proration.new_period", new),
            Operand("", "proration.new_length", new_length),
            Operand("", "proration.uplift", uplift),
        ),
        result=amount,
        convention=f"convention.{convention}",
        rounding=HALF_UP,
    )
    return Explained(amount, (step,))
