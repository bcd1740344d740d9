"""What a page says when it is asked why a number is as it is."""

from __future__ import annotations

import pytest

from hetong.kernel.scaled import PERCENT, PRICE, QUANTITY, Scaled
from hetong.kernel.tax import TaxableLine, compute_tax
from hetong.ui.explaining import why


@pytest.mark.parametrize(("language", "share"), [("en", "5\N{NO-BREAK SPACE}%"), ("zh-hans", "5%")])
def test_a_share_is_said_with_its_sign_behind_the_figure(language: str, share: str) -> None:
    six, price = Scaled.of("6", QUANTITY), Scaled.of("182000", PRICE)
    line = TaxableLine("a", six, price, Scaled.of("25", PERCENT), Scaled.of("5", PERCENT))
    taxed = compute_tax([line], "SEK", prices_include_tax=False)
    drawn = why(taxed.explained(), language, subject="", sentence="")
    assert drawn is not None
    assert drawn["steps"][0]["label"].endswith(f"{share})")
