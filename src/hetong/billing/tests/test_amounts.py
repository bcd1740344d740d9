"""A8, A10: parts of a due add up to it, per tax rate and per line, in any order and size, and never go below nothing."""

from __future__ import annotations

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from hetong.billing.services.amounts import HUNDRED, Agreed, Billed, OfRate, bill, left_of, part_back, per_rate, retaxed

RATES = st.sampled_from([0, 60_000, 130_000, 250_000])
AMOUNT = st.integers(1, 10**9)


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[dict[str, int | str]], list[Agreed]]:
    """A due over some rates, and the lines of each rate that it is a share of (the whole of them here)."""
    taxes: list[dict[str, int | str]] = []
    lines: list[Agreed] = []
    for rate in draw(st.lists(RATES, min_size=1, max_size=3, unique=True)):
        grosses = draw(st.lists(AMOUNT, min_size=1, max_size=4))
        lines += [Agreed(uuid4(), (rate, ""), minor) for minor in grosses]
        tax = sum(grosses) * rate // (HUNDRED + rate)
        taxes.append({"rate": rate, "code": "", "net": sum(grosses) - tax, "tax": tax})
    return taxes, lines


@given(plans(), st.data())
def test_parts_add_up_to_the_due_per_rate_and_per_line(
    plan: tuple[list[dict[str, int | str]], list[Agreed]], data: st.DataObject
) -> None:
    taxes, lines = plan
    billed: list[Billed] = []
    for last in (*[False] * data.draw(st.integers(0, 4)), True):
        rates = {(int(t["rate"]), ""): [b for b in billed if b.rate[0] == t["rate"]] for t in taxes}
        sums = {rate: (sum(b.gross for b in own), sum(b.tax for b in own)) for rate, own in rates.items()}
        left = left_of(taxes, sums)
        still = sum(one.gross for one in left)
        if not still:
            break
        part = still if last else data.draw(st.integers(1, still))
        agreed = [
            Agreed(one.id, one.rate, one.left - sum(b.gross for b in billed if b.line == one.id)) for one in lines
        ]
        made = bill(part, left, agreed)
        assert sum(one.gross for one in made) == part
        assert all(one.net >= 0 and one.tax >= 0 for one in made)
        billed += made
    assert sorted(per_rate(billed), key=str) == sorted((t for t in taxes if t["net"] or t["tax"]), key=str)
    for line in lines:
        assert sum(b.gross for b in billed if b.line == line.id) == line.left


@given(st.lists(AMOUNT, min_size=1, max_size=6), RATES)
def test_another_tax_rate_keeps_what_is_to_be_paid(grosses: list[int], rate: int) -> None:
    lines = retaxed([Billed(uuid4(), (250_000, ""), minor, 0) for minor in grosses], rate)
    assert [one.gross for one in lines] == grosses
    [of] = per_rate(lines)
    assert abs(int(of["net"]) * rate - int(of["tax"]) * HUNDRED) <= HUNDRED + rate  # within half a unit of net


@given(st.lists(st.tuples(AMOUNT, st.integers(0, 10**8)), min_size=1, max_size=5), st.data())
def test_credits_in_parts_give_the_lines_back_exactly(pairs: list[tuple[int, int]], data: st.DataObject) -> None:
    left = [Billed(uuid4(), (250_000, ""), net, min(tax, net)) for net, tax in pairs]
    whole = sum(one.gross for one in left)
    first = data.draw(st.integers(1, whole))
    back = part_back(first, left)
    assert sum(one.gross for one in back) == first
    rest = [Billed(a.line, a.rate, a.net - b.net, a.tax - b.tax) for a, b in zip(left, back, strict=True)]
    assert all(one.net >= 0 and one.tax >= 0 for one in rest)
    assert part_back(whole - first, rest) == rest


def test_a_rate_without_lines_is_billed_by_the_due_itself() -> None:
    assert bill(125, [OfRate((250_000, ""), 125, 25)], []) == [Billed(None, (250_000, ""), 100, 25)]


def test_lines_stand_in_the_order_of_the_contract_whatever_their_rates() -> None:
    high, low = (130_000, ""), (60_000, "")
    agreed = [Agreed(uuid4(), rate, 100) for rate in (high, low, high)]
    made = bill(300, [OfRate(low, 100, 6), OfRate(high, 200, 23)], agreed)
    assert [one.line for one in made] == [one.id for one in agreed]
