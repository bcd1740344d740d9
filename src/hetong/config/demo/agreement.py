"""The papers of the demo's contracts: the agreed text, and the same text with both names under it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping

from django.utils import translation

from hetong.contracts.models import Contract
from hetong.documents.services import Upload
from hetong.files.typeset.press import TypesetJob, typeset
from hetong.files.typeset.writing import Pen, frame, paper_language
from hetong.kernel.money import Money

WORDS: Mapping[str, tuple[str, ...]] = {
    "en": ("Between", "and", "What is agreed", "Net", "This agreement is made up for the demo.", "Signed"),
    "sv": ("Mellan", "och", "Vad som är avtalat", "Netto", "Avtalet är påhittat för demon.", "Undertecknat"),
    "zh-hans": ("甲方", "乙方", "约定内容", "不含税", "本合同为演示而虚构。", "签署"),
    "zh-hant": ("甲方", "乙方", "約定內容", "未稅", "本合約為展示而虛構。", "簽署"),
}


def paper_of(contract: Contract, signed: tuple[tuple[str, str], ...] = (), on: dt.date | None = None) -> Upload:
    """The agreement as PDF; with ``signed`` (name and side) it carries who has signed on which day."""
    company, party = contract.company, contract.counterparty
    language = paper_language(party.language or company.language)
    pen = Pen(language)
    between, and_, agreed, net, remark, signature = WORDS[language]
    with translation.override(language):
        made = typeset(TypesetJob("config/agreement", {
            **frame(pen, title=contract.title, author=company.name, day=on or contract.created_at.date(), foot=[[company.name], [remark]]),
            "name": contract.title, "number": contract.number or "", "ours": [between, company.name], "theirs": [and_, party.name],
            "heading": agreed, "net": net,
            "lines": [_line(pen, contract, one) for one in contract.lines.order_by("position", "pk")],
            "signed": [[name, side, f"{signature} {pen.day(on)}" if on else ""] for name, side in signed],
        }))  # fmt: skip
    return Upload(f"{contract.title[:60]}{'' if not signed else ' (2)'}.pdf", io.BytesIO(made))


def _line(pen: Pen, contract: Contract, line: object) -> list[str]:
    net = Money(int(getattr(line, "net_minor", 0) or 0), contract.currency or "EUR")
    return [str(getattr(line, "title", "")), pen.money(net)]
