"""Imports in the API: the steps of the wizard for programs. The long ones answer 202 and are watched by asking again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router

from hetong.documents.services import Upload
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Invalid, Problem, UnknownField
from hetong.ui.http import Request
from hetong.ui.rest import OtherType, asked, body_of, describes_body

from . import services
from .queries.imports import ImportPage, error_rows, find_imports, get_import, import_page
from .reading import from_json
from .schemas import (
    FILE,
    MAPPING,
    MOST_ROWS,
    MULTIPART,
    NOTHING,
    OPTIONS,
    PAGE,
    READING,
    ROWS,
    ImportFile,
    ImportFiles,
    RowsNotIn,
)

router = Router(tags=["imports"])
PLAIN = (
    "kind", "name", "profile", "state", "reading", "columns", "mapping", "keys", "key_choices", "duplicates", "options", "counts",
    "is_working", "task", "progress", "total", "error", "version",
)  # fmt: skip


def _as_json(page: ImportPage) -> dict[str, Any]:
    moments = {
        name: moment.isoformat() if (moment := getattr(page, name)) else None
        for name in ("created_at", "finished_at", "undo_until")
    }
    ids = {name: str(id) if (id := getattr(page, name)) else None for name in ("id", "company", "batch")}
    return (
        ids | {name: getattr(page, name) for name in PLAIN} | moments | {"missing": [one.name for one in page.missing]}
    )


def _answer(request: Request, import_id: UUID, status: int = 200) -> HttpResponse:
    return JsonResponse(_as_json(import_page(request.actor, import_id)), status=status)


def _paged(request: Request) -> tuple[str, int]:
    """Cursor and limit of the address. Raises `UnknownField` for anything else there."""
    where, cursor, limit = asked(request)
    others = [one.key for one in where.conditions] + (["q"] if where.text else []) + (["sort"] if where.sort else [])
    if others or where.columns:
        raise UnknownField(fields=", ".join(sorted({*others, *(["columns"] if where.columns else [])})))
    return cursor, limit


def _odd(field: str, text: str = N_("This cannot be read.")) -> Invalid:
    return Invalid(problems=[Problem("unreadable", text, field=field)])


@router.get("/imports", url_name="imports", response=ImportFiles, openapi_extra={"parameters": PAGE})
def imports_list(request: Request) -> HttpResponse:
    """Your own imports, newest first."""
    cursor, limit = _paged(request)
    rows = find_imports(request.actor).order_by("-pk")
    if cursor:
        rows = rows.filter(pk__lt=_id(cursor, "cursor"))
    found = list(rows[: limit + 1])
    items = [
        {
            "id": str(one.pk), "kind": one.kind, "name": one.name, "company": str(one.company_id), "profile": one.profile,
            "state": one.state, "counts": one.counts, "created_at": one.created_at.isoformat(),
            "finished_at": one.finished_at.isoformat() if one.finished_at else None, "version": one.version,
        }
        for one in found[:limit]
    ]  # fmt: skip
    return JsonResponse({"items": items, "next": str(found[limit - 1].pk) if len(found) > limit else ""})


def _id(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as broken:
        raise _odd(field) from broken


@router.post("/imports", url_name="imports", response={201: ImportFile}, openapi_extra=FILE)
def import_begin(request: Request) -> HttpResponse:
    """Send a file; how it is read and what its columns mean is guessed."""
    if request.content_type != MULTIPART:
        raise OtherType(wanted=MULTIPART)
    strange = sorted((set(request.POST) - {"kind", "company", "profile", "once_key"}) | (set(request.FILES) - {"file"}))
    if strange:
        raise UnknownField(fields=", ".join(strange))
    given = {name: str(request.POST.get(name, "")) for name in ("kind", "company", "profile")}
    files: Sequence[Any] = request.FILES.getlist("file")
    empty = [Problem("required", N_("This is needed."), field=name) for name in ("kind", "company") if not given[name]]
    if len(files) != 1:
        empty.append(Problem("required", N_("Choose a file."), field="file"))
    if empty:
        raise Invalid(problems=empty)
    begun = services.begin_import(
        request.actor, given["kind"], _id(given["company"], "company"), Upload(files[0].name or "", files[0]),
        profile=given["profile"], keep_unread=True,
    )  # fmt: skip
    answer = _answer(request, begun, 201)
    answer.headers["Location"] = f"{request.path.rstrip('/')}/{begun}"
    return answer


@router.get("/imports/{uuid:import_id}", url_name="import", response=ImportFile)
def import_show(request: Request, import_id: UUID) -> HttpResponse:
    """One import of yours: how far it is, and what was found."""
    return _answer(request, import_id)


def _body(request: Request, import_id: UUID, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The names and values of the body. Raises `NotFound` for an import of somebody else's before it looks at them.

    Raises `UnknownField` for names that the body may not hold, `Invalid` for those that it must.
    """
    get_import(request.actor, import_id)
    given = body_of(request)
    strange = sorted(set(given) - set(schema["properties"]))
    if strange:
        unknown = [Problem("unknown_field", N_("This field is not known here."), field=name[:80]) for name in strange]
        raise UnknownField(fields=", ".join(strange), problems=unknown)
    missing = [name for name in schema.get("required", ()) if name not in given]
    if missing:
        raise Invalid(problems=[Problem("required", N_("This is needed."), field=name) for name in missing])
    return given


@router.post(
    "/imports/{uuid:import_id}/reading",
    url_name="import_reading",
    response=ImportFile,
    openapi_extra=describes_body(READING),
)
def import_set_reading(request: Request, import_id: UUID) -> HttpResponse:
    """Say how the file is read; what its columns mean is guessed anew."""
    given = _body(request, import_id, READING)
    held = import_page(request.actor, import_id).reading
    services.set_reading(request.actor, import_id, from_json({**held, **given}))
    return _answer(request, import_id)


@router.post(
    "/imports/{uuid:import_id}/mapping",
    url_name="import_mapping",
    response=ImportFile,
    openapi_extra=describes_body(MAPPING),
)
def import_set_mapping(request: Request, import_id: UUID) -> HttpResponse:
    """Say what the columns mean, by what a row is known again, and what is done with rows that stand twice."""
    given = _body(request, import_id, MAPPING)
    mapping, keys = given["mapping"], given.get("keys", [])
    texts = [given.get("duplicates", "import"), given.get("profile_name", "")]
    if not isinstance(mapping, dict) or not _are_texts(mapping.values()):
        raise _odd("mapping")
    if not isinstance(keys, list) or not _are_texts(keys):
        raise _odd("keys")
    if not _are_texts(texts):
        raise _odd("duplicates")
    services.set_mapping(request.actor, import_id, mapping, keys, texts[0], texts[1][:60])
    return _answer(request, import_id)


def _are_texts(values: Any) -> bool:
    return all(isinstance(one, str) for one in values)


@router.post(
    "/imports/{uuid:import_id}/options",
    url_name="import_options",
    response=ImportFile,
    openapi_extra=describes_body(OPTIONS),
)
def import_set_options(request: Request, import_id: UUID) -> HttpResponse:
    """Say what holds for all rows: the stage and why, the type, currency and country, whether parties are added."""
    services.set_options(request.actor, import_id, _body(request, import_id, OPTIONS))
    return _answer(request, import_id)


@router.get(
    "/imports/{uuid:import_id}/rows", url_name="import_rows", response=RowsNotIn, openapi_extra={"parameters": PAGE}
)
def import_errors(request: Request, import_id: UUID) -> HttpResponse:
    """The rows that are not in, with every reason."""
    cursor, limit = _paged(request)
    if cursor and not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 10):
        raise _odd("cursor")
    found = error_rows(request.actor, import_id, limit + 1, int(cursor or 0))
    items = [
        {
            "line": row.line, "cells": dict(row.cells), "is_mended": row.is_mended,
            "problems": [{"column": one.column, "text": one.text, "then": one.then} for one in row.problems],
        }
        for row in found[:limit]
    ]  # fmt: skip
    return JsonResponse({"items": items, "next": str(items[-1]["line"]) if len(found) > limit else ""})


@router.post(
    "/imports/{uuid:import_id}/rows", url_name="import_rows", response=ImportFile, openapi_extra=describes_body(ROWS)
)
def import_mend(request: Request, import_id: UUID) -> HttpResponse:
    """Write other texts than the file's in cells of rows; check or run again to take them in."""
    given = _body(request, import_id, ROWS)
    rows = given["rows"]
    if not isinstance(rows, list) or len(rows) > MOST_ROWS or not all(_is_mend(one) for one in rows):
        raise _odd("rows")
    services.mend_rows(request.actor, import_id, {one["line"]: one["cells"] for one in rows})
    return _answer(request, import_id)


def _is_mend(one: Any) -> bool:
    if not isinstance(one, dict) or set(one) != {"line", "cells"} or not isinstance(one["cells"], dict):
        return False
    line = one["line"]
    return (
        isinstance(line, int) and not isinstance(line, bool) and 0 < line < 2**31 and _are_texts(one["cells"].values())
    )


# -- the long steps ----------------------------------------------------------------------------------


def _start(request: Request, import_id: UUID, act: Callable[[Actor, UUID], Any], status: int = 202) -> HttpResponse:
    _body(request, import_id, NOTHING)
    act(request.actor, import_id)
    return _answer(request, import_id, status)


@router.post(
    "/imports/{uuid:import_id}/check",
    url_name="import_check",
    response={202: ImportFile},
    openapi_extra=describes_body(NOTHING, required=False),
)
def import_check(request: Request, import_id: UUID) -> HttpResponse:
    """Try every row and keep nothing but what was found."""
    return _start(request, import_id, services.check_import)


@router.post(
    "/imports/{uuid:import_id}/run",
    url_name="import_run",
    response={202: ImportFile},
    openapi_extra=describes_body(NOTHING, required=False),
)
def import_run(request: Request, import_id: UUID) -> HttpResponse:
    """Take in the rows that are right; the others are kept with their reasons."""
    return _start(request, import_id, services.run_import)


@router.post(
    "/imports/{uuid:import_id}/cancel",
    url_name="import_cancel",
    response=ImportFile,
    openapi_extra=describes_body(NOTHING, required=False),
)
def import_cancel(request: Request, import_id: UUID) -> HttpResponse:
    """Stop the work at its next step; what is in stays in."""
    return _start(request, import_id, services.cancel_import, 200)


@router.post(
    "/imports/{uuid:import_id}/undo",
    url_name="import_undo",
    response={202: ImportFile},
    openapi_extra=describes_body(NOTHING, required=False),
)
def import_undo(request: Request, import_id: UUID) -> HttpResponse:
    """Take back what the import added and changed, where nobody touched it since."""
    return _start(request, import_id, services.undo_import)
