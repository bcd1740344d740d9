"""The shapes of a noun in the API, made from its register: what comes out as pydantic, what goes in as JSON Schema.

A field that a rule may hide is optional and simply absent when it is hidden. What goes in is checked by
the register itself (``kernel.input``), so its shape here only tells the reader of the documentation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import translation
from pydantic import BaseModel, ConfigDict, Field, create_model

from .fields import Field as RegisterField
from .fields import Kind, Register
from .kept import COLUMN

AMOUNT = r"^-?\d{1,16}(\.\d{1,6})?$"
OWN_NAMES = ("id", "version", "verbs")
"""What every row carries beside its fields."""


class MoneyOut(BaseModel):
    """An amount as decimal text and its ISO 4217 currency; never a floating number."""

    amount: str = Field(examples=["1234.50"])
    currency: str = Field(examples=["SEK"])


class ReferenceOut(BaseModel):
    """Another record: its id and its title as of now."""

    id: UUID
    title: str


class ProblemDetail(BaseModel):
    """One thing that is wrong with the input."""

    field: str
    row: str
    code: str
    message: str


class ConflictDetail(BaseModel):
    """A field on which somebody else was faster: your value and theirs."""

    field: str
    yours: Any = None
    theirs: Any = None


class Problem(BaseModel):
    """Every refusal, as RFC 9457 says it (``application/problem+json``)."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(examples=["urn:hetong:invalid"])
    title: str
    status: int
    code: str
    instance: str = Field(description="The id of the request, for support and logs.")
    detail: str = Field(default="", description="What to do now.")
    errors: list[ProblemDetail] | None = None
    conflicts: list[ConflictDetail] | None = None
    version: int | None = Field(default=None, description="For 409: the version of the record as it is now.")


def out_schema(register: Register, name: str) -> type[BaseModel]:
    """One record as it comes out; every field is optional, since a rule may hide it."""
    clash = [own for own in OWN_NAMES if own in register.fields]
    if clash:
        raise ValueError(f"{register.noun}: fields named {clash} would hide what every row carries")
    fields: dict[str, Any] = {"id": (UUID, ...)}
    if register.versioned:
        fields["version"] = (
            int,
            Field(default=0, description="Raised by every change; send it back when you change the record."),
        )
    fields["verbs"] = (list[str], Field(default=[], description="What you may do with the record now."))
    with translation.override("en"):
        for one in register.fields.values():
            fields[one.name] = (_out_type(one), Field(default=None, description=str(one.label)))
    added: dict[str, Any] = {"patternProperties": {_added_name(register): ADDED_OUT}} if takes_added(register) else {}
    return create_model(name, __config__=ConfigDict(title=name, json_schema_extra=added or None), **fields)


ADDED_NAME = r"^x_[a-z][a-z0-9_]{0,39}$"
ADDED_BESIDE = r"^([a-z_]+_)?x_[a-z][a-z0-9_]{0,39}$"
"""Of records whose form also asks for added fields of those that come into being with them (`Field.of`)."""
ADDED = (
    "A field that your administrators added; GET /custom-fields says which there are, of what kind, with which choices."
)
_ADDED_SHAPE = {"type": ["string", "integer", "boolean", "object", "null"], "description": ADDED}
ADDED_IN: dict[str, Any] = {ADDED_NAME: _ADDED_SHAPE}
ADDED_OUT: dict[str, Any] = {"description": ADDED}


def _added_name(register: Register) -> str:
    return ADDED_BESIDE if register.beside else ADDED_NAME


def takes_added(register: Register) -> bool:
    """Whether administrators may add fields to the records."""
    return COLUMN in {one.name for one in register.model._meta.concrete_fields}


def page_schema(item: type[BaseModel], name: str) -> type[BaseModel]:
    """One page of a list: the items, and the cursor of the next page (empty at the end)."""
    return create_model(
        name,
        __config__=ConfigDict(title=name),
        items=(list[item], ...),  # type: ignore[valid-type]  # a type made at run time
        next=(str, Field(description="The cursor of the next page; empty on the last.")),
    )


def _out_type(one: RegisterField) -> Any:
    match one.kind:
        case Kind.MONEY:
            return MoneyOut | None
        case Kind.NUMBER:
            return (str if one.scale else int) | None
        case Kind.DATE:
            return dt.date | None
        case Kind.INSTANT:
            return dt.datetime | None
        case Kind.FLAG:
            return bool | None
        case Kind.REFERENCE:
            return ReferenceOut | None
        case Kind.LIST:
            return list[str] | None if one.choices else list[ReferenceOut] | list[str] | None
        case _:
            return str | None


def in_schema(register: Register, name: str, *, partial: bool) -> dict[str, Any]:
    """The JSON Schema of what may be given; ``partial`` for a change, else required fields are named."""
    writable = [one for one in register.fields.values() if one.write]
    with translation.override("en"):
        properties = {one.name: _in_shape(one) | {"description": _described(one)} for one in writable}
    schema: dict[str, Any] = {"title": name, "type": "object", "additionalProperties": False, "properties": properties}
    if takes_added(register):
        schema["patternProperties"] = {_added_name(register): _ADDED_SHAPE}
    required = [one.name for one in writable if one.required]
    if partial and register.versioned:
        properties["version"] = {
            "type": "integer",
            "minimum": 0,
            "description": "The version you saw; a newer one answers 409.",
        }
    if required and not partial:
        schema["required"] = required
    return schema


def _described(one: RegisterField) -> str:
    return f"{one.label}. {one.help}" if one.help else str(one.label)


def _in_shape(one: RegisterField) -> dict[str, Any]:
    """The JSON Schema of one field's input."""
    if one.kind in (Kind.TEXT, Kind.LONG_TEXT):
        return {"type": ["string", "null"], "maxLength": 20_000 if one.kind is Kind.LONG_TEXT else one.max_length}
    if one.kind is Kind.NUMBER and not one.scale:
        return {"type": ["integer", "null"]}
    if one.kind is Kind.LIST and one.choices:
        return {"type": ["array", "null"], "items": {"type": "string"}}
    return _SHAPES.get(one.kind, {"type": ["string", "null"]})


_FIGURE = {"type": ["string", "integer", "null"], "pattern": AMOUNT}
_SHAPES: Mapping[Kind, dict[str, Any]] = {
    Kind.MONEY: {
        "type": ["object", "null"],
        "properties": {
            "amount": {"type": "string", "pattern": AMOUNT},
            "currency": {"type": "string", "minLength": 3, "maxLength": 3},
        },
        "required": ["amount", "currency"],
    },
    Kind.NUMBER: _FIGURE,
    Kind.PERCENT: _FIGURE,
    Kind.DATE: {"type": ["string", "null"], "format": "date"},
    Kind.INSTANT: {"type": ["string", "null"], "format": "date-time"},
    Kind.REFERENCE: {"type": ["string", "null"], "format": "uuid"},
    Kind.FLAG: {"type": "boolean"},
    Kind.LIST: {"type": ["array", "null"], "items": {"type": "string", "format": "uuid"}},
    Kind.LABELS: {"type": ["object", "string", "null"], "additionalProperties": {"type": "string"}},
}


def filter_parameters(register: Register, *, text: bool = True) -> list[dict[str, Any]]:
    """The query parameters of a list: filters, order, columns, paging."""
    from .where import can_filter  # where reads registers; this module only describes them

    told = "Also with .not .lt .lte .gt .gte .has .empty behind the name; repeat it for any of several."
    with translation.override("en"):
        filters = [
            _parameter(
                one.name,
                f"{one.label}. {told}" if position == 0 else str(one.label),
                {"type": "array", "items": {"type": "string"}},
            )
            for position, one in enumerate(one for one in register.fields.values() if can_filter(one))
        ]
    return [
        _parameter(
            "limit", "How many items at most.", {"type": "integer", "minimum": 1, "maximum": 250, "default": 50}
        ),
        _parameter("cursor", "The “next” of the page before.", {"type": "string"}),
        _parameter("sort", "Fields in order, “-” for descending: -ends_on,title", {"type": "string"}),
        _parameter("columns", "Only these fields, separated by commas.", {"type": "string"}),
        *([_parameter("q", "Words that occur in the searchable fields.", {"type": "string"})] if text else []),
        *filters,
    ]


def _parameter(name: str, text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "description": text, "schema": schema}
