"""The API: every app's router under one roof, described in OpenAPI 3.1, refusing in problem+json."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

from hetong import __version__
from hetong.accounts.api import router as accounts
from hetong.accounts.api_shares import router as shares
from hetong.approvals.api import router as approvals
from hetong.audit.api import router as journal
from hetong.billing.api import router as billing
from hetong.contracts.api import router as contracts
from hetong.discussions.api import router as discussions
from hetong.documents.api import router as documents
from hetong.exchange.api import router as imports
from hetong.kernel.errors import N_, DomainError, Invalid
from hetong.kernel.errors import Problem as Wrong
from hetong.kernel.schemas import Problem
from hetong.notifications.api import router as notices
from hetong.parties.api import router as parties
from hetong.search.api import router as search
from hetong.signing.api import router as signing
from hetong.todos.api import router as todos
from hetong.ui.errors import respond
from hetong.ui.http import Request
from hetong.ui.rest import OtherType

from .privacy import router as privacy
from .scheduled import router as scheduled

ABOUT = """\
Everything the pages do, for programs: the same services, the same rights, the same words.

**Signing in.** Send `Authorization: Bearer htg_…`; tokens are made under your own settings and never reach \
further than their person. Reading also works with the session of the browser.

**Once.** Send an `Idempotency-Key` with every POST: a second try with the same key and body gets the first \
answer again, marked `Idempotency-Replayed: true`, and has no second effect.

**Values.** Ids are UUIDs, dates ISO, money `{"amount": "1234.50", "currency": "SEK"}`, quantities and percentages \
decimal text. A field that your role may not see is absent; naming it is answered like naming one that does not exist.

**Changes.** Send back the `version` you saw (in the body or as `If-Match`); if somebody was faster you get 409 with \
both values.
"""


class OnlyJson(Parser):
    """Reads bodies that say they are JSON; whatever else a body says it is, is refused as such."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body as Python. Raises `OtherType`."""
        if request.body.strip() and request.content_type != "application/json":
            raise OtherType(wanted="application/json")
        return super().parse_body(request)


class HetongAPI(NinjaAPI):
    """Ninja with our description of refusals: every operation may answer problem+json."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the view, which is unique and says what it does."""
        name: str = operation.view_func.__name__
        return name

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        components = schema["components"]
        components.setdefault("schemas", {}).update(_problem_schemas())
        components["responses"] = {
            "Problem": {
                "description": "Refused; the body says what, why and what to do.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
        }
        components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        schema["security"] = [{"bearer": []}]
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                operation["responses"] = {str(code): answer for code, answer in operation["responses"].items()}
                operation["responses"]["4XX"] = {"$ref": "#/components/responses/Problem"}
                operation["summary"] = operation.pop("description", operation["summary"])
                if method == "post":
                    once = ONCE | {"required": "billing" in operation.get("tags", ())}
                    operation["parameters"] = [*operation.get("parameters", []), once]
        return schema


ONCE = {
    "in": "header", "name": "Idempotency-Key", "required": False, "schema": {"type": "string", "maxLength": 120},
    "description": "Makes a repeated POST act once.",
}  # fmt: skip


def _problem_schemas() -> dict[str, Any]:
    whole = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**whole.pop("$defs", {}), "Problem": whole}


api = HetongAPI(
    title="Hetong",
    version=__version__,
    description=ABOUT,
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
    parser=OnlyJson(),
)
for router in (
    parties,
    contracts,
    approvals,
    signing,
    billing,
    documents,
    discussions,
    todos,
    notices,
    accounts,
    shares,
    journal,
    privacy,
    search,
    scheduled,
    imports,
):
    api.add_router("", router)


class NotReadable(DomainError):
    """What was sent cannot be read."""

    code = "bad_request"
    status = 400
    text = N_("What was sent cannot be read.")
    then = N_("Compare it with the API's description.")


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What pydantic refused, in our words' form."""
    problems = [_as_problem(one) for one in error.errors[:50]]
    return respond(_ours(request), Invalid(problems=problems))


def _as_problem(found: dict[str, Any]) -> Wrong:
    said = {"said": str(found.get("msg", ""))[:200]}
    return Wrong(
        "invalid", N_("This is not readable: %(said)s"), said, field=".".join(str(part) for part in found["loc"][1:])
    )


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What ninja refused before a view was asked."""
    ours = error.__cause__
    if isinstance(ours, DomainError):
        return respond(_ours(request), ours)
    return respond(_ours(request), NotReadable() if error.status_code == 400 else Invalid())


def _ours(request: Any) -> Request:
    found: Request = request
    return found


def description() -> str:
    """The OpenAPI document as text, the same for the same code: committed, compared and printed."""
    with translation.override("en"):
        return (
            json.dumps(api.get_openapi_schema(path_prefix="api/v1"), indent=1, ensure_ascii=False, default=str) + "\n"
        )


def docs(request: Request) -> HttpResponse:
    """The description of the API as a page that needs no script and no other host."""
    schema = api.get_openapi_schema()
    return render(request, "config/api_docs.html", {"about": schema["info"], "groups": _groups(schema)})


def _groups(schema: Any) -> list[dict[str, Any]]:
    """The operations by tag, in the order of the description."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            groups.setdefault((operation.get("tags") or ["other"])[0], []).append(_operation(method, path, operation))
    return [{"name": name, "operations": found} for name, found in groups.items()]


def _operation(method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    """What the page tells of one operation."""
    content: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    kind = next(iter(content), "")
    taken = content.get(kind, {}).get("schema", {})
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "id": operation["operationId"],
        "parameters": operation.get("parameters", []),
        "body": _body_fields(taken),
        "type": kind,
    }


def _body_fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    required = set(schema.get("required", ()))
    return [
        {"name": name, "type": _type_words(shape), "text": shape.get("description", ""), "required": name in required}
        for name, shape in schema.get("properties", {}).items()
    ]


def _type_words(shape: dict[str, Any]) -> str:
    kinds = shape.get("type", "string")
    words = [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind != "null"]
    return str(shape.get("format") or " | ".join(words))
