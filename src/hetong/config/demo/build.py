"""Fills an installation with the demo, through the services, as the people of the demo would: journalled like real work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from heapq import heapify, heappop, heappush
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import Bank, Role, User
from hetong.accounts.services import add_companies, add_teams, add_users, grant_roles, set_password
from hetong.config.wiring import OF_THE_DAY, SCHEDULE
from hetong.contracts.models import Contract, ContractType
from hetong.contracts.policy import Can as Contracts
from hetong.contracts.services import (
    add_contracts,
    add_members,
    add_projects,
    flag_contracts,
    move_contracts,
)
from hetong.jobs.services import settle_waiting
from hetong.jobs.worker import drain_outbox
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.parties.identifiers import BadNumber, check
from hetong.parties.policy import Can as Parties
from hetong.parties.services import add_contacts, add_parties
from hetong.search.services import rebuild as rebuild_index

from .contracts import CONTRACTS, ContractFacts
from .crowd import crowd_deals, crowd_parties
from .crowding import Crowd, chunks
from .drafting import contract_given, line_givens
from .licences import filing
from .lives import LIVES, Life
from .living import Act, Living
from .made import Made
from .parties import INDUSTRY, PARTIES, PartyFacts
from .people import COLLEAGUES, COMPANIES, DOMAIN, PASSWORD, PEOPLE, PORTAL, TEAMS, PersonFacts
from .rates import load_demo_rates
from .real import add_real_contracts, add_real_purchases
from .talking import talking

TYPES = {
    "sales": "Sales contract", "maintenance": "Maintenance contract", "purchase": "Purchase contract",
    "framework": "Framework agreement", "services": "Statement of work", "nda": "Confidentiality agreement",
}  # fmt: skip
NOT_NOW = "Superseded by the full agreement."
FIRST_DAY = 430
"""Days before the demo's day on which its house was set up."""
FLAGGED = -6
"""The day, from the demo's day, on which what is abnormal was noticed."""
PARTIES_OF_SIZE = {"s": 0, "m": 400, "l": 4_000}
CONTRACTS_OF_SIZE = {"s": 0, "m": 1_911, "l": 19_911}
"""What comes to the parties and contracts with a life of their own, and to those of others: 2,000 and 20,000 in all."""
IN_BULK = ("search.services.following:follow_event", "todos.services.refreshing:refresh_named")
"""Left while the demo is made, and done at its end for all records together."""
REMINDERS = "notifications.remind"
"""Sent by the server once it runs: nobody is reminded while the demo is made."""
PAPERS = ("billing.services.papers:make_papers",)
"""Left to the worker where invoices are many: setting their type takes longer than all the rest."""


def found_size() -> str:
    """The size of the demo that this installation holds already; empty where there is none."""
    # allow: visibility — asked by whoever runs the installation
    if not User.objects.filter(email=f"admin@{DOMAIN}").exists():
        return ""
    count = Contract.objects.filter(company__org_no__in=[one.org_no for one in COMPANIES]).count()
    return next(size for size, least in (("l", 10_000), ("m", 1_000), ("s", 0)) if count >= least)


def build(as_of: dt.date, tell: Callable[[str], None], size: str = "s") -> None:
    """Make the demo as of a day, all or nothing; deterministic but for ids and times of day."""
    made = Made(leave=(*IN_BULK, *(PAPERS if size != "s" else ())))
    parties = crowd_parties(PARTIES_OF_SIZE[size])
    deals = list(crowd_deals(CONTRACTS_OF_SIZE[size], parties)) if parties else []
    with transaction.atomic():
        with clock.set_to(_morning(as_of, -FIRST_DAY)):
            _people(made, COLLEAGUES if deals else ())
            tell(f"{len(made.companies)} companies, {len(made.users)} people")
            rates = load_demo_rates(Actor.system(label="Demo"), as_of - dt.timedelta(days=FIRST_DAY), as_of)
            tell(f"{rates} exchange rates made up for the demo")
        labels = {kind.labels["en"]: kind.pk for kind in ContractType.objects.all()}
        made.types = {key: labels.get(label) or next(iter(labels.values())) for key, label in TYPES.items()}
        with clock.set_to(_morning(as_of, -FIRST_DAY + 1), frozen=False):
            _parties(made, [*PARTIES, *parties])
            tell(f"{len(made.parties)} customers, suppliers and partners")
        with clock.set_to(_morning(as_of, -FIRST_DAY + 2), frozen=False):
            project = _project(made, as_of)
            real = len(add_real_contracts(made)) + len(add_real_purchases(made))
            tell(f"{real} contracts and purchases of others")
        crowd = Crowd(made, deals, as_of, {one.key: one.language for one in parties})
        _live(made, as_of, project, crowd)
        tell(f"{len(CONTRACTS) + len(deals)} contracts made up for the demo")
    drain_outbox(leave=made.leave)
    _catch_up(as_of, made.leave)


def _catch_up(as_of: dt.date, leave: Sequence[str]) -> None:
    """What follows from the demo's day alone; then at once for all records what was left while they came: index and to-dos."""
    with clock.set_to(_morning(as_of, 0), frozen=False):
        for name in OF_THE_DAY:
            if name != REMINDERS:
                SCHEDULE[name].run()
        drain_outbox(leave=leave)
        for name in SCHEDULE:
            if name.startswith("todos.") and name not in OF_THE_DAY:
                SCHEDULE[name].run()
    rebuild_index()
    settle_waiting(IN_BULK)


def _live(made: Made, as_of: dt.date, project: UUID, crowd: Crowd) -> None:
    """Everything that happened to the contracts, day by day over all of them: invoices are numbered in the order of their days."""
    coming: list[tuple[int, int, int, Act]] = []
    for n, facts in enumerate(CONTRACTS):
        life = LIVES.get(facts.title)
        begun = -life.begun if life else n - len(CONTRACTS) - 2
        draft = partial(_draft, made, facts, life, as_of, project, n, coming)
        coming.append((begun, 0, n, Act(begun, 0, draft)))
    coming += [
        (act.day, act.order, len(CONTRACTS) + n, act) for n, act in enumerate(crowd.acts() if crowd.deals else ())
    ]
    coming += [(act.day, act.order, n, act) for n, act in enumerate([*filing(made, as_of), *talking(made, as_of)])]
    heapify(coming)
    while coming:
        day, order, n, act = heappop(coming)
        with clock.set_to(_morning(as_of, day) + dt.timedelta(minutes=n * 7 + order), frozen=False):
            act.do()
            drain_outbox(leave=made.leave)


def _draft(
    made: Made, facts: ContractFacts, life: Life | None, as_of: dt.date, project: UUID, n: int, coming: list[tuple[int, int, int, Act]]
) -> None:  # fmt: skip
    """The draft, and what is to happen to it from then on."""
    contract = _contract(made, facts, as_of, project, None if life is None else facts.verbs[:0])
    for act in Living(made, facts, life, contract, as_of).acts() if life else ():
        heappush(coming, (act.day, act.order, n, act))
    if facts.abnormal:
        heappush(coming, (FLAGGED, 13, n, Act(FLAGGED, 13, partial(_flag, made, facts, contract.pk, as_of))))


def _morning(day: dt.date, shift: int) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=shift), dt.time(8, 12), tzinfo=dt.UTC)


def _people(made: Made, colleagues: Sequence[PersonFacts]) -> None:
    system, people = Actor.system(label="Demo"), (*PEOPLE, *colleagues)
    companies = add_companies(system, [
        {
            "name": c.name, "local_name": c.local_name, "country": c.country, "currency": c.currency, "zone": c.zone,
            "language": c.language, "org_no": c.org_no, "tax_no": c.tax_no, "address": c.address, "contract_prefix": c.prefix,
        }
        for c in COMPANIES
    ])  # fmt: skip
    made.companies = {c.key: company for c, company in zip(COMPANIES, companies, strict=True)}
    # allow: writes — no service makes a company's bank account yet
    Bank.objects.create(company=made.companies["lindvall"], label="Bankgiro", account="5050-1055", currency="SEK")
    users = add_users(system, [
        {"email": f"{p.login}@{DOMAIN}", "name": p.name, "language": p.language, "zone": _zone(p.company)} for p in people
    ])  # fmt: skip
    made.users = {p.login: user for p, user in zip(people, users, strict=True)}
    made.team_of = {p.login: p.team for p in people if p.team}
    login, name, language = PORTAL
    # allow: writes — people of the portal have no service before the portal itself
    made.users[login] = User.objects.create(
        email=f"{login}@{DOMAIN}", name=name, language=language, zone=_zone(""), kind="portal", created_at=clock.now()
    )
    for login in (*(p.login for p in PEOPLE), PORTAL[0]):
        set_password(system, made.users[login], PASSWORD)
    _teams(made, system, people)


def _teams(made: Made, system: Actor, people: Sequence[PersonFacts]) -> None:
    """The teams, those above first, and who is in which with what role."""
    for t in TEAMS:
        above = made.teams.get(t.parent)
        given = {"company": str(made.companies[t.company].pk), "name": t.name, "lead": str(made.users[t.lead].pk)}
        [made.teams[t.key]] = add_teams(system, [given | {"parent": str(above.pk) if above else ""}])
    roles = {role.key: role for role in Role.objects.all()}
    for p in people:
        company, team = made.companies.get(p.company), made.teams.get(p.team)
        grant_roles(system, made.users[p.login], [(roles[p.role], company, team)])


def _zone(company: str) -> str:
    return next((c.zone for c in COMPANIES if c.key == company), "Europe/Stockholm")


def completed(scheme: str, stem: str) -> str:
    """The stem with the check character that makes it a right number; empty when there is no number."""
    for character in "0123456789ABCDEFGHJKLMNPQRTUWXY" if scheme else "":
        try:
            # The Japanese corporate number begins with its check digit, the others end with it.
            return check(scheme, character + stem if scheme == "jp_corporate" else stem + character).value
        except BadNumber:
            continue
    return ""


def _company_of(owner: str) -> str:
    return next(
        (p.company for p in (*PEOPLE, *COLLEAGUES) if p.login == owner and p.company),
        "shanghai" if owner == "executive" else "lindvall",
    )


def _parties(made: Made, facts: Sequence[PartyFacts]) -> None:
    """Parties and their contacts, in batches by whose they are."""
    of: dict[str, list[PartyFacts]] = {}
    for one in facts:
        of.setdefault(one.owner, []).append(one)
    for owner, own in of.items():
        actor = made.actor(owner, Parties.ADD)
        for some in chunks(own):
            rows = add_parties(actor, [_party_given(made, one) for one in some])
            made.parties |= {one.key: row.pk for one, row in zip(some, rows, strict=True)}
            add_contacts(actor, [contact for one in some for contact in _contact_givens(made, one)])


def _party_given(made: Made, facts: PartyFacts) -> dict[str, object]:
    company = "shanghai" if facts.country == "CN" else _company_of(facts.owner)
    given: dict[str, object] = {
        "name": facts.name, "local_name": facts.local_name, "kinds": list(facts.kinds), "country": facts.country,
        "language": facts.language, "address_lines": facts.street, "postal_code": facts.postal_code, "city": facts.city,
        "payment_days": facts.payment_days, "company": str(made.companies[company].pk), "owner": str(made.users[facts.owner].pk),
    }  # fmt: skip
    if industry := INDUSTRY.get(facts.key):
        domain = facts.contacts[-1][2].partition("@")[2]
        given |= {"industry": industry, "email": f"info@{domain}", "website": f"https://www.{domain}"}
    number = completed(facts.scheme, facts.stem)
    return given | ({"registration_number": number} if number else {})


def _contact_givens(made: Made, facts: PartyFacts) -> list[dict[str, object]]:
    return [
        {"party": str(made.parties[facts.key]), "name": name, "role": role, "email": mail, "is_primary": n == 0}
        for n, (name, role, mail) in enumerate(facts.contacts)
    ]


def _project(made: Made, as_of: dt.date) -> UUID:
    given = {
        "number": "P-778", "name": "Hamnens mätprogram", "company": str(made.companies["lindvall"].pk), "site": "Uddevalla hamn",
        "currency": "SEK", "budget": {"amount": "3900000.00", "currency": "SEK"}, "starts_on": as_of.isoformat(),
        "ends_on": (as_of + dt.timedelta(days=1200)).isoformat(), "manager": str(made.users["delivery"].pk),
    }  # fmt: skip
    project: UUID = add_projects(made.actor("sales"), [given])[0].pk
    return project


def _contract(
    made: Made, facts: ContractFacts, as_of: dt.date, project: UUID, verbs: tuple[str, ...] | None
) -> Contract:
    """A draft with its lines and people; ``verbs``: what is done with it at once (None: what the facts say)."""
    actor = made.actor(facts.owner, Contracts.ADD)
    given = contract_given(made, facts, as_of)
    if facts.party == "vasterhamn":
        given["project"] = str(project)
    (contract,) = add_contracts(actor, [given], lines=[line_givens(facts)])
    if facts.party in ("vasterhamn", "dongyu"):
        for login, role in (("legal", "legal"), ("finance", "finance"), ("delivery", "delivery")):
            add_members(actor, [contract.pk], {"user": str(made.users[login].pk), "role": role})
    for verb in facts.verbs if verbs is None else verbs:
        move_contracts(
            made.actor("admin") if verb == "void" else actor,
            [contract.pk],
            verb,
            reason="" if verb == "review" else NOT_NOW,
        )
    return contract


def _flag(made: Made, facts: ContractFacts, id: UUID, as_of: dt.date) -> None:
    flagged = {
        "reason": facts.abnormal,
        "owner": str(made.users["delivery"].pk),
        "due_on": (as_of + dt.timedelta(days=9)).isoformat(),
    }
    flag_contracts(made.actor(facts.owner), [id], flagged)
