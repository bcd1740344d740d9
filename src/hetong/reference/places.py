"""Names of currencies and countries in the reader's language; facts of ISO, names of CLDR."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from babel.core import get_global
from django.utils.translation import get_language

from hetong.kernel.fields import Choice
from hetong.kernel.money import PLACES, is_active
from hetong.kernel.numerals import locale_of
from hetong.kernel.text import fold

_NO_COUNTRY: Final = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ")
)
"""Two-letter codes of CLDR that ISO 3166-1 has not assigned."""

COMMON: Final = ("EUR", "USD", "CNY", "SEK", "GBP", "JPY", "HKD", "NOK", "DKK", "CHF")
"""Offered first, in this order."""


_ALSO: Final = {
    "AE": "UAE, U.A.E., Emirates", "AT": "Österreich", "BA": "Bosnia, Bosnien", "BE": "België, Belgique, Belgien",
    "BN": "Brunei Darussalam", "BO": "Bolivia (Plurinational State of)", "BR": "Brasil", "BY": "Vitryssland, Belorussia",
    "CD": "DR Congo, Democratic Republic of the Congo, Congo (Democratic Republic of the), 刚果民主共和国",
    "CG": "Republic of the Congo", "CH": "Schweiz, Suisse, Svizzera", "CI": "Ivory Coast, Côte d'Ivoire, Cote d'Ivoire, Cote d’Ivoire",
    "CN": "PRC, P.R.C., P.R. China, PR China, Mainland China, People's Republic of China, China (People's Republic of), "
          "Folkrepubliken Kina, 中华人民共和国, 中華人民共和國, 中国大陆, 中國大陸, 中国内地",
    "CV": "Cabo Verde", "CY": "Κύπρος", "CZ": "Czech Republic, Tjeckiska republiken, Česko, Česká republika",
    "DE": "Deutschland, BRD, Federal Republic of Germany", "DK": "Danmark", "DO": "Dominican Rep.", "EE": "Eesti",
    "EG": "Arab Republic of Egypt", "ES": "España", "FI": "Suomi", "FM": "Micronesia (Federated States of)",
    "GB": "UK, U.K., Great Britain, Britain, England, Scotland, Wales, Northern Ireland, "
          "United Kingdom of Great Britain and Northern Ireland, Skottland, Nordirland, 大不列颠",
    "GR": "Ελλάδα, Hellas", "HK": "Hong Kong, Hongkong, Hong Kong SAR, HKSAR, 香港", "HR": "Hrvatska", "HU": "Magyarország",
    "IE": "Éire, Republic of Ireland", "IN": "Bharat", "IR": "Iran (Islamic Republic of)", "IS": "Ísland", "IT": "Italia",
    "JP": "日本国, Nippon", "KP": "DPRK, Korea (Democratic People's Republic of), 北朝鲜",
    "KR": "Korea, Republic of Korea, Korea (Republic of), Korea (South), 대한민국, 한국, 南韩, 韓國, 大韩民国, 大韓民國",
    "LA": "Lao PDR, Lao People's Democratic Republic", "LT": "Lietuva", "LU": "Luxemburg", "LV": "Latvija",
    "MD": "Republic of Moldova, Moldova (Republic of)", "MK": "Macedonia, FYROM, Makedonien", "MM": "Burma, Myanmar",
    "MO": "Macau, Macao, 澳门, 澳門", "MX": "México", "MY": "马来西亚联邦", "NL": "Holland, Nederland, The Netherlands",
    "NO": "Norge", "NZ": "Aotearoa", "PH": "The Philippines", "PL": "Polska", "PS": "Palestine, State of Palestine",
    "PT": "República Portuguesa", "RO": "România", "RU": "Russian Federation, Россия, 俄国, 俄罗斯联邦", "SE": "Kingdom of Sweden",
    "SI": "Slovenija", "SK": "Slovak Republic, Slovensko", "SY": "Syrian Arab Republic", "SZ": "Swaziland",
    "TH": "Kingdom of Thailand", "TL": "East Timor, Timor-Leste", "TR": "Turkey, Türkiye",
    "TW": "Taiwan (Province of China), Taiwan, R.O.C., Chinese Taipei, 臺灣, 中国台湾, 中國台灣",
    "TZ": "United Republic of Tanzania, Tanzania (United Republic of)", "UA": "Україна",
    "US": "USA, U.S.A., U.S., United States of America, America, Förenta staterna, 美利坚合众国",
    "VA": "Holy See, Vatican", "VE": "Venezuela (Bolivarian Republic of)", "VN": "Viet Nam, Việt Nam",
    "ZA": "RSA, Republic of South Africa",
}  # fmt: skip
"""What files call countries besides their names of CLDR: former, short, official and own names."""


@lru_cache(maxsize=1)
def _other_codes() -> dict[str, tuple[str, ...]]:
    """The codes of three letters and of three digits of each country, as CLDR knows them."""
    found: dict[str, tuple[str, ...]] = {}
    for other, codes in get_global("territory_aliases").items():
        if len(other) == 3 and len(codes) == 1:
            found[codes[0]] = (*found.get(codes[0], ()), other)
    return found


def _also(code: str, name: str) -> tuple[str, ...]:
    """Other words for a country: other codes, usual names, the name as it is typed on plain keyboards, ISO's way with commas."""
    said = _ALSO[code].split(", ") if code in _ALSO else []
    turned = [f"{rest.rstrip(')')} {first}" for one in said for first, mark, rest in [one.partition(" (")] if mark]
    with_comma = [one.replace(" (", ", ").rstrip(")") for one in said if " (" in one]
    plain = name.replace(" & ", " and ").replace("St. ", "Saint ").replace("’", "'")
    return (*_other_codes().get(code, ()), *said, *turned, *with_comma, *([plain] if plain != name else ()))


_ALSO_MONEY: Final = {
    "CNY": "RMB, 人民币, 人民幣, Renminbi, Yuan", "EUR": "Euro, Euros", "GBP": "Pound, Pounds, Pound Sterling", "HKD": "港元, 港币, 港幣",
    "JPY": "Yen, 日圆, 日元, 日圓", "SEK": "Kronor, Swedish Kronor, Svenska kronor", "USD": "US Dollars, Dollar, Dollars, 美元, 美金",
    "TWD": "NT$, 新台币, 台币, 新臺幣",
}  # fmt: skip
"""What files call currencies besides their codes and names of CLDR."""


@lru_cache(maxsize=32)
def _currencies(language: str) -> tuple[Choice, ...]:
    names = locale_of(language).currencies
    codes = [*COMMON, *(code for code in sorted(PLACES) if is_active(code) and code not in COMMON)]
    return tuple(Choice(code, f"{code} {names.get(code, '')}".strip(), also=_also_money(code, names)) for code in codes)


def _also_money(code: str, names: Mapping[str, str]) -> tuple[str, ...]:
    said = _ALSO_MONEY[code].split(", ") if code in _ALSO_MONEY else []
    return (*said, names[code]) if code in names else tuple(said)


@lru_cache(maxsize=32)
def _countries(language: str) -> tuple[Choice, ...]:
    names = locale_of(language).territories
    known = ((code, name) for code, name in names.items() if len(code) == 2 and code.isalpha())
    offered = [(code, name) for code, name in known if code not in _NO_COUNTRY]
    return tuple(
        Choice(code, name, also=_also(code, name)) for code, name in sorted(offered, key=lambda one: fold(one[1]))
    )


def currencies(language: str = "") -> tuple[Choice, ...]:
    """The currencies that new records may use, common ones first; named in ``language`` or the page's."""
    return _currencies(language or get_language() or "en")


def currency_name(code: str, language: str = "") -> str:
    """The name of a currency, withdrawn ones too; the code itself where it has none."""
    return str(locale_of(language or get_language() or "en").currencies.get(code, code))


def countries(language: str = "") -> tuple[Choice, ...]:
    """Every country of ISO 3166-1, sorted by its name in ``language`` or the page's."""
    return _countries(language or get_language() or "en")


def country_name(code: str, language: str = "") -> str:
    """The name of a country; the code itself where it is unknown."""
    return str(locale_of(language or get_language() or "en").territories.get(code, code))
