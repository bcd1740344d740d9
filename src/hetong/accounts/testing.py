"""The cast of the tests (style §3.7) and builders of what accounts owns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hetong.kernel import clock, joined
from hetong.kernel.actors import Actor, Reach

from .models import Company, CustomField, Grant, PolicyState, Role, Team, User
from .queries import _access, actor_for
from .services.custom_fields import add_custom_fields


@dataclass
class Cast:
    """Two companies, three teams, and people who must and must not see each other's work."""

    north: Company
    south: Company
    sales: Team
    sales2: Team
    delivery: Team
    users: dict[str, User]

    def __getattr__(self, name: str) -> Actor:
        """The actor of that person, with the rights of now."""
        users = self.__dict__.get("users", {})
        if name not in users:
            raise AttributeError(name)
        return actor_for(User.objects.get(pk=users[name].pk))


def make_company(**over: Any) -> Company:
    """An active company in Sweden, in SEK."""
    facts = {
        "name": "North AB",
        "country": "SE",
        "currency": "SEK",
        "zone": "Europe/Stockholm",
        "contract_prefix": "HT",
    } | over
    return Company.objects.create(**facts)


def make_team(company: Company, name: str, **over: Any) -> Team:
    return Team.objects.create(company=company, name=name, **over)


def make_user(name: str, **over: Any) -> User:
    """A staff user; the password is ``secret-enough``."""
    user = User(**({"email": f"{name.lower()}@example.test", "name": name, "created_at": clock.now()} | over))
    user.set_password("secret-enough")
    user.save()
    return user


def grant(user: User, role: str, company: Company | None, team: Team | None = None) -> None:
    Grant.objects.create(user=user, role=Role.objects.get(key=role), company=company, team=team)


def make_role(key: str, permissions: frozenset[str] | set[str], reach: dict[str, Reach]) -> Role:
    return Role.objects.create(
        key=key, labels={"en": key}, permissions=sorted(permissions), reach={n: r.name for n, r in reach.items()}
    )


EVERY_KIND: dict[str, dict[str, Any]] = {
    "text": {}, "number": {"decimals": 2}, "money": {}, "percent": {}, "date": {},
    "choice": {"choices": [{"code": code, "labels": {"en": code.capitalize()}} for code in ("low", "high")]},
    "flag": {}, "person": {}, "party": {},
}  # fmt: skip


def make_fields(actor: Actor, noun: str, **over: Any) -> dict[str, CustomField]:
    """An added field of every kind on that noun, called ``x_<kind>``; by kind."""
    givens = [
        {"noun": noun, "key": kind, "kind": kind, "labels": {"en": f"Our {kind}"}}
        | more
        | ({} if kind == "flag" else over)
        for kind, more in EVERY_KIND.items()
    ]
    return {row.kind: row for row in add_custom_fields(actor, givens)}


def forget_access() -> None:
    """Drop cached rights and added fields: each test has a database of its own, whose policy versions start again."""
    _access.cache_clear()
    joined.forget()


def make_cast() -> Cast:
    """The whole cast; the shipped roles must have been seeded."""
    PolicyState.objects.get_or_create(pk=1)
    north = make_company()
    south = make_company(name="South Ltd", country="GB", currency="GBP", zone="Europe/London", contract_prefix="SO")
    sales, sales2 = make_team(north, "Sales"), make_team(north, "Sales two")
    delivery, far = make_team(north, "Delivery"), make_team(south, "Far sales")
    who = {
        "ada": ("sales_rep", north, sales), "ben": ("sales_manager", north, sales), "fia": ("finance", north, None),
        "lin": ("legal", north, None), "max": ("delivery", north, delivery), "gus": ("agent", north, None),
        "cleo": ("auditor", north, None), "dora": ("sales_rep", south, far), "eve": ("executive", north, None),
        "olle": ("sales_rep", north, sales2), "admin": ("admin", None, None),
    }  # fmt: skip
    users = {}
    for name, (role, company, team) in who.items():
        users[name] = make_user(name.capitalize())
        grant(users[name], role, company, team)
    sales.lead = users["ben"]
    sales.save()
    users["pia"] = make_user("Pia", kind="portal")
    forget_access()
    return Cast(north, south, sales, sales2, delivery, users)
