"""The bill types that a new installation starts with, in the four languages of the interface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


def _in(en: str, hans: str, hant: str, sv: str) -> dict[str, str]:
    return {"en": en, "sv": sv, "zh-hans": hans, "zh-hant": hant}


@dataclass(frozen=True)
class ShippedType:
    """A bill type as it is shipped: key, name, heading on the paper, note below the sums."""

    key: str
    labels: Mapping[str, str]
    heading: Mapping[str, str]
    note: Mapping[str, str] = field(default_factory=dict)
    country: str = ""
    is_default: bool = False


FAPIAO_FOLLOWS: Final = {
    "zh-hans": "本账单为付款通知，增值税发票将另行开具。",
    "en": "This is a payment notice; the VAT invoice (fapiao) follows separately.",
    "zh-hant": "本帳單為付款通知，增值稅發票將另行開立。",
    "sv": "Detta är ett betalningsunderlag; den kinesiska momsfakturan (fapiao) sänds separat.",
}
_BILL: Final = _in("Invoice", "账单", "帳單", "Faktura")

TYPES: Final[tuple[ShippedType, ...]] = (
    ShippedType("invoice", _in("Invoice", "账单", "發票", "Faktura"), _in("Invoice", "账单", "發票", "Faktura"),
                {"zh-hans": FAPIAO_FOLLOWS["zh-hans"]}, is_default=True),
    ShippedType("cn_notice", _in("Payment notice (China)", "账单（付款通知）", "帳單（付款通知）", "Betalningsunderlag (Kina)"), _BILL,
                FAPIAO_FOLLOWS, "CN", is_default=True),
    ShippedType("receipt", _in("Receipt", "收据", "收據", "Kvitto"), _in("Receipt", "收据", "收據", "Kvitto")),
    ShippedType("vat_special",
                _in("VAT special invoice (fapiao)", "增值税专用发票", "增值稅專用發票", "Kinesisk momsfaktura (avdragsgill)"),
                _BILL, FAPIAO_FOLLOWS, "CN"),
    ShippedType("vat_ordinary",
                _in("VAT ordinary invoice (fapiao)", "增值税普通发票", "增值稅普通發票", "Kinesisk momsfaktura (ordinär)"),
                _BILL, FAPIAO_FOLLOWS, "CN"),
    ShippedType("e_invoice", _in("E-invoice", "电子发票", "電子發票", "E-faktura"), _in("Invoice", "账单", "發票", "Faktura"),
                {"zh-hans": FAPIAO_FOLLOWS["zh-hans"]}),
)  # fmt: skip
"""The fapiao itself comes from the tax platform; what is printed here is a payment notice (账单) that says so."""
