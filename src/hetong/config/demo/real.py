"""Real contracts and purchases of others in the demo, as drafts and as closed purchases; whose they are stands in data/NOTICE.md."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from hetong.contracts import services as contracts
from hetong.contracts.models import Contract
from hetong.documents.models import DocumentKind
from hetong.documents.services import Upload, add_documents
from hetong.kernel.actors import Actor
from hetong.parties.services import add_parties

from .made import Made

DATA = Path(__file__).parent / "data"
CUAD_SOURCE = "CUAD v1, The Atticus Project (CC BY 4.0)"
LEDGER_SOURCE = "gBizINFO, METI Japan"
JAPAN = ZoneInfo("Asia/Tokyo")
TYPES = {
    "alliance": "framework", "co-branding": "framework", "affiliate": "framework", "endorsement": "framework", "license": "framework",
    "distributor": "framework", "maintenance": "purchase", "consulting": "purchase", "outsourcing": "purchase",
    "transportation": "purchase",
    "hosting": "purchase", "capital": "framework",
}  # fmt: skip
"""The type by a word of the contract's name."""
UNITS = {"day": "day", "month": "month", "year": "year"}
WHY = "Bought and delivered before Hetong; entered from the public ledger."
SHORT_NAME = re.compile(r"\s*\([\"“].*")
"""What follows a party's name: how the contract calls it for short."""
SMALL = (" And ", " Of ", " The ", " Or ")


class RealContract(NamedTuple):
    """One contract of the labelled set: what its labels say, and its file. Dates are the contract's own."""

    name: str
    parties: tuple[str, ...]
    file: Path
    agreed_on: str
    starts_on: str
    ends_on: str
    last_notice_on: str
    """The last day of notice as the set's derived dates have it (ISO), or empty."""
    renewal: str
    notice: str
    law: str
    clauses: tuple[str, ...]
    """The labelled clauses that it has."""


def real_contracts() -> list[RealContract]:
    """The labelled contracts, in the order of their dates file."""
    labels = {row["pdf"]: row for row in _rows(DATA / "cuad" / "labels.csv")}
    return [_contract(row, labels[row["pdf"]]) for row in _rows(DATA / "cuad" / "key_dates.csv")]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _contract(dates: Mapping[str, str], labels: Mapping[str, str]) -> RealContract:
    name = " ".join(dates["document_name"].split("\n", 1)[0].split())
    clauses = (
        key.removesuffix("-Answer").strip()
        for key, value in labels.items()
        if key.endswith("-Answer") and value == "Yes"
    )
    return RealContract(
        _titled(name), _parties(dates["parties"]),
        DATA / "cuad" / "pdf" / dates["pdf"], _american(dates["agreement_date_raw"]),
        _american(dates["effective_date_raw"]) or _american(dates["agreement_date_raw"]), dates["expiration_iso"],
        dates["last_notice_day_iso"], dates["renewal_term"], dates["notice"], dates["governing_law"], tuple(sorted(clauses)),
    )  # fmt: skip


def _parties(text: str) -> tuple[str, ...]:
    """The names out of ``Name ("Short"); Name2 ("Short2")``."""
    names = (SHORT_NAME.sub("", one).strip(" (,") for one in text.replace("[]", "").split(";"))
    return tuple(name for name in names if name)


def _titled(name: str) -> str:
    """A name that is written in capitals as one that is not."""
    if any(letter.islower() for letter in name):
        return name
    name = name.title()
    for small in SMALL:
        name = name.replace(small, small.lower())
    return name


def _american(text: str) -> str:
    """A day such as 4/15/09 as ISO; empty where it is left blank. Years from 70 on are of the last century."""
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{2})", text.strip())
    if not found:
        return ""
    month, day, year = (int(part) for part in found.groups())
    return dt.date(year + (1900 if year >= 70 else 2000), month, day).isoformat()


def span_of(text: str) -> tuple[int, str] | None:
    """The length in words such as "90 days" or "1 month"; None where there is none."""
    found = re.search(r"(\d+)\s+(day|month|year)", text)
    return (int(found[1]), UNITS[found[2]]) if found else None


def add_real_contracts(made: Made) -> list[Contract]:
    """The labelled contracts as drafts of the lawyer's, each with its file; drafts, so that no term of long ago is rolled on."""
    found, actor = real_contracts(), made.actor("admin")
    names = list(dict.fromkeys(_other(one) for one in found))
    rows = add_parties(actor, [_party(made, name, "US", "legal") for name in names])
    ids = {name: row.pk for name, row in zip(names, rows, strict=True)}
    added = contracts.add_contracts(actor, [_given(made, one, ids[_other(one)]) for one in found])
    kind = str(DocumentKind.objects.get(key="contract_text").pk)
    for one, row in zip(found, added, strict=True):
        upload = Upload(one.file.name, io.BytesIO(one.file.read_bytes()))
        add_documents(actor, "contracts.contract", row.pk, [upload], kind=kind, title=one.name[:120])
    return added


def _other(one: RealContract) -> str:
    return one.parties[-1] if len(one.parties) > 1 else one.parties[0]


def _party(made: Made, name: str, country: str, owner: str, **more: object) -> dict[str, object]:
    return {
        "name": name, "kinds": ["partner"], "country": country, "language": "en", "company": str(made.companies["lindvall"].pk),
        "owner": str(made.users[owner].pk),
    } | more  # fmt: skip


def _given(made: Made, one: RealContract, party: UUID) -> dict[str, object]:
    notice = span_of(one.notice)
    # A framework agreement has a notice period unless its text gives one; where the text has none, none is to be made up.
    type_ = next((of for word, of in TYPES.items() if word in one.name.lower()), "framework") if notice else "purchase"
    between = "; ".join(one.parties)
    summary = f"Between {between}. Governing law: {one.law}. Renews: {one.renewal or 'no'}. Clauses: {', '.join(one.clauses) or '–'}."
    given: dict[str, object] = {
        "title": f"{one.name} ({one.parties[0]})"[:200], "type": str(made.types[type_]), "counterparty": str(party),
        "company": str(made.companies["lindvall"].pk), "owner": str(made.users["legal"].pk), "team": str(made.teams["purchasing"].pk),
        "currency": "USD", "signed_on": one.agreed_on or None, "starts_on": one.starts_on or None, "ends_on": one.ends_on or None,
        "term": "auto_renew" if one.renewal else "fixed" if one.ends_on else "evergreen", "source": CUAD_SOURCE, "summary": summary[:2000],
    }  # fmt: skip
    if notice:
        given |= {"notice_count": notice[0], "notice_unit": notice[1]}
    else:
        given |= {"notice_count": None}
    return given


# -- the ledger ------------------------------------------------------------------------------------


def add_real_purchases(made: Made) -> list[Contract]:
    """Rows of Japan's public procurement as purchases that are over: one line each, in yen, known by the supplier's number."""
    rows, actor = list(_rows(DATA / "ledger" / "procurement.csv")), made.actor("admin")
    numbers = list(dict.fromkeys(row["corporate_number"] for row in rows))
    parties = add_parties(
        actor,
        [_party(made, f"法人番号 {n}", "JP", "finance", kinds=["supplier"], registration_number=n) for n in numbers],
    )
    ids = {number: party.pk for number, party in zip(numbers, parties, strict=True)}
    added = contracts.add_contracts(actor, [_purchase(made, row, ids[row["corporate_number"]]) for row in rows])
    lines = [
        {"contract": str(one.pk), "title": row["title"], "quantity": "1", "unit_price": row["amount"], "tax_rate": "0"}
        for one, row in zip(added, rows, strict=True)
    ]
    contracts.add_lines(actor, lines)
    _adopt(actor, added)
    return added


def _purchase(made: Made, row: Mapping[str, str], party: UUID) -> dict[str, object]:
    day = dt.datetime.fromisoformat(row["date_of_order"]).astimezone(JAPAN).date().isoformat()
    return {
        "title": row["title"][:200], "type": str(made.types["purchase"]), "counterparty": str(party), "currency": "JPY",
        "company": str(made.companies["lindvall"].pk), "owner": str(made.users["finance"].pk), "team": str(made.teams["purchasing"].pk),
        "starts_on": day, "signed_on": day, "term": "fixed", "notice_count": None,
        "source": f"{LEDGER_SOURCE}: {row['government_departments']}"[:200],
    }  # fmt: skip


def _adopt(actor: Actor, rows: list[Contract]) -> None:
    """Taken in as closed, each signed on its own day."""
    contracts.adopt_closed_contracts(actor, [row.pk for row in rows], reason=WHY)
