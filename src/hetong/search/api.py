"""Search in the API: the same box, for programs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import BaseModel

from hetong.kernel.errors import N_, Invalid, Problem
from hetong.ui.http import Request
from hetong.ui.rest import SEARCH_PARAMETERS, asked

from .asking import read_question
from .indexed import indexed_nouns
from .marking import Pieces
from .queries import find_groups

router = Router(tags=["search"])
KIND = {
    "in": "query", "name": "noun", "required": False, "schema": {"type": "string"},
    "description": "Only records of this kind, such as contracts.contract.",
}  # fmt: skip


class Hit(BaseModel):
    """A record that was found: what it is called, what tells it from its namesakes, where the words stand."""

    noun: str
    id: UUID
    title: str
    context: str
    excerpt: str
    url: str


class Hits(BaseModel):
    """What was found, by kind of record."""

    items: list[Hit]
    next: str


@router.get("/search", url_name="search", response=Hits, openapi_extra={"parameters": [*SEARCH_PARAMETERS, KIND]})
def search(request: Request) -> HttpResponse:
    """Records in which all the words occur: names, numbers, the text of files. "A phrase", -without."""
    where, cursor, limit = asked(request)
    kinds = [value for one in where.conditions if one.key == "noun" for value in one.values]
    if cursor or where.sort or where.columns or any(one.key != "noun" for one in where.conditions):
        raise Invalid(problems=[Problem("search", N_("Search takes the words as q, a noun and a limit."), field="q")])
    if not set(kinds) <= {entry.shown for entry in indexed_nouns()}:
        raise Invalid(
            problems=[Problem("not_searched", N_("There is no such kind of record to search."), field="noun")]
        )
    question = read_question(where.text)
    if not question.wanted:
        raise Invalid(problems=[Problem("search", N_("Give at least one word to look for as q."), field="q")])
    items: list[dict[str, Any]] = []
    for group in find_groups(request.actor, question, kinds or None, limit=limit):
        for hit in group.hits[: limit - len(items)]:
            items.append({
                "noun": hit.noun, "id": str(hit.id), "title": hit.title, "context": hit.context, "excerpt": _plain(hit.excerpt),
                "url": hit.url,
            })  # fmt: skip
    return JsonResponse({"items": items, "next": ""})


def _plain(pieces: Pieces) -> str:
    return "".join(text for text, _is_mark in pieces)
