"""Many rows, fast: inserted in bulk past the services, for measuring only. Deterministic."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from hetong.accounts.models import Company, Grant, PolicyState, Role, Team, User
from hetong.billing.models import Due
from hetong.config.sqlite.weighing import weigh_tables
from hetong.contracts.models import Contract, ContractType, Line, Status
from hetong.documents.models import Document, DocumentKind
from hetong.kernel import clock
from hetong.kernel.text import name_key
from hetong.parties.models import Contact, Party, PartyTerms, SimilarName
from hetong.parties.queries.duplicates import pieces_of

CHUNK = 2000
DAY = dt.date(2026, 3, 31)
PLACES = (
    "Västerhamn",
    "Kallvik",
    "Gävle",
    "Öresund",
    "Rheinwerk",
    "Brightwater",
    "北京",
    "東京",
    "Duisburg",
    "Lumière",
)
TRADES = ("Energi", "Pharma", "Vatten", "Pumpen", "Utilities", "科技", "精機", "Logistics", "Hydraulique", "Sensors")
WORK = (
    "Flow metering",
    "Maintenance",
    "Calibration",
    "Spare parts",
    "Leak detection",
    "维护合同",
    "Underhåll",
    "Heat meters",
    "Rental",
    "Supply",
)
PEOPLE = ("Åsa Lindqvist", "王芳", "陳大文", "Jean Dupont", "Sabine Köhler", "Erik Öberg", "李雷", "Maria Rossi")
STAGES = ("draft", "in_review", "active", "active", "active", "closed")
CURRENCIES = ("SEK", "SEK", "EUR", "CNY", "JPY")


@dataclass(frozen=True)
class Readers:
    """Who measures read as."""

    agent: User
    sales: User
    admin: User

    def items(self) -> tuple[tuple[str, User], ...]:
        return (("agent", self.agent), ("sales", self.sales), ("admin", self.admin))


def prepare(rows: int) -> Readers:
    """At least ``rows`` parties and contracts of one company, owned by twenty people in five teams."""
    company = Company.objects.filter(name="Bench AB").first() or Company.objects.create(
        name="Bench AB", country="SE", currency="SEK", zone="Europe/Stockholm"
    )
    people = _people(company)
    have = Contract.objects.filter(company=company).count()
    if have < rows:
        _fill(company, people, have, rows)
        _fill_details(company, have)
        weigh()
    return Readers(people[0], people[1], people[2])


def weigh() -> None:
    """The statistics by which the database chooses its ways, as a running house has them."""
    weigh_tables()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _people(company: Company) -> list[User]:
    known = list(User.objects.filter(email__endswith="@bench.test").order_by("email"))
    if known:
        return known
    PolicyState.objects.get_or_create(pk=1)
    teams = [Team.objects.create(company=company, name=f"Team {n}") for n in range(5)]
    roles = ("agent", "sales_rep", "admin", *["sales_rep"] * 17)
    people = [
        User(email=f"user{n:02d}@bench.test", name=f"User {n:02d}", created_at=clock.now()) for n in range(len(roles))
    ]
    for one in people:
        one.set_unusable_password()
    User.objects.bulk_create(people)
    for n, (user, key) in enumerate(zip(people, roles, strict=True)):
        team = None if key == "admin" else teams[n % 5]
        Grant.objects.create(
            user=user, role=Role.objects.get(key=key), company=None if key == "admin" else company, team=team
        )
    return people


def _fill(company: Company, people: list[User], start: int, rows: int) -> None:
    team_of = dict(Grant.objects.filter(user__in=people).values_list("user", "team"))
    types = list(ContractType.objects.all()[:5])
    statuses = {s.stage: s for s in Status.objects.filter(is_default=True)}
    luck = random.Random(start)  # noqa: S311 - not for secrets: the same rows every time
    for first in range(start, rows, CHUNK):
        span = range(first, min(first + CHUNK, rows))
        parties = [Party(name=f"{PLACES[n % 10]} {TRADES[n // 10 % 10]} {n:06d}", country="SE") for n in span]
        Party.objects.bulk_create(parties, batch_size=500)
        owners = [people[luck.randrange(len(people))] for _ in span]
        PartyTerms.objects.bulk_create(
            [
                PartyTerms(
                    party=p, company=company, owner=o, team_id=team_of[o.pk], number=f"K{n:06d}", payment_days=30
                )
                for n, p, o in zip(span, parties, owners, strict=True)
            ],
            batch_size=500,
        )
        contracts = []
        for n, party, owner in zip(span, parties, owners, strict=True):
            type_, stage = types[n % len(types)], STAGES[luck.randrange(len(STAGES))]
            starts = DAY + dt.timedelta(days=luck.randrange(-900, 300))
            ends = starts + dt.timedelta(days=luck.randrange(90, 1500))
            net = luck.randrange(10_000, 900_000_000)
            contracts.append(
                Contract(
                    number=f"HT-2026-{n:07d}", title=f"{WORK[n % 10]} {PLACES[n // 7 % 10]} {n}", type=type_, class_of=type_.class_of,
                    company=company, counterparty=party, owner=owner, team_id=team_of[owner.pk], starts_on=starts, ends_on=ends,
                    notice_by=ends - dt.timedelta(days=90), act_by=ends - dt.timedelta(days=104), next_on=ends, next_what="ends",
                    currency=CURRENCIES[n % 5], net_minor=net, tax_minor=net // 4, gross_minor=net + net // 4, stage=stage,
                    stage_since=clock.now(), status=statuses[stage], created_at=clock.now(),
                )
            )  # fmt: skip
        Contract.objects.bulk_create(contracts, batch_size=500)


def _pour(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert very many narrow rows without making objects of them."""
    names = ", ".join(f'"{one}"' for one in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        values = [[one.hex if isinstance(one, UUID) else one for one in row] for row in rows]
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})", values)  # noqa: S608 - our own names


def _fill_details(company: Company, start: int) -> None:
    """What hangs on every party and contract from the ``start``-th on, without which a query would look cheaper than it is."""
    luck = random.Random(start)  # noqa: S311 - not for secrets: the same rows every time
    parties = list(Party.objects.order_by("pk").values_list("pk", "name")[start:])
    for first in range(0, len(parties), CHUNK):
        some = parties[first : first + CHUNK]
        keys = [(pk, name_key(name)) for pk, name in some]
        _pour(SimilarName, ("party_id", "piece", "key"), ((pk, one, key) for pk, key in keys for one in pieces_of(key)))
        people = [Contact(party_id=pk, name=luck.choice(PEOPLE), is_primary=True) for pk, _name in some[::2]]
        Contact.objects.bulk_create(people, batch_size=500)
    kind = DocumentKind.objects.all()[0]
    contracts = list(Contract.objects.order_by("pk").values_list("pk", flat=True)[start:])
    papers = (
        Document(
            noun="contracts.contract", subject=pk, company=company, kind=kind, title=f"{luck.choice(WORK)} {n}", created_at=clock.now()
        )
        for n, pk in enumerate(contracts)
        if n % 5 == 0
    )  # fmt: skip
    Document.objects.bulk_create(papers, batch_size=500)


def add_dues(rows: int) -> None:
    """Three lines and one open due on each of the first ``rows`` contracts of the bench, which are in force from now on."""
    ids = Contract.objects.filter(company__name="Bench AB", dues=None).order_by("pk").values_list("pk", flat=True)
    for first in range(0, len(wanted := list(ids[:rows])), CHUNK):
        contracts = list(Contract.objects.filter(pk__in=wanted[first : first + CHUNK]).order_by("pk"))
        lines = [line for one in contracts for line in _lines(one)]
        Line.objects.bulk_create(lines, batch_size=500)
        Due.objects.bulk_create([_due(one) for one in contracts], batch_size=500)
        # allow: stage-writes — rows of a measurement, in bulk past the services
        Contract.objects.filter(pk__in=[one.pk for one in contracts]).update(
            stage="active", class_of="income", currency="SEK", signature="both", signed_on=DAY
        )


def _lines(contract: Contract) -> list[Line]:
    return [
        Line(
            contract=contract, company_id=contract.company_id, position=n, title=f"{WORK[n]} {n}", quantity=10**6, unit="pcs",
            price=400_000 * n * 10**4, tax_percent=250_000, currency="SEK", net_minor=400_000 * n, tax_minor=100_000 * n,
            gross_minor=500_000 * n, created_at=clock.now(),
        )
        for n in (1, 2, 3)
    ]  # fmt: skip


def _due(contract: Contract) -> Due:
    return Due(
        contract=contract, company_id=contract.company_id, party_id=contract.counterparty_id, kind="collect", position=1,
        title=contract.title, on=DAY, due_on=DAY, currency="SEK", net_minor=2_400_000, tax_minor=600_000, gross_minor=3_000_000,
        taxes=[{"rate": 250_000, "code": "", "net": 2_400_000, "tax": 600_000}], state="open", created_at=clock.now(),
    )  # fmt: skip
