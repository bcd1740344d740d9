"""The demo's licences and certificates: one that is good for long, some that end soon, one that nobody renewed."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.utils import translation

from hetong.contracts.models import Contract
from hetong.documents.models import DocumentKind
from hetong.documents.policy import Can as Documents
from hetong.documents.services import Upload, add_documents
from hetong.files.typeset.press import TypesetJob, typeset
from hetong.files.typeset.writing import Pen, frame

from .living import Act
from .made import Made

PARTY, CONTRACT, COMPANY = "parties.party", "contracts.contract", "accounts.company"
WORDS: Mapping[str, tuple[str, ...]] = {
    "en": ("Issued to", "Issued by", "What it is for", "Valid until", "This paper is made up for the demo."),
    "sv": ("Utfärdat för", "Utfärdat av", "Vad det gäller", "Gäller till och med", "Papperet är påhittat för demon."),
    "zh-hans": ("持证单位", "发证机构", "范围", "有效期至", "本证为演示而虚构。"),
}


class LicenceFacts(NamedTuple):
    noun: str
    on: str
    """The key of the party or company, or the title of the contract."""
    holder: str
    title: str
    number: str
    issuer: str
    language: str
    owner: str
    filed: int
    """Days from the demo's day (before it: negative) on which it was filed, and until which it is good."""
    until: int


LICENCES = (
    LicenceFacts(PARTY, "kalibrering", "Svensk Kalibrering & Provning AB", "Ackreditering för flödeskalibrering", "KAL-0417",
                 "Mätrådet", "sv", "manager", -290, 440),
    LicenceFacts(PARTY, "fraktbolaget", "Fraktbolaget Väst AB", "Trafiktillstånd för godstransporter", "GT-88213",
                 "Transportnämnden Väst", "sv", "finance", -340, 25),
    LicenceFacts(PARTY, "suzhou", "苏州恒测传感器有限公司", "计量器具型式批准证书", "2021F318-32",
                 "苏州计量检测所", "zh-hans", "finance", -300, -12),
    LicenceFacts(COMPANY, "lindvall", "Lindvall Mätteknik AB", "Quality management certificate", "Q-2291-7", "Norrland Assurance",
                 "en", "admin", -310, 52),
    LicenceFacts(CONTRACT, "Flow measuring systems with 36-month maintenance", "Lindvall Mätteknik AB", "Ansvarsförsäkring för arbetet",
                 "F-560118", "Skeppsbro Försäkring", "sv", "sales", -120, 41),
)  # fmt: skip


def filing(made: Made, as_of: dt.date) -> Iterable[Act]:
    """The filing of each, on its day."""
    return [Act(one.filed, 20 + n, partial(_file, made, one, as_of)) for n, one in enumerate(LICENCES)]


def _file(made: Made, facts: LicenceFacts, as_of: dt.date) -> None:
    until = as_of + dt.timedelta(days=facts.until)
    [kind] = DocumentKind.objects.filter(key="certificate")
    add_documents(
        made.actor(facts.owner, Documents.ADD), facts.noun, _holder(made, facts), [_paper(facts, until, as_of)], kind=str(kind.pk),
        title=facts.title, valid_until=until.isoformat(), licence_number=facts.number,
    )  # fmt: skip


def _holder(made: Made, facts: LicenceFacts) -> UUID:
    if facts.noun == CONTRACT:
        # allow: visibility — the demo's own
        id: UUID = Contract.objects.get(title=facts.on, company__in=made.companies.values()).pk
        return id
    return made.parties[facts.on] if facts.noun == PARTY else made.companies[facts.on].pk


def _paper(facts: LicenceFacts, until: dt.date, as_of: dt.date) -> Upload:
    """The paper itself, as whoever issued it would set it."""
    pen = Pen(facts.language)
    to, by, scope, good, remark = WORDS[facts.language]
    day = as_of + dt.timedelta(days=facts.filed)
    with translation.override(facts.language):
        made = typeset(TypesetJob("config/agreement", {
            **frame(pen, title=facts.title, author=facts.issuer, day=day, foot=[[facts.issuer], [remark]]),
            "name": facts.title, "number": facts.number, "ours": [to, facts.holder], "theirs": [by, facts.issuer],
            "heading": scope, "net": "", "lines": [[facts.title, ""], [good, pen.day(until)]], "signed": [],
        }))  # fmt: skip
    return Upload(f"{facts.title[:60]}.pdf", io.BytesIO(made))
