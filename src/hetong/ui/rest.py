"""The API's answers, made from registers: list, show, add, edit and act, the same for every noun.

The services and queries are those of the pages. Input is JSON in canonical form (ISO dates, point
decimals, ids), read by the register; whatever is odd about it is a 400 or a 422 in words, never a defect.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse

from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, DomainError, Invalid, NotFound, Problem, Stale, TooLarge, UnknownField
from hetong.kernel.fields import Choice, Field, Kind, Row
from hetong.kernel.nouns import Noun, noun
from hetong.kernel.paging import DEFAULT_LIMIT, MOST, leading, page
from hetong.kernel.schemas import filter_parameters, in_schema
from hetong.kernel.text import refuse_controls
from hetong.kernel.values import plain
from hetong.kernel.where import RESERVED, Where, check, narrow, ordering

from .errors import problem_json
from .http import Request

SEARCH_PARAMETERS = [
    {
        "in": "query",
        "name": "q",
        "required": True,
        "description": "Words; all must occur.",
        "schema": {"type": "string", "minLength": 1},
    },
    {"in": "query", "name": "limit", "required": False, "schema": {"type": "integer", "minimum": 1, "maximum": 250}},
]
OF_LISTS = frozenset({"sort", "columns", "q", "cursor", "limit"})
DEEPEST = 8
LONGEST_TEXT = 2000


class BadJson(DomainError):
    """The body is not JSON."""

    code = "bad_json"
    status = 400
    text = N_("The body is not valid JSON.")
    then = N_("Send one JSON object, in UTF-8, with each name once.")


class OtherType(DomainError):
    """The body is of a type that this operation does not take."""

    code = "unsupported_type"
    status = 415
    text = N_("The body must be %(wanted)s.")
    then = N_("Set the Content-Type header and send that.")


# -- input ---------------------------------------------------------------------------------------


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of the body (an empty body is an empty object). Raises `BadJson`, `OtherType`, `Invalid`."""
    raw = raw_body(request)
    if not raw.strip():
        return {}
    if request.content_type != "application/json":
        raise OtherType(wanted="application/json")
    try:
        given = json.loads(raw.decode(), parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once_each)
        fine = _is_plain(given, DEEPEST)
    except (ValueError, RecursionError) as broken:
        raise BadJson() from broken
    if not isinstance(given, dict):
        raise Invalid("not_an_object", problems=[Problem("not_an_object", N_("The body must be one JSON object."))])
    if not fine:
        raise Invalid("too_deep", problems=[Problem("too_deep", N_("The body is nested too deeply."))])
    return given


def raw_body(request: Request) -> bytes:
    """The bytes of the body. Raises `TooLarge`."""
    try:
        return request.body
    except RequestDataTooBig as broken:
        raise TooLarge() from broken


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    for name in found:
        refused(name)
    return found


def refused(text: str) -> str:
    """The text itself; control codes and lone surrogates, which no engine should see, raise `ValueError`."""
    try:
        return refuse_controls(text)
    except DomainError as broken:
        raise ValueError(text[:40]) from broken


def _is_plain(value: Any, depth: int) -> bool:
    """Whether a JSON value is nested no deeper than ``depth``; refuses characters that are no text."""
    if isinstance(value, str):
        refused(value)
    if isinstance(value, Decimal) and (len(value.as_tuple().digits) > 40 or abs(int(value.as_tuple().exponent)) > 40):
        raise ValueError("a number out of all measure")
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return depth > 0 and all(_is_plain(one, depth - 1) for one in inner)
    return True


def seen_version(request: Request, given: dict[str, Any]) -> int | None:
    """The version the writer saw: ``version`` in the body, or the If-Match header; None when neither is sent."""
    if "version" in given:
        found = given.pop("version")
    else:
        header = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
        if header in ("", "*"):
            return None
        found = int(header) if header.isascii() and header.isdecimal() and len(header) < 10 else header
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 2**31:
        raise Invalid(
            problems=[
                Problem(
                    "not_a_version", N_("The version must be the number that came with the record."), field="version"
                )
            ]
        )
    return found


def asked(request: Request) -> tuple[Where, str, int]:
    """The question, cursor and limit of a list's address. What is not known there is refused, never dropped."""
    known_elsewhere = [name for name in request.GET if name in RESERVED - OF_LISTS]
    if known_elsewhere:
        raise UnknownField(fields=", ".join(sorted(known_elsewhere)))
    try:
        for name, values in request.GET.lists():
            refused(name)
            for value in values:
                refused(value)
    except ValueError as broken:
        raise Invalid(
            "unreadable", problems=[Problem("unreadable", N_("The address holds characters that are no text."))]
        ) from broken
    limit = request.GET.get("limit", str(DEFAULT_LIMIT))
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 5 and 1 <= int(limit) <= MOST):
        raise Invalid(
            problems=[
                Problem("limit", N_("The limit must be a number from 1 to %(most)s."), {"most": MOST}, field="limit")
            ]
        )
    return Where.parse(request.GET), request.GET.get("cursor", ""), int(limit)


# -- output --------------------------------------------------------------------------------------


def as_json(row: Row) -> dict[str, Any]:
    """A shown row: its id, version and verbs, and the fields this reader may see."""
    fields = row.register.all() if row.register else {}
    out: dict[str, Any] = {"id": str(row.id), "verbs": [verb.name for verb in row.verbs]}
    if row.register is None or row.register.versioned:
        out["version"] = row.version
    return out | {name: _value(fields.get(name), value) for name, value in row.values.items()}


def _value(one: Field | None, value: Any) -> Any:
    if one is not None and one.kind is Kind.LIST and isinstance(value, list | tuple):
        if one.choices is None:
            return [
                {"id": item.code, "title": str(item.label)} if isinstance(item, Choice) else plain(item)
                for item in value
            ]
        return [plain(item) for item in value]
    return plain(value)


def item_answer(row: Row, status: int = 200) -> HttpResponse:
    """One record, with its version as the ETag and the address of its page."""
    answer = JsonResponse(as_json(row), status=status)
    if row.version:
        answer.headers["ETag"] = f'"{row.version}"'
    return answer


def list_answer(request: Request, key: str, *, rows: QuerySet[Any] | None = None) -> HttpResponse:
    """A page of the noun's records that the actor may see and that answer the address; ``rows`` narrows further."""
    entry, actor = noun(key), request.actor
    where, cursor, limit = asked(request)
    check(entry.register, actor, where)
    visible = entry.visible_to(actor) if rows is None else rows
    found = page(
        narrow(entry.register, actor, visible, where),
        ordering(entry.register, actor, where.sort),
        cursor=cursor,
        limit=limit,
        lead=leading(entry.register, actor, where.sort),
    )
    shown = entry.register.show(actor, found.ids, where.columns or None)
    return JsonResponse({"items": [as_json(row) for row in shown], "next": found.next})


def takes_no_question(request: Request) -> None:
    """Raise `UnknownField` for parameters in the address of what is neither filtered, sorted nor paged: none is silently dropped."""
    if request.GET:
        raise UnknownField(fields=", ".join(sorted(request.GET)))


def show_answer(request: Request, key: str, id: UUID, *, status: int = 200) -> HttpResponse:
    """One record as the actor may see it. Raises `NotFound`."""
    return item_answer(found_row(request.actor, noun(key), id), status)


def found_row(actor: Actor, entry: Noun, id: UUID) -> Row:
    """The record as shown. Raises `NotFound`."""
    rows = entry.register.show(actor, entry.visible_to(actor).filter(pk=id))
    if not rows:
        raise NotFound(noun=entry.key, id=str(id))
    return rows[0]


# -- acts ----------------------------------------------------------------------------------------


def add_answer(request: Request, key: str, *, fixed: Mapping[str, Any] | None = None, place: str = "") -> HttpResponse:
    """Add one record: 201 with the record and its address. ``fixed`` values may not be given by the caller."""
    entry = noun(key)
    given = body_of(request)
    doubled = [name for name in fixed or {} if name in given]
    if doubled:
        raise UnknownField(fields=", ".join(doubled))
    if entry.add is None:
        raise NotFound(noun=key)
    [added] = entry.add(request.actor, [given | dict(fixed or {})], locale="")
    return added_answer(request, key, added.pk, place)


def added_answer(request: Request, key: str, id: UUID, place: str = "") -> HttpResponse:
    """201 with the new record; only its id where the one who made it may not see it."""
    try:
        answer = show_answer(request, key, id, status=201)
    except NotFound:
        answer = JsonResponse({"id": str(id)}, status=201)
    answer.headers["Location"] = f"{place or request.path.rstrip('/')}/{id}"
    return answer


def edit_answer(request: Request, key: str, id: UUID) -> HttpResponse:
    """Change one record: what the body names and nothing else; 409 with both values where somebody was faster."""
    entry = noun(key)
    given = body_of(request)
    version = seen_version(request, given)
    if entry.edit is None:
        raise NotFound(noun=key)
    try:
        if given:
            entry.edit(request.actor, [id], given, locale="", versions=None if version is None else {id: version})
    except Stale as stale:
        return conflict_answer(request, entry, id, given, stale)
    return show_answer(request, key, id)


def conflict_answer(request: Request, entry: Noun, id: UUID, given: Mapping[str, Any], stale: Stale) -> HttpResponse:
    """409 with your value and theirs for each field that you may read."""
    row = found_row(request.actor, entry, id)
    now = as_json(row)
    differing = [name for name in given if name in row.values and now[name] != given[name]]
    body = problem_json(request, stale) | {
        "version": row.version,
        "conflicts": [{"field": name, "yours": given[name], "theirs": now[name]} for name in differing],
    }
    return JsonResponse(body, status=409, content_type="application/problem+json", json_dumps_params={"default": str})


def texts_of(given: Mapping[str, Any], takes: Sequence[str]) -> Mapping[str, str]:
    """The texts an act is given. Raises `UnknownField` for others, `Invalid` for what is no text."""
    strange = sorted(set(given) - set(takes))
    if strange:
        raise UnknownField(fields=", ".join(strange))
    wrong = [name for name, value in given.items() if not isinstance(value, str) or len(value) > LONGEST_TEXT]
    if wrong:
        raise Invalid(problems=[Problem("unreadable", N_("This must be text."), field=name) for name in wrong])
    return given


def act_answer(
    request: Request, key: str, id: UUID, act: Callable[..., Sequence[Any]], *, takes: Sequence[str] = ()
) -> HttpResponse:
    """Do something with one record: ``act(actor, [id], versions=, **texts)`` with the texts that the body may give.

    204 where the record is gone, or gone from sight, after it.
    """
    given = body_of(request)
    seen = seen_version(request, given)
    texts_of(given, takes)
    try:
        act(request.actor, [id], **given, **({} if seen is None else {"versions": {id: seen}}))
    except Stale as stale:
        return conflict_answer(request, noun(key), id, {}, stale)
    try:
        return show_answer(request, key, id)
    except NotFound:
        return HttpResponse(status=204)


# -- description ---------------------------------------------------------------------------------


def describes_list(register: Any) -> dict[str, Any]:
    """``openapi_extra`` of a list operation."""
    return {"parameters": filter_parameters(register)}


def describes_body(schema: Mapping[str, Any], *, required: bool = True) -> dict[str, Any]:
    """``openapi_extra`` of an operation that takes that JSON."""
    return {"requestBody": {"required": required, "content": {"application/json": {"schema": dict(schema)}}}}


def describes_add(register: Any, name: str, *, without: Sequence[str] = ()) -> dict[str, Any]:
    """``openapi_extra`` of an operation that adds one record; ``without`` names fields that the address gives."""
    schema = in_schema(register, name, partial=False)
    for gone in without:
        schema["properties"].pop(gone, None)
        schema["required"] = [one for one in schema.get("required", []) if one != gone]
    return describes_body(schema)


def describes_edit(register: Any, name: str) -> dict[str, Any]:
    """``openapi_extra`` of an operation that changes one record."""
    return describes_body(in_schema(register, name, partial=True))


def describes_act(*takes: str) -> dict[str, Any]:
    """``openapi_extra`` of an act that takes these texts."""
    texts: dict[str, Any] = {name: {"type": "string", "maxLength": LONGEST_TEXT} for name in takes}
    version = {
        "version": {"type": "integer", "minimum": 0, "description": "The version you saw; a newer one answers 409."}
    }
    return describes_body(
        {"type": "object", "additionalProperties": False, "properties": texts | version}, required=False
    )
