"""Tax rates that come with the product, each from the day its law took effect.

Sources: Mervärdesskattelag (2023:200) 9 kap.; 财政部 税务总局 海关总署公告 2019 年第 39 号 and 增值税法
(2026); UStG § 12 and the Zweites Corona-Steuerhilfegesetz; VAT Act 1994 s. 2; 消費税法 第二十九条. The
United States have no VAT; sales tax is a matter of the states.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

Labels = dict[str, str]
Shipped = tuple[str, str, int, str, str, str, Labels]
"""Country, code, percent × 10^4, category, valid from, valid to (empty: open), names."""


def _names(en: str, hans: str, hant: str, sv: str) -> Labels:
    return {"en": en, "sv": sv, "zh-hans": hans, "zh-hant": hant}


_SE25 = _names("VAT 25 %", "增值税 25%", "增值稅 25%", "Moms 25 %")
_SE12 = _names("VAT 12 %", "增值税 12%", "增值稅 12%", "Moms 12 %")
_SE6 = _names("VAT 6 %", "增值税 6%", "增值稅 6%", "Moms 6 %")
_ZERO = _names("VAT 0 %", "增值税 0%", "增值稅 0%", "Moms 0 %")
_NONE = _names("No VAT", "无增值税", "無增值稅", "Ingen moms")


def _vat(percent: str, note: str = "", hans: str = "", hant: str = "", sv: str = "") -> Labels:
    def with_note(text: str, said: str) -> str:
        return f"{text}, {said}" if said else text

    return _names(
        with_note(f"VAT {percent} %", note),
        with_note(f"增值税 {percent}%", hans),
        with_note(f"增值稅 {percent}%", hant),
        with_note(f"Moms {percent} %", sv),
    )


_GOODS = (
    "transport, building, farm goods",
    "交通运输、建筑、农产品",
    "交通運輸、建築、農產品",
    "transport, bygg, jordbruk",
)
_SERVICES = ("services", "现代服务", "現代服務", "tjänster")
_SMALL = ("small taxpayers", "小规模纳税人", "小規模納稅人", "små skattskyldiga")
_FOOD = ("food and papers", "食品、报纸", "食品、報紙", "livsmedel och tidningar")

TAX_RATES: Final[tuple[Shipped, ...]] = (
    ("SE", "standard", 250_000, "S", "1990-07-01", "", _SE25),
    ("SE", "reduced", 120_000, "S", "1996-01-01", "", _SE12),
    ("SE", "low", 60_000, "S", "1996-01-01", "", _SE6),
    ("SE", "zero", 0, "Z", "1969-01-01", "", _ZERO),
    ("CN", "standard", 170_000, "S", "1994-01-01", "2018-04-30", _vat("17")),
    ("CN", "standard", 160_000, "S", "2018-05-01", "2019-03-31", _vat("16")),
    ("CN", "standard", 130_000, "S", "2019-04-01", "", _vat("13")),
    ("CN", "reduced", 100_000, "S", "2018-05-01", "2019-03-31", _vat("10", *_GOODS)),
    ("CN", "reduced", 90_000, "S", "2019-04-01", "", _vat("9", *_GOODS)),
    ("CN", "services", 60_000, "S", "2012-01-01", "", _vat("6", *_SERVICES)),
    ("CN", "small", 30_000, "S", "2009-01-01", "", _vat("3", *_SMALL)),
    ("CN", "small_reduced", 10_000, "S", "2020-03-01", "2027-12-31", _vat("1", *_SMALL)),
    ("CN", "zero", 0, "Z", "1994-01-01", "", _vat("0")),
    ("DE", "standard", 190_000, "S", "2007-01-01", "2020-06-30", _vat("19")),
    ("DE", "standard", 160_000, "S", "2020-07-01", "2020-12-31", _vat("16")),
    ("DE", "standard", 190_000, "S", "2021-01-01", "", _vat("19")),
    ("DE", "reduced", 70_000, "S", "1983-07-01", "2020-06-30", _vat("7")),
    ("DE", "reduced", 50_000, "S", "2020-07-01", "2020-12-31", _vat("5")),
    ("DE", "reduced", 70_000, "S", "2021-01-01", "", _vat("7")),
    ("DE", "zero", 0, "Z", "2023-01-01", "", _vat("0")),
    ("GB", "standard", 200_000, "S", "2011-01-04", "", _vat("20")),
    ("GB", "reduced", 50_000, "S", "1997-09-01", "", _vat("5")),
    ("GB", "zero", 0, "Z", "1973-04-01", "", _vat("0")),
    ("JP", "standard", 80_000, "S", "2014-04-01", "2019-09-30", _vat("8")),
    ("JP", "standard", 100_000, "S", "2019-10-01", "", _vat("10")),
    ("JP", "reduced", 80_000, "S", "2019-10-01", "", _vat("8", *_FOOD)),
    ("JP", "zero", 0, "Z", "1989-04-01", "", _vat("0")),
    ("US", "none", 0, "O", "1900-01-01", "", _NONE),
)

RATES_SINCE: Final = dt.date(2024, 1, 1)
"""The first day whose exchange rates are loaded without being asked for all of them."""
