from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command

from hetong.kernel.actors import Actor, ActorKind
from hetong.kernel.errors import Forbidden
from hetong.kernel.money import Money, UnknownCurrency
from hetong.reference.gateways import SHIPPED, NotRates, read_rates
from hetong.reference.models import Rate
from hetong.reference.queries import NoRate, convert, newest_day, rate
from hetong.reference.services import load_rates
from hetong.reference.testing import make_rate

NEW_YEAR = dt.date(2025, 1, 1)
SYSTEM = Actor.system()
pytestmark = pytest.mark.django_db


def test_an_amount_on_a_day_without_fixing_uses_the_last_one_before():
    load_rates(SYSTEM, SHIPPED.read_bytes(), since=dt.date(2024, 12, 1))
    found = convert(Money.of("100000", "SEK"), "EUR", NEW_YEAR)
    assert found.value == Money.of("8726.76", "EUR")
    (step,) = found.steps
    shown = {operand.code: str(operand.value) for operand in step.operands}
    assert shown["reference.per_euro_from"] == "11.459"
    assert shown["reference.rate_day"] == "2024-12-31"
    assert shown["reference.rate_source"] == "ECB"


def test_two_currencies_are_crossed_over_the_euro_and_rounded_once():
    make_rate("SEK", NEW_YEAR, "11.459")
    make_rate("CNY", NEW_YEAR, "7.5833")
    assert rate("SEK", "CNY", NEW_YEAR).rate.amount == "0.6617767694"
    assert convert(Money.of("1000000", "SEK"), "CNY", NEW_YEAR).value == Money.of("661776.77", "CNY")


def test_both_prices_come_from_one_day():
    make_rate("SEK", NEW_YEAR, "11")
    make_rate("SEK", dt.date(2024, 12, 30), "10")
    make_rate("CNY", dt.date(2024, 12, 30), "8")
    found = rate("SEK", "CNY", NEW_YEAR)
    assert (found.day, found.per_euro_source.amount) == (dt.date(2024, 12, 30), "10")


@pytest.mark.parametrize(("age", "is_used"), [(0, True), (10, True), (11, False)])
def test_a_rate_is_used_for_ten_days(age: int, is_used: bool):
    make_rate("SEK", NEW_YEAR - dt.timedelta(days=age), "11.459")
    if is_used:
        assert rate("SEK", "EUR", NEW_YEAR).day == NEW_YEAR - dt.timedelta(days=age)
    else:
        with pytest.raises(NoRate) as refused:
            rate("SEK", "EUR", NEW_YEAR)
        assert "hetong rates load" in refused.value.then


def test_a_later_rate_is_never_used():
    make_rate("SEK", NEW_YEAR + dt.timedelta(days=1), "11.459")
    with pytest.raises(NoRate):
        rate("SEK", "EUR", NEW_YEAR)


def test_the_same_currency_needs_no_rate():
    assert convert(Money.of("5", "SEK"), "SEK", NEW_YEAR).value == Money.of("5", "SEK")
    assert rate("EUR", "EUR", NEW_YEAR).rate.amount == "1"


def test_what_is_no_currency_is_refused():
    with pytest.raises(UnknownCurrency):
        rate("SEK", "XXX", NEW_YEAR)


def test_the_long_file_has_every_day_since_1999():
    quotes = read_rates(SHIPPED.read_bytes())
    assert len({day for _c, day, _u in quotes}) == 6983
    assert min(day for _c, day, _u in quotes) == dt.date(1999, 1, 4)


DAILY = b"""<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01">
<Cube><Cube time='2026-11-20'><Cube currency='USD' rate='1.1684'/><Cube currency='SEK' rate='10.892'/></Cube></Cube>
</gesmes:Envelope>"""


def test_the_daily_file_is_read_and_corrects_what_was_there():
    make_rate("SEK", dt.date(2026, 11, 20), "9")
    loaded = load_rates(SYSTEM, DAILY)
    assert (loaded.count, loaded.last) == (2, dt.date(2026, 11, 20))
    assert rate("EUR", "SEK", dt.date(2026, 11, 21)).rate.amount == "10.892"
    assert newest_day() == dt.date(2026, 11, 20)


def test_the_daily_csv_is_read():
    assert read_rates(b"Date, USD, SEK, \n20 November 2026, 1.1684, N/A, \n") == [
        ("USD", dt.date(2026, 11, 20), 11_684_000_000)
    ]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04nonsense", b"<html></html>", b"Date,USD\n", b"\xff\xfe", b"a,b\n1,2"]
)
def test_other_files_are_refused(content: bytes):
    with pytest.raises(NotRates):
        read_rates(content)


def test_loading_needs_the_permission():
    with pytest.raises(Forbidden):
        load_rates(Actor(ActorKind.USER, None, "Ada"), DAILY)
    assert not Rate.objects.exists()


def test_the_command_loads_and_says_what(capsys, tmp_path):
    file = tmp_path / "eurofxref-daily.xml"
    file.write_bytes(DAILY)
    call_command("rates", "load", str(file), "--json")
    assert '"count": 2' in capsys.readouterr().out
