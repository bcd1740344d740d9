"""Our own companies, teams and people in the API, to read; roles and field rules, to change as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import BaseModel

from hetong.kernel.actors import Level
from hetong.kernel.errors import N_, Invalid, Problem, UnknownField
from hetong.kernel.schemas import out_schema, page_schema
from hetong.ui.http import Request
from hetong.ui.rest import (
    act_answer,
    added_answer,
    body_of,
    describes_act,
    describes_body,
    describes_list,
    list_answer,
    seen_version,
    show_answer,
)

from .custom_given import MOST_CHOICES, MOST_DECIMALS
from .fields import COMPANY, CUSTOM_FIELD, ROLE, TEAM, USER
from .models import FieldKind
from .queries import find_roles
from .rules import Rule, held_rules
from .services import custom_fields
from .services import roles as services
from .services.field_rules import Setting, set_field_rules
from .subjects import Subject, subject, subjects

router = Router(tags=["companies and people"])
Role = out_schema(ROLE, "Role")
NOUN, FIELDS = "accounts.role", "accounts.custom_field"
Company, Team, User = out_schema(COMPANY, "Company"), out_schema(TEAM, "Team"), out_schema(USER, "User")


@router.get(
    "/companies",
    url_name="companies",
    response=page_schema(Company, "CompanyPage"),
    openapi_extra=describes_list(COMPANY),
)
def companies_list(request: Request) -> HttpResponse:
    """The companies of ours that you hold a role in."""
    return list_answer(request, "accounts.company")


@router.get("/companies/{uuid:company_id}", url_name="company", response=Company)
def company_show(request: Request, company_id: UUID) -> HttpResponse:
    """One company of ours."""
    return show_answer(request, "accounts.company", company_id)


@router.get("/teams", url_name="teams", response=page_schema(Team, "TeamPage"), openapi_extra=describes_list(TEAM))
def teams_list(request: Request) -> HttpResponse:
    """The teams of your companies."""
    return list_answer(request, "accounts.team")


@router.get("/teams/{uuid:team_id}", url_name="team", response=Team)
def team_show(request: Request, team_id: UUID) -> HttpResponse:
    """One team."""
    return show_answer(request, "accounts.team", team_id)


@router.get("/users", url_name="users", response=page_schema(User, "UserPage"), openapi_extra=describes_list(USER))
def users_list(request: Request) -> HttpResponse:
    """The colleagues you may name as owner."""
    return list_answer(request, "accounts.user")


@router.get("/users/{uuid:user_id}", url_name="user", response=User)
def user_show(request: Request, user_id: UUID) -> HttpResponse:
    """One colleague."""
    return show_answer(request, "accounts.user", user_id)


# -- roles ---------------------------------------------------------------------------------------

TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
ROLE_BODY: dict[str, Any] = {
    "type": "object", "additionalProperties": False,
    "properties": {
        "labels": TEXTS | {"description": "The name by language: en, sv, zh-hans, zh-hant."},
        "permissions": {"type": "array", "items": {"type": "string"}},
        "reach": TEXTS | {"description": "NONE, OWN, TEAM, TEAM_AND_BELOW, COMPANY or ALL by kind of record; * for all others."},
        "usual": {"type": "string", "enum": ["hidden", "read", "edit"], "description": "What holds for fields without a rule."},
        "reason": {"type": "string", "maxLength": 500},
    },
}  # fmt: skip
COPY = {"copy_of": {"type": "string", "format": "uuid", "description": "The role to start from, field rules included."}}
VERSION = {"version": {"type": "integer", "minimum": 0, "description": "The version you saw; a newer one answers 409."}}


def _with(more: Mapping[str, Any]) -> dict[str, Any]:
    return ROLE_BODY | {"properties": {**ROLE_BODY["properties"], **more}}


@router.get("/roles", url_name="roles", response=page_schema(Role, "RolePage"), openapi_extra=describes_list(ROLE))
def roles_list(request: Request) -> HttpResponse:
    """The roles there are, with what each may do and how far it sees."""
    return list_answer(request, NOUN)


@router.post("/roles", url_name="roles", response={201: Role}, openapi_extra=describes_body(_with(COPY)))
def role_add(request: Request) -> HttpResponse:
    """Add a role, from nothing or as a copy of another."""
    given = body_of(request)
    reason = _reason(given)
    if "copy_of" in given:
        given["copy_of"] = str(_uuid(given["copy_of"], "copy_of"))
    [added] = services.add_roles(request.actor, [given], reason=reason)
    return added_answer(request, NOUN, added.pk)


@router.get("/roles/{uuid:role_id}", url_name="role", response=Role)
def role_show(request: Request, role_id: UUID) -> HttpResponse:
    """One role."""
    return show_answer(request, NOUN, role_id)


@router.patch("/roles/{uuid:role_id}", url_name="role", response=Role, openapi_extra=describes_body(_with(VERSION)))
def role_edit(request: Request, role_id: UUID) -> HttpResponse:
    """Change a role; it counts from the next request of everybody who holds it."""
    given = body_of(request)
    seen, reason = seen_version(request, given), _reason(given)
    services.edit_roles(
        request.actor, [role_id], given, versions=None if seen is None else {role_id: seen}, reason=reason
    )
    return show_answer(request, NOUN, role_id)


@router.post(
    "/roles/{uuid:role_id}/retire", url_name="role_retire", response=Role, openapi_extra=describes_act("reason")
)
def role_retire(request: Request, role_id: UUID) -> HttpResponse:
    """Take a role out of use."""
    return act_answer(request, NOUN, role_id, services.retire_roles, takes=("reason",))


@router.post(
    "/roles/{uuid:role_id}/restore", url_name="role_restore", response=Role, openapi_extra=describes_act("reason")
)
def role_restore(request: Request, role_id: UUID) -> HttpResponse:
    """Take a retired role into use again."""
    return act_answer(request, NOUN, role_id, services.restore_roles, takes=("reason",))


@router.post("/roles/{uuid:role_id}/reset", url_name="role_reset", response=Role, openapi_extra=describes_act("reason"))
def role_reset(request: Request, role_id: UUID) -> HttpResponse:
    """Set a shipped role back to what was shipped, field rules included."""
    return act_answer(request, NOUN, role_id, services.reset_roles, takes=("reason",))


# -- field rules ---------------------------------------------------------------------------------


class FieldRule(BaseModel):
    """What a role may do with a field: ``level``, and the stages at which another level holds."""

    role: UUID
    noun: str
    field: str
    level: str
    stages: dict[str, str]
    is_shipped: bool


class FieldRules(BaseModel):
    """The rules of every role and field that were asked for."""

    items: list[FieldRule]


MOST_RULES = 5000
ONE_RULE = {
    "type": "object", "required": ["role", "noun", "field", "level"], "additionalProperties": False,
    "properties": {
        "role": {"type": "string", "format": "uuid"}, "noun": {"type": "string"}, "field": {"type": "string"},
        "level": {"type": ["string", "null"], "enum": ["hidden", "read", "edit", None], "description": "null: as it was shipped."},
        "stages": TEXTS | {"description": "read or edit by stage, where it is not the level; a stage never hides."},
    },
}  # fmt: skip
RULES_BODY = {
    "type": "object", "required": ["rules"], "additionalProperties": False,
    "properties": {
        "rules": {"type": "array", "maxItems": MOST_RULES, "items": ONE_RULE}, "reason": {"type": "string", "maxLength": 500},
        "is_meant": {"type": "boolean", "description": "Confirms rules that close a field which new records need."},
    },
}  # fmt: skip
ASKS = [
    {"in": "query", "name": "noun", "required": False, "schema": {"type": "string"}, "description": "Of this kind of record only."},
    {"in": "query", "name": "role", "required": False, "schema": {"type": "string", "format": "uuid"}, "description": "Of this role only."},
]  # fmt: skip


@router.get("/field-rules", url_name="field_rules", response=FieldRules, openapi_extra={"parameters": ASKS})
def field_rules_list(request: Request) -> HttpResponse:
    """What each role may do with each field, shipped or set."""
    if strange := sorted(set(request.GET) - {"noun", "role"}):
        raise UnknownField(fields=", ".join(strange))
    roles = find_roles(request.actor)
    if "role" in request.GET:
        roles = roles.filter(pk=_uuid(request.GET["role"], "role"))
    tables = [subject(request.GET["noun"])] if "noun" in request.GET else subjects()
    return JsonResponse({"items": _rules_of(tables, list(roles))})


@router.put("/field-rules", url_name="field_rules", response=FieldRules, openapi_extra=describes_body(RULES_BODY))
def field_rules_set(request: Request) -> HttpResponse:
    """Set rules, all or none; those not named stay as they are. It counts from the next request of everybody."""
    given = body_of(request)
    reason = _reason(given)
    if strange := sorted(set(given) - {"rules", "is_meant"}):
        raise UnknownField(fields=", ".join(strange))
    wanted = [_setting(one) for one in _listed(given.get("rules"))]
    set_field_rules(request.actor, wanted, reason=reason, is_meant=given.get("is_meant") is True)
    named = {(one.noun, str(one.role), one.field) for one in wanted}
    roles = list(find_roles(request.actor).filter(pk__in={one.role for one in wanted}))
    now = _rules_of([subject(key) for key in dict.fromkeys(one.noun for one in wanted)], roles)
    return JsonResponse({"items": [one for one in now if (one["noun"], one["role"], one["field"]) in named]})


def _setting(given: Any) -> Setting:
    if not isinstance(given, dict) or not all(isinstance(given.get(name), str) for name in ("role", "noun", "field")):
        raise _wrong("rules", N_("Give role, noun, field and level."))
    rule = None if given.get("level") is None else _rule(given)
    return Setting(_uuid(given["role"], "role"), given["noun"], given["field"], rule)


def _rule(given: dict[str, Any]) -> Rule:
    level, stages = given["level"], given.get("stages", {})
    if not isinstance(level, str) or level.upper() not in Level.__members__:
        raise _wrong("level", N_("A field is hidden, read or edit."))
    if not isinstance(stages, dict) or not all(one in ("read", "edit") for one in stages.values()):
        raise _wrong("stages", N_("A stage only changes reading and editing: what is hidden is hidden at every stage."))
    return Rule(Level[level.upper()], frozenset(stage for stage, at in stages.items() if at != level))


def _rules_of(tables: Iterable[Subject], roles: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "role": str(role), "noun": table.key, "field": name, "level": held.rule.level.name.lower(),
            "stages": {stage: level.name.lower() for stage, level in held.rule.stage_levels.items()},
            "is_shipped": not held.is_own,
        }
        for table in tables for (role, name), held in held_rules(table, roles).items()
    ]  # fmt: skip


def _listed(given: Any) -> list[Any]:
    if not isinstance(given, list) or len(given) > MOST_RULES:
        raise _wrong("rules", N_("Give a list of rules."))
    return given


def _reason(given: dict[str, Any]) -> str:
    reason = given.pop("reason", "")
    if not isinstance(reason, str) or len(reason) > 500:
        raise _wrong("reason", N_("Give a text of at most 500 characters."))
    return reason.strip()


def _uuid(given: Any, field: str) -> UUID:
    try:
        return UUID(str(given))
    except ValueError:
        raise _wrong(field, N_("There is no such record, or you have no access to it.")) from None


def _wrong(field: str, text: str) -> Invalid:
    return Invalid(problems=[Problem("invalid", text, field=field)])


# -- added fields --------------------------------------------------------------------------------


CustomField = out_schema(CUSTOM_FIELD, "CustomField")
WORDS = TEXTS | {"description": "A text per language tag, such as en, sv, zh-hans, zh-hant."}
DEFINITION: dict[str, Any] = {
    "kind": {"type": "string", "enum": [str(one) for one in FieldKind.values]}, "labels": WORDS, "group": WORDS, "help": WORDS,
    "choices": {
        "type": "array", "maxItems": MOST_CHOICES, "description": "In their order; one left out is no longer offered.",
        "items": {
            "type": "object", "required": ["labels"],
            "properties": {"code": {"type": "string"}, "labels": WORDS, "is_active": {"type": "boolean"}},
        },
    },
    "decimals": {"type": "integer", "minimum": 0, "maximum": MOST_DECIMALS},
    "required_from": {"type": ["string", "null"], "description": "A stage, “always”, or empty for never."},
    "is_material": {"type": "boolean"}, "is_indexed": {"type": "boolean"}, "is_personal": {"type": "boolean"},
    "rules": TEXTS | {"description": "hidden, read or edit by role key, where no rule is set."},
    "position": {"type": "integer", "minimum": 0}, "reason": {"type": "string", "maxLength": 500},
}  # fmt: skip
NEW = {
    "noun": {"type": "string", "description": "The kind of record, such as contracts.contract."},
    "key": {"type": "string", "description": "What follows x_ in its name; made of the labels where it is not given."},
}


def _definition(more: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": {**more, **DEFINITION}}


@router.get(
    "/custom-fields", url_name="custom_fields", response=page_schema(CustomField, "CustomFieldPage"),
    openapi_extra=describes_list(CUSTOM_FIELD),
)  # fmt: skip
def custom_fields_list(request: Request) -> HttpResponse:
    """The fields that were added to kinds of record and that you may read; records carry them as ``x_…``."""
    return list_answer(request, FIELDS)


@router.post(
    "/custom-fields", url_name="custom_fields", response={201: CustomField},
    openapi_extra=describes_body(_definition(NEW) | {"required": ["noun", "kind", "labels"]}),
)  # fmt: skip
def custom_field_add(request: Request) -> HttpResponse:
    """Add a field to a kind of record; it is there from the next request on."""
    given = body_of(request)
    reason = _reason(given)
    [added] = custom_fields.add_custom_fields(request.actor, [given], reason=reason)
    return added_answer(request, FIELDS, added.pk)


@router.get("/custom-fields/{uuid:field_id}", url_name="custom_field", response=CustomField)
def custom_field_show(request: Request, field_id: UUID) -> HttpResponse:
    """One added field."""
    return show_answer(request, FIELDS, field_id)


@router.patch(
    "/custom-fields/{uuid:field_id}", url_name="custom_field", response=CustomField,
    openapi_extra=describes_body(_definition(VERSION)),
)  # fmt: skip
def custom_field_edit(request: Request, field_id: UUID) -> HttpResponse:
    """Change an added field; its kind only as long as no record holds a value."""
    given = body_of(request)
    seen, reason = seen_version(request, given), _reason(given)
    custom_fields.edit_custom_fields(
        request.actor, [field_id], given, versions=None if seen is None else {field_id: seen}, reason=reason
    )
    return show_answer(request, FIELDS, field_id)


@router.post(
    "/custom-fields/{uuid:field_id}/retire", url_name="custom_field_retire", response=CustomField, openapi_extra=describes_act("reason")
)  # fmt: skip
def custom_field_retire(request: Request, field_id: UUID) -> HttpResponse:
    """Take a field out of use; what it holds stays."""
    return act_answer(request, FIELDS, field_id, custom_fields.retire_custom_fields, takes=("reason",))


@router.post(
    "/custom-fields/{uuid:field_id}/restore", url_name="custom_field_restore", response=CustomField, openapi_extra=describes_act("reason")
)  # fmt: skip
def custom_field_restore(request: Request, field_id: UUID) -> HttpResponse:
    """Take a retired field into use again."""
    return act_answer(request, FIELDS, field_id, custom_fields.restore_custom_fields, takes=("reason",))
