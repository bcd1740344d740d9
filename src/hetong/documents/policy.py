"""What may be done with documents, by whom; which kinds of document a reader may read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from hetong.accounts.policy import Can as Accounts
from hetong.kernel.actors import Actor, Level, RoleFacts
from hetong.kernel.fields import Register
from hetong.kernel.routes import Route, form, get, post


class Can(StrEnum):
    VIEW = "documents.view"
    ADD = "documents.add"
    ACCEPT = "documents.accept"


NOUN: Final = "documents.document"
KIND_RULES: Final = "documents.by_kind"
"""What rules per kind of document are kept under, as if it were a noun: the "field" is the kind's key."""

VALUE_FIELDS: Final = ("value", "gross", "net")
"""What a record may call its value: who may not read it may not read the papers that state it either."""

CLOSED_TO: Final[Mapping[str, Level]] = {"agent": Level.HIDDEN, "portal": Level.HIDDEN}
"""Who does not read confidential kinds unless a rule says otherwise."""


class KindFacts(Protocol):
    """What the rules need to know of a kind of document."""

    @property
    def key(self) -> str: ...
    @property
    def is_confidential(self) -> bool: ...
    @property
    def states_value(self) -> bool: ...


def may_read_kind(actor: Actor, kind: KindFacts, register: Register, company: UUID | None) -> bool:
    """Whether the actor reads documents of the kind on records of ``register`` in ``company`` (None: in any)."""
    if actor.is_system:
        return True
    if not any(_level(role, kind) > Level.HIDDEN for role in actor.roles_reading(company)):
        return False
    if not kind.states_value:
        return True
    shown = (name for name in VALUE_FIELDS if name in register.fields)
    return all(register.level(actor, name, company) > Level.HIDDEN for name in shown)


def _level(role: RoleFacts, kind: KindFacts) -> Level:
    return role.rules.get((KIND_RULES, kind.key), role.shipped_level(default_rule(kind)))


def default_rule(kind: KindFacts) -> Mapping[str, Level]:
    """The level by role key that holds for the kind where no rule is set."""
    return CLOSED_TO if kind.is_confidential else {}


API: tuple[Route, ...] = (
    get("api:documents", Can.VIEW),
    get("api:document_kinds", Can.VIEW),
    get("api:subject_documents", Can.VIEW),
    post("api:subject_documents", Can.ADD),
    get("api:document", Can.VIEW, noun=NOUN),
    Route("api:document", ("PATCH",), (Can.ADD,), NOUN),
    post("api:document_retire", Can.ADD, noun=NOUN),
    post("api:document_restore", Can.ADD, noun=NOUN),
    get("api:document_versions", Can.VIEW, noun=NOUN),
    post("api:document_versions", Can.ADD, noun=NOUN),
    get("api:document_file", Can.VIEW, noun=NOUN),
    post("api:document_accept", Can.ACCEPT, noun=NOUN),
    post("api:document_reject", Can.ACCEPT, noun=NOUN),
)

ROUTES: tuple[Route, ...] = (
    *API,
    get("documents:list", Can.VIEW),
    get("documents:panel", Can.VIEW),
    form("documents:add", Can.ADD),
    get("documents:card", Can.VIEW, noun=NOUN),
    form("documents:edit", Can.ADD, noun=NOUN),
    post("documents:retire", Can.ADD, noun=NOUN),
    post("documents:restore", Can.ADD, noun=NOUN),
    form("documents:version_add", Can.ADD, noun=NOUN),
    get("documents:preview", Can.VIEW, noun=NOUN),
    get("documents:page", Can.VIEW, noun=NOUN),
    get("documents:download", Can.VIEW, noun=NOUN),
    post("documents:accept", Can.ACCEPT, noun=NOUN),
    form("documents:reject", Can.ACCEPT, noun=NOUN),
    get("documents:kinds", Accounts.MANAGE_ROLES),
    form("documents:kind_add", Accounts.MANAGE_ROLES),
    form("documents:kind_edit", Accounts.MANAGE_ROLES, noun="documents.kind"),
)
