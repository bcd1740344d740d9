"""The registers of companies, teams and people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hetong.kernel.actors import Actor, Level
from hetong.kernel.fields import HIDDEN_FOR_AGENTS, Choice, Field, Kind, Raw, Register, words
from hetong.kernel.nouns import nouns
from hetong.reference.places import countries, currencies

from .custom import KIND_WORDS
from .models import Bank, Company, CustomField, FieldRule, Role, Team, User
from .shipped import shipped_role
from .wording import permission_word

THEMES = (Choice("system", _("As the system")), Choice("light", _("Light")), Choice("dark", _("Dark")))


def languages() -> Sequence[Choice]:
    """The languages of the interface, each named in itself."""
    return tuple(Choice(code, name) for code, name in settings.LANGUAGES)


@lru_cache(maxsize=1)
def zones() -> Sequence[Choice]:
    """The time zones of the IANA database that name a place."""
    places = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    names = sorted(name for name in available_timezones() if name.startswith(places))
    return tuple(Choice(name, name.replace("_", " ")) for name in ("UTC", *names))


COMPANY = Register(
    "accounts.company",
    Company,
    [
        Field(
            "name",
            _("Name"),
            path="name",
            key="name_key",
            write=True,
            required=True,
            searchable=True,
            column=True,
            max_length=200,
        ),
        Field("local_name", _("Name in another script"), path="local_name", write=True, column=True, max_length=200),
        Field(
            "country",
            _("Country"),
            Kind.CHOICE,
            path="country",
            choices=countries,
            write=True,
            required=True,
            column=True,
        ),
        Field("org_no", _("Registration number"), path="org_no", write=True, column=True, max_length=40),
        Field("tax_no", _("VAT / tax number"), path="tax_no", write=True, max_length=40),
        Field("address", _("Address"), Kind.LONG_TEXT, path="address", write=True),
        Field(
            "currency",
            _("Currency"),
            Kind.CHOICE,
            path="currency",
            choices=currencies,
            write=True,
            required=True,
            column=True,
        ),
        Field("zone", _("Time zone"), Kind.CHOICE, path="zone", choices=zones, write=True, initial="UTC"),
        Field("language", _("Language"), Kind.CHOICE, path="language", choices=languages, write=True, initial="en"),
        Field("prices_include_tax", _("Prices include tax"), Kind.FLAG, path="prices_include_tax", write=True),
        Field("contract_prefix", _("Prefix of contract numbers"), path="contract_prefix", write=True, max_length=12),
        Field("email", _("E-mail"), path="email", write=True, max_length=254),
        Field("phone", _("Phone"), path="phone", write=True, max_length=40),
        Field("paper_note", _("At the foot of papers"), Kind.LONG_TEXT, path="paper_note", write=True),
        Field("is_active", _("Active"), Kind.FLAG, path="is_active", write=True),
    ],
    heading="name",
    company="pk",
)

BANK = Register(
    "accounts.bank",
    Bank,
    [
        Field("label", _("Label"), path="label", write=True, column=True, max_length=80,
              help=_("What invoices call it, such as Bankgiro or IBAN.")),
        Field("account", _("Account"), path="account", write=True, required=True, column=True, max_length=60),
        Field("bic", _("BIC"), path="bic", write=True, column=True, max_length=11),
        Field("currency", _("Currency"), Kind.CHOICE, path="currency", choices=currencies, write=True, column=True,
              help=_("Empty: for every currency.")),
        Field(
            "company", _("Company"), Kind.REFERENCE, path="company_id", to="accounts.company", title="company__name",
            key="company__name_key", write=True, required=True,
        ),
        Field("is_active", _("Active"), Kind.FLAG, path="is_active", write=True),
    ],
    heading="account",
)  # fmt: skip

TEAM = Register(
    "accounts.team",
    Team,
    [
        Field(
            "name", _("Name"), path="name", key="name_key", write=True, required=True, searchable=True, column=True, max_length=120
        ),
        Field(
            "company", _("Company"), Kind.REFERENCE, path="company_id", to="accounts.company", title="company__name",
            key="company__name_key", write=True, required=True, column=True,
        ),
        Field(
            "parent", _("Part of"), Kind.REFERENCE, path="parent_id", to="accounts.team", title="parent__name", key="parent__name_key",
            write=True, column=True,
        ),
        Field(
            "lead", _("Lead"), Kind.REFERENCE, path="lead_id", to="accounts.user", title="lead__name", key="lead__name_key", write=True,
            column=True,
        ),
        Field("is_active", _("Active"), Kind.FLAG, path="is_active", write=True),
    ],
    heading="name",
)  # fmt: skip

USER = Register(
    "accounts.user",
    User,
    [
        Field(
            "name", _("Name"), path="name", key="name_key", write=True, required=True, searchable=True, personal=True, column=True,
            max_length=120,
        ),
        Field("email", _("E-mail"), path="email", write=True, required=True, personal=True, column=True, max_length=254),
        Field("language", _("Language"), Kind.CHOICE, path="language", choices=languages, write=True, initial="en"),
        Field("zone", _("Time zone"), Kind.CHOICE, path="zone", choices=zones, write=True, initial="Europe/Stockholm"),
        Field(
            "roles", _("Roles"), Kind.LIST, path="grants__role_id", title="grants__role__labels", key="grants__role__key",
            column=True, default_rule=HIDDEN_FOR_AGENTS,
        ),
        Field(
            "teams", _("Teams"), Kind.LIST, path="grants__team_id", to="accounts.team", title="grants__team__name",
            key="grants__team__name_key", column=True,
        ),
        Field("is_active", _("Active"), Kind.FLAG, path="is_active", write=True, column=True),
    ],
    heading="name",
    company="",
)  # fmt: skip

LEVELS = (Choice("hidden", _("Hidden")), Choice("read", _("Read")), Choice("edit", _("Edit")))


def _level(raw: Raw, actor: Actor) -> Choice:
    return LEVELS[raw["usual"]]


def _shipped(raw: Raw, actor: Actor) -> bool:
    return shipped_role(raw["key"]) is not None


def _own_rules(ids: Collection[UUID], actor: Actor) -> dict[UUID, dict[str, tuple[Choice, ...]]]:
    """The rules that administrators set, as ``noun.field=level`` and ``noun.field@stage=level``."""
    found: dict[UUID, list[Choice]] = {id: [] for id in ids}
    for rule in FieldRule.objects.filter(role__in=ids).order_by("noun", "field", "stage"):
        at = f"@{rule.stage}" if rule.stage else ""
        code = f"{rule.noun}.{rule.field}{at}={Level(rule.level).name.lower()}"
        found[rule.role_id].append(Choice(code, code))
    return {id: {"rules": tuple(rules)} for id, rules in found.items()}


def _listed(name: str) -> Callable[[Raw, Actor], tuple[Choice, ...]]:
    def compute(raw: Raw, actor: Actor) -> tuple[Choice, ...]:
        found = raw[name]
        pairs = sorted(found.items()) if isinstance(found, dict) else [(one, "") for one in found]
        return tuple(
            Choice(f"{key}:{far}" if far else key, f"{key}:{far}" if far else permission_word(key))
            for key, far in pairs
        )

    return compute


ROLE = Register(
    "accounts.role",
    Role,
    [
        Field("name", _("Name"), Kind.LABELS, path="labels", column=True, sortable=False),
        Field("permissions", _("Permissions"), Kind.LIST, needs=("permissions",), compute=_listed("permissions"), sortable=False),
        Field("reach", _("Sees"), Kind.LIST, needs=("reach",), compute=_listed("reach"), sortable=False),
        Field("rules", _("Field rules"), Kind.LIST, load=_own_rules, sortable=False),
        Field("usual", _("Fields without a rule"), Kind.CHOICE, needs=("usual",), compute=_level, choices=lambda: LEVELS, sortable=False),
        Field("is_shipped", _("Shipped"), Kind.FLAG, needs=("key",), compute=_shipped, sortable=False),
        Field("is_changed", _("Changed"), Kind.FLAG, path="is_changed"),
        Field("is_active", _("In use"), Kind.FLAG, path="is_active", column=True),
    ],
    heading="name",
    company="",
)  # fmt: skip


def _nouns() -> list[Choice]:
    return [Choice(entry.key, entry.labels[0]) for entry in nouns()]


def _kinds() -> list[Choice]:
    return [Choice(str(kind), word) for kind, word in KIND_WORDS.items()]


def _offered(raw: Raw, actor: Actor) -> tuple[Choice, ...]:
    return tuple(
        Choice(one["code"], words(one["labels"], actor.language))
        for one in raw["choices"]
        if one.get("is_active", True)
    )


def _field_rules(raw: Raw, actor: Actor) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"{role}:{level.lower()}", f"{role}:{level.lower()}") for role, level in sorted(raw["rules"].items())
    )


CUSTOM_FIELD = Register(
    "accounts.custom_field",
    CustomField,
    [
        Field("labels", _("Name"), Kind.LABELS, path="labels", column=True, sortable=False),
        Field("noun", _("Kind of record"), Kind.CHOICE, path="noun", choices=_nouns, column=True),
        Field("name", _("Key"), needs=("key",), compute=lambda raw, actor: f"x_{raw['key']}", column=True, sortable=False),
        Field("kind", _("Holds"), Kind.CHOICE, path="kind", choices=_kinds, column=True),
        Field("group", pgettext_lazy("of a form", "Section"), Kind.LABELS, path="group", sortable=False),
        Field("help", pgettext_lazy("beside a field", "Help"), Kind.LABELS, path="help", sortable=False),
        Field("choices", _("Choices"), Kind.LIST, needs=("choices",), compute=_offered, sortable=False),
        Field("decimals", _("Decimals"), Kind.NUMBER, path="decimals"),
        Field("required_from", _("Required from"), path="required_from", column=True),
        Field("is_material", _("Part of what is agreed"), Kind.FLAG, path="is_material"),
        Field("is_indexed", _("Searched fast"), Kind.FLAG, path="is_indexed"),
        Field("is_personal", _("About a person"), Kind.FLAG, path="is_personal"),
        Field("rules", _("Field rules"), Kind.LIST, needs=("rules",), compute=_field_rules, sortable=False),
        Field("position", _("Position"), Kind.NUMBER, path="position"),
        Field("is_active", _("In use"), Kind.FLAG, path="is_active", column=True),
    ],
    heading="labels",
    company="",
)  # fmt: skip

ME = Register(
    "accounts.user",
    User,
    [
        Field("name", _("Name"), path="name", write=True, required=True, max_length=120),
        Field("language", _("Language"), Kind.CHOICE, path="language", choices=languages, write=True, required=True),
        Field("zone", _("Time zone"), Kind.CHOICE, path="zone", choices=zones, write=True, required=True),
        Field("theme", _("Theme"), Kind.CHOICE, path="theme", choices=lambda: THEMES, write=True, required=True),
        Field("has_shortcuts", _("Keyboard shortcuts"), Kind.FLAG, path="has_shortcuts", write=True),
        Field(
            "home",
            _("First page after signing in"),
            path="home",
            write=True,
            max_length=200,
            help=_("An address of ours, such as /contracts/?owner=me; empty: Home."),
        ),
    ],
    heading="name",
    company="",
    is_part=True,
)
"""What everybody may change about themselves; checked with the product's own rights, never by role."""
