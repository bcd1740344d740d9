"""Registration, VAT and account numbers: how each is read, checked and written. Pure functions, rules as data.

The algorithms are python-stdnum's where it has them; this module is the only one that knows it. Sources:
Swedish organisation number, Skatteverket SKV 709 (Luhn, ISO/IEC 7812-1 annex B); 统一社会信用代码 GB 32100-2015
(weighted sum modulo 31); 法人番号, ordinance 35/2014 of the Ministry of Finance (modulo 9); EU VAT numbers, the
member states' structures as the Commission's VIES publishes them; GLN, GS1 General Specifications §7.9; D-U-N-S
has no check digit; IBAN ISO 13616-1 (ISO/IEC 7064 MOD 97-10); BIC ISO 9362; bankgiro and plusgiro, Bankgirot's
"10-modulen" (Luhn).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from stdnum import bic, ean, iban, luhn
from stdnum.cn import uscc
from stdnum.eu import vat
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.jp import cn as jp_corporate
from stdnum.se import orgnr

from hetong.kernel.errors import N_, DomainError
from hetong.kernel.text import clean_line, refuse_controls

MOST: Final = 60
"""No number is longer than this."""

_DASHES: Final = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0xFF0D, 0x30FC], "-")
_SEPARATORS: Final = re.compile(r"[\s\-./·]+")


@dataclass(frozen=True)
class Checked:
    """A number that passed: as people write it, and as it is compared."""

    value: str
    normalised: str
    is_personal: bool = False


class BadNumber(DomainError):
    """The number is not of its kind; ``wording`` says what was expected."""

    code = "bad_number"
    status = 422

    def __init__(self, code: str, wording: str, **params: Any) -> None:
        super().__init__(code, **params)
        self.wording = wording


@dataclass(frozen=True)
class Scheme:
    """A kind of number: what it is called, how it looks, and how it is checked.

    ``country``: the only country whose parties carry it as their registration number. ``example`` is shown
    in refusals and forms.
    """

    key: str
    label: str
    example: str
    read: Callable[[str], Checked]
    country: str = ""


def compact(text: str) -> str:
    """The number without separators, full-width digits and letters as plain ones, capitals."""
    folded = unicodedata.normalize("NFKC", refuse_controls(text).translate(_DASHES))
    return _SEPARATORS.sub("", folded).upper()


def _swedish(number: str) -> Checked:
    """Ten digits with a Luhn digit; the prefix 16 of registers is dropped, a century marks a person."""
    if not (number.isascii() and number.isdigit()) or len(number) not in (10, 12):
        raise _shape()
    if len(number) == 12:
        if number[:2] not in ("16", "18", "19", "20"):
            raise _shape()
        number = number[2:]
    orgnr.validate(number)
    is_personal = int(number[2:4]) < 20  # SKV 709: the second pair of a legal person's number is at least 20
    if is_personal and not (1 <= int(number[2:4]) <= 12 and 1 <= int(number[4:6]) % 60 <= 31):
        raise _shape()
    return Checked(f"{number[:6]}-{number[6:]}", number, is_personal)


def _chinese(number: str) -> Checked:
    found = uscc.validate(number)
    return Checked(found, found)


def _japanese(number: str) -> Checked:
    found = jp_corporate.validate(number)
    return Checked(f"{found[0]}-{found[1:5]}-{found[5:9]}-{found[9:]}", found)


def _eu_vat(number: str) -> Checked:
    """Two letters of the member state (EL for Greece, XI for Northern Ireland), then its own form and check digits."""
    if not re.fullmatch(r"[A-Z]{2}[0-9A-Z+*]{2,13}", number):
        raise _shape()
    found = vat.validate(f"EL{number[2:]}" if number.startswith("GR") else number)
    return Checked(found, found, found.startswith("SE") and int(found[4:6]) < 20)


def _gln(number: str) -> Checked:
    if len(number) != 13:
        raise _shape()
    found = ean.validate(number)
    return Checked(found, found)


def _duns(number: str) -> Checked:
    if not re.fullmatch(r"[0-9]{9}", number):
        raise _shape()
    return Checked(f"{number[:2]}-{number[2:5]}-{number[5:]}", number)


def _free(number: str) -> Checked:
    if not re.fullmatch(rf"[^\W_][\w#&+()]{{0,{MOST - 1}}}", number):
        raise _shape()
    return Checked(number, number)


def _iban(number: str) -> Checked:
    found = iban.validate(number)
    return Checked(" ".join(found[i : i + 4] for i in range(0, len(found), 4)), found)


def _bankgiro(number: str) -> Checked:
    """Seven or eight digits, the last one a Luhn digit."""
    if not re.fullmatch(r"[0-9]{7,8}", number):
        raise _shape()
    luhn.validate(number)
    return Checked(f"{number[:-4]}-{number[-4:]}", number)


def _plusgiro(number: str) -> Checked:
    """Two to eight digits, the last one a Luhn digit."""
    if not re.fullmatch(r"[0-9]{2,8}", number):
        raise _shape()
    luhn.validate(number)
    return Checked(f"{number[:-1]}-{number[-1]}", number)


def _shape() -> ValidationError:
    return ValidationError()


SCHEMES: Final[Mapping[str, Scheme]] = {
    s.key: s
    for s in (
        Scheme("se_orgnr", N_("Swedish organisation number"), "556016-0680", _swedish, "SE"),
        Scheme("cn_uscc", N_("Unified social credit code (China)"), "91350211M000100Y46", _chinese, "CN"),
        Scheme("jp_corporate", N_("Corporate number (Japan)"), "5-8356-7825-6246", _japanese, "JP"),
        Scheme("eu_vat", N_("EU VAT number"), "SE556016068001", _eu_vat),
        Scheme("gln", N_("GLN"), "7350053850019", _gln),
        Scheme("duns", N_("D-U-N-S number"), "12-345-6789", _duns),
        Scheme("other", N_("Other number"), "HRB 12345", _free),
    )
}

ACCOUNTS: Final[Mapping[str, Scheme]] = {
    s.key: s
    for s in (
        Scheme("iban", N_("IBAN"), "SE45 5000 0000 0583 9825 7466", _iban),
        Scheme("bankgiro", N_("Bankgiro"), "5805-6201", _bankgiro, "SE"),
        Scheme("plusgiro", N_("Plusgiro"), "4154-1", _plusgiro, "SE"),
        Scheme("account", N_("Account number"), "6222 0212 3456 7890", _free),
    )
}

WRONG_CHECK: Final = N_(
    "The check digit of “%(given)s” does not fit: a character is mistyped. Example of the form: %(example)s"
)
WRONG_SHAPE: Final = N_("“%(given)s” does not have the form of this number. Example: %(example)s")
UNKNOWN_SCHEME: Final = N_("“%(given)s” is not a known kind of number.")
TOO_LONG: Final = N_("This is too long for a number: at most %(limit)s characters fit.")


@lru_cache(maxsize=4096)  # a new party's number is asked about where it is read, looked up and kept
def check(scheme: str, text: str, *, country: str = "") -> Checked:
    """The registration number, read and checked. A VAT number without its letters gets those of ``country``.

    Raises `BadNumber`.
    """
    number = _bounded(text)
    if scheme == "eu_vat" and number[:1].isdigit() and country:
        number = {"GR": "EL"}.get(country, country) + number
    return _checked(SCHEMES, scheme, number, text)


def check_account(kind: str, text: str) -> Checked:
    """The number of an account, read and checked. Raises `BadNumber`."""
    return _checked(ACCOUNTS, kind, _bounded(text), text)


def check_bic(text: str) -> str:
    """The BIC in capitals: eight or eleven characters, ISO 9362. Raises `BadNumber`."""
    try:
        return str(bic.validate(_bounded(text)))
    except ValidationError as broken:
        raise BadNumber("bad_bic", WRONG_SHAPE, given=text[:MOST], example="ESSESESS") from broken


def scheme_of_country(country: str) -> str:
    """The scheme of a country's registration numbers; "other" where its form is not known here."""
    return next((s.key for s in SCHEMES.values() if country and s.country == country), "other")


def _bounded(text: str) -> str:
    if len(text) > MOST:
        raise BadNumber("too_long", TOO_LONG, limit=MOST)
    return compact(text)


def _checked(table: Mapping[str, Scheme], key: str, number: str, text: str) -> Checked:
    scheme = table.get(key)
    if scheme is None:
        raise BadNumber("unknown_scheme", UNKNOWN_SCHEME, given=key[:MOST])
    given = {"given": text.strip(), "example": scheme.example}
    try:
        found = scheme.read(number)
    except InvalidChecksum as broken:
        raise BadNumber("wrong_check_digit", WRONG_CHECK, **given) from broken
    except (ValidationError, ValueError) as broken:
        raise BadNumber("wrong_form", WRONG_SHAPE, **given) from broken
    return replace(found, value=clean_line(text)) if scheme.read is _free else found
