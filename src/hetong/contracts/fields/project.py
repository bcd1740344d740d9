from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from hetong.contracts.models import Project
from hetong.contracts.policy import Can
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind, Raw, Register, Verb


def _verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    if actor.may(Can.EDIT, raw["company_id"]):
        yield Verb("edit", _("Edit"), f"/projects/{raw['pk']}/edit/", "pencil", asks="edit")


def _person(name: str, label: Any, to: str = "accounts.user") -> Field:
    title, key = f"{name}__name", f"{name}__name_key"
    return Field(name, label, Kind.REFERENCE, f"{name}_id", to=to, title=title, key=key, write=True, column=True)


PROJECT = Register(
    "contracts.project",
    Project,
    [
        Field("number", _("No."), path="number", write=True, column=True, max_length=40, indexed=True),
        Field("name", _("Name"), path="name", key="name_key", write=True, required=True, searchable=True, column=True, max_length=200),
        _person("company", _("Our company"), "accounts.company"),
        _person("owner", _("Owner")),
        _person("manager", _("Project manager")),
        _person("team", _("Team"), "accounts.team"),
        Field("site", _("Site"), path="site", write=True, column=True, max_length=300),
        Field("currency", _("Currency"), path="currency", write=True, max_length=3),
        Field("budget", _("Budget"), Kind.MONEY, "budget_minor", currency="currency", write=True, aggregate=Sum, column=True),
        Field("starts_on", _("Starts"), Kind.DATE, "starts_on", write=True, column=True),
        Field("ends_on", _("Ends"), Kind.DATE, "ends_on", write=True, column=True),
        Field("note", _("Note"), Kind.LONG_TEXT, "note", write=True, sortable=False),
        Field("is_active", _("Active"), Kind.FLAG, "is_active", write=True, initial=True),
        Field("created_at", _("Created"), Kind.INSTANT, "created_at"),
    ],
    heading="name",
    verbs=_verbs,
    edit=Can.EDIT,
)  # fmt: skip
