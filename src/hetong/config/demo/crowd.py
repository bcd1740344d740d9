"""The demo's many parties and contracts (sizes m and l): put together from the pieces of `names`, the same every time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from .contracts import AUTO, FIX, ContractFacts, LineFacts
from .goods import GOODS, TITLES, WORK
from .names import CHINA, COUNTRIES, JAPAN, RATES, SWEDEN, TAIWAN, USA, Country, Pair
from .parties import C, PartyFacts, S

REGISTER = "Contract register of before"
"""The source of the contracts that were taken over when they were in force already."""
STEP = 39
TICKS = tuple(range(-420, 0, STEP))
"""The days, from the demo's day, on which the back office works: takes over, invoices, books what was paid."""
LAST = TICKS[-1]

OWNERS = {
    SWEDEN: ("sales", "johanna.ek", "viktor.sandberg", "amira.haddad"), USA: ("sales2", "noah.bennett"),
    JAPAN: ("sales2", "sato.misaki"), CHINA: ("wang.lei", "liu.yang", "zhao.min"), TAIWAN: ("agent",),
}  # fmt: skip
BUYERS = {CHINA: "chen.jie"}
BUYER = "sofia.lindgren"
PARTIES_OF = ((SWEDEN, 38), (CHINA, 30), (USA, 16), (JAPAN, 12), (TAIWAN, 4))
"""Of a hundred parties, how many in each country."""
EVERY_BUYER = 6
"""One party in so many is a supplier."""

FATES = {
    "active": 500, "draft": 90, "closed": 95, "expired": 80, "in_review": 50, "in_approval": 40, "terminated": 30, "approved": 20,
    "signing": 20, "closing": 20, "archived": 5, "suspended": 12, "superseded": 10, "rejected": 10, "void": 9, "discarded": 9,
}  # fmt: skip
"""Of a thousand contracts, how many stand at each stage."""
TAKEN_OVER = frozenset({"active", "closed", "expired", "terminated", "closing", "archived", "suspended", "superseded"})
KINDS = {"sales": 34, "maintenance": 28, "services": 20, "framework": 10, "nda": 8}
WITH_MONEY = frozenset({"sales", "maintenance", "services", "purchase"})
ABNORMAL = (
    "Readings drift at low flow; two meters are back at the factory.", "交货延误三周，客户要求书面说明。",
    "Kunden bestrider fakturan för etapp 2.",
    "The customer's purchase order names another price.", "数量与合同不符，等待双方盘点。",
)  # fmt: skip


class Deal(NamedTuple):
    """One contract: its facts, the stage it reaches, the day it was drafted, and its plan."""

    facts: ContractFacts
    fate: str
    begun: int
    ended: int
    parts: int
    every: int
    """Days between the parts of the plan; 0 where there is none."""
    delivered: int
    """Days after the start on which the last part's milestone is planned; 0 where no part waits for one."""


def crowd_parties(count: int) -> list[PartyFacts]:
    """So many parties, each name once, customers and suppliers."""
    return [_party(country, n) for country, percent in PARTIES_OF for n in range(count * percent // 100)]


def _party(country: Country, n: int) -> PartyFacts:
    luck = random.Random(f"party {country.code} {n}")  # noqa: S311 - not for secrets: the same parties every time
    again, pair = divmod(n, len(country.firsts) * len(country.trades))
    # Every pair of first name and trade comes once before one comes again, at another place.
    first = country.firsts[pair % len(country.firsts)]
    trade = country.trades[(pair + pair // len(country.firsts)) % len(country.trades)]
    city, code, latin_city = country.places[(pair * 7 + again) % len(country.places)]
    name, latin = _named(country, first, trade, (city, latin_city), is_again=again > 0)
    is_supplier = n % EVERY_BUYER == EVERY_BUYER - 1
    owner = BUYERS.get(country, BUYER) if is_supplier else OWNERS[country][n % len(OWNERS[country])]
    shown, other = (latin, name) if country is JAPAN else (name, latin)
    key = f"{country.code.lower()}{n}"
    person = country.name.format(family=luck.choice(country.family), given=luck.choice(country.given))
    return PartyFacts(
        key, shown, other, S if is_supplier else C, country.code, country.language, country.scheme, _stem(country, n),
        f"{luck.choice(country.streets)} {luck.randrange(1, 180)}", code, city, owner,
        ((person, luck.choice(country.roles), f"contact@{key}.example"),), luck.choice((30, 30, 30, 45, 60)),
    )  # fmt: skip


def _named(country: Country, first: Pair, trade: Pair, city: Pair, *, is_again: bool) -> tuple[str, str]:
    """What a company is called in its own script, and in Latin letters (empty where they are the same)."""
    place, latin_place = city[0].partition(",")[0], city[1]
    if not country.latin:
        return country.form.format(first=first[0], trade=f"{trade[0]} {place}" if is_again else trade[0]), ""
    short = place.partition("市")[0].partition("都")[0][:2]
    before, latin_before = (short, f"{latin_place} ") if is_again and country is not CHINA else ("", "")
    own = country.form.format(place=short, first=before + first[0], trade=trade[0])
    return own, country.latin.format(latin_place=latin_place, latin_first=latin_before + first[1], latin_trade=trade[1])


def _stem(country: Country, n: int) -> str:
    """A registration number but for its check character; the third digit pair of a Swedish company is at least 20."""
    if not country.scheme:
        return ""
    if country is CHINA:
        return f"91{(310115, 320505, 330106, 330206, 440305)[n % 5]}MA{n * 7919 % 10_000_000:07d}"
    rest = country.stem_length - len(country.stem)
    return country.stem + f"{(n * 7919 + 4_231) % 10**rest:0{rest}d}"


def crowd_deals(count: int, parties: list[PartyFacts]) -> Iterator[Deal]:
    """So many contracts with these parties."""
    fates = [fate for fate, of in FATES.items() for _ in range(of)]
    kinds = [kind for kind, of in KINDS.items() for _ in range(of)]
    for n in range(count):
        luck = random.Random(f"deal {n}")  # noqa: S311 - not for secrets: the same contracts every time
        party = parties[n * 13 % len(parties)] if n < len(parties) else luck.choice(parties)
        yield _deal(n, luck, party, fates[n * 619 % len(fates)], luck.choice(kinds))


def _deal(n: int, luck: random.Random, party: PartyFacts, fate: str, kind: str) -> Deal:
    country = next(one for one in COUNTRIES if one.code == party.country)
    kind = "purchase" if party.kinds == S else kind
    starts, days = _term(luck, fate)
    lines = _lines(luck, country, kind)
    short = (
        party.name.replace("股份", "")
        .replace("有限公司", "")
        .removesuffix(" AB")
        .removesuffix(", Inc.")
        .removesuffix(" K.K.")
    )
    wording = luck.choice(TITLES[country.language][kind])
    title = wording.format(party=short, item=_item(luck, country, kind, lines), n=n % 4 + 1)[:200]
    parts = luck.choice((2, 2, 2, 3, 4)) if kind in WITH_MONEY else 0
    every = min(days // parts, 90) if parts else 0
    is_flagged = fate == "active" and n % 37 == 5
    notice = luck.choice((1, 3, 3, 6)) if kind in ("maintenance", "framework", "services") and days > 200 else 0
    facts = ContractFacts(
        title, party.key, kind, party.owner, country.currency, starts, days, AUTO if notice and luck.random() < 0.6 else FIX, notice, (),
        lines, "shanghai" if country is CHINA else "lindvall", ABNORMAL[n % len(ABNORMAL)] if is_flagged else "",
    )  # fmt: skip
    if fate in ("expired", "superseded"):
        facts = facts._replace(term=FIX)
    begun = _tick_after(starts) if fate in TAKEN_OVER else luck.choice((-44, -9))
    ended = luck.choice([day for day in TICKS if day > begun] or [LAST])
    delivered = every * (parts - 1) - 10 if kind == "sales" and parts > 1 and luck.random() < 0.4 else 0
    return Deal(facts, fate, begun, ended, parts, every, delivered)


def _term(luck: random.Random, fate: str) -> tuple[int, int]:
    """Start, in days from the demo's day, and length in days."""
    if fate in ("expired", "closed", "archived", "closing"):
        starts = luck.randrange(-418, -250)
        return starts, luck.randrange(120, -starts - 20)
    if fate in TAKEN_OVER:
        starts = luck.randrange(-418, -32)
        return starts, luck.choice((365, 365, 730, 730, 1095, 1825)) + (60 if starts < -300 else 0)
    return luck.randrange(5, 120), luck.choice((180, 365, 730, 1095))


def _tick_after(day: int) -> int:
    return next((tick for tick in TICKS if tick >= day), LAST)


def _lines(luck: random.Random, country: Country, kind: str) -> tuple[LineFacts, ...]:
    if kind not in WITH_MONEY:
        return ()
    goods, work = GOODS[country.language], WORK[country.language]
    pool = {"maintenance": work[2:4] or work[:2], "services": work}.get(kind, goods)
    rate = RATES[country.currency]
    chosen = luck.sample(pool, min(len(pool), luck.choice((1, 2, 2, 3))))
    if kind == "sales" and luck.random() < 0.5:
        chosen.append(luck.choice(work[:2]))
    return tuple(
        LineFacts(
            title, str(luck.randrange(1, most + 1)), unit, f"{_round(price * rate // 1000)}.00", _tax(country, unit)
        )
        for title, unit, price, most in chosen
    )


def _round(price: int) -> int:
    """A price as people set them: two or three figures, then zeros."""
    digits = int(10 ** max(len(str(price)) - 3, 0))
    return max(price // digits * digits, 1)


def _tax(country: Country, unit: str) -> str:
    """Goods at the country's usual rate; in China services at 6 %."""
    return "6" if country is CHINA and unit in ("人天", "次", "月", "天") else country.tax


def _item(luck: random.Random, country: Country, kind: str, lines: tuple[LineFacts, ...]) -> str:
    return lines[0].product if lines else luck.choice(GOODS[country.language])[0]
