from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hetong.kernel.where import EVERYTHING, Where
from hetong.ui.http import Request

from .asking import Question, read_question
from .facets import find_facets
from .indexed import indexed_nouns
from .queries import Group, Hit, find_groups, find_recent
from .suggestions import suggest

PALETTE_EACH, PALETTE_MOST = 6, 20
EACH, ONLY = 8, 50
"""Hits shown of each kind of record, and where only one kind is asked for."""


def search_page(request: Request) -> HttpResponse:
    """Everything that holds the words, kind by kind; or one kind, with what tells its hits apart."""
    text = request.GET.get("q", "").strip()
    question, only, where = read_question(text), _only(request), _where(request)
    groups = find_groups(
        request.actor, question, limit=ONLY if only else EACH, only=only, where={only: where} if only else {}
    )
    asked = {"q": text, "noun": only}
    found = next((group for group in groups if group.noun.key == only), None)
    context = {
        "text": text,
        "question": question,
        "groups": groups,
        "only": only,
        "shown": [group for group in groups if group.hits],
        "total": sum(group.count for group in groups),
        "facets": find_facets(request.actor, found, where, asked) if found else (),
        "is_narrowed": bool(only and where.conditions),
        "everything": urlencode({"q": text}),
        **_suggested(request, question, groups),
    }
    return render(request, "search/page.html", context)


def _only(request: Request) -> str:
    """The one kind of record that is asked for, if there is such a kind."""
    key = request.GET.get("noun", "")
    return key if any(entry.shown == key for entry in indexed_nouns()) else ""


def _where(request: Request) -> Where:
    """The conditions in the address. Raises `UnknownField` for an operator that there is none of."""
    given = {key: values for key, values in request.GET.lists() if key not in ("q", "noun")}
    return Where.parse(given) if given else EVERYTHING


def _suggested(request: Request, question: Question, groups: list[Group]) -> dict[str, Any]:
    """What else to try, where nothing was found."""
    if groups or not question.wanted:
        return {"respelt": (), "shorter": ()}
    respelt, shorter = suggest(request.actor, question)
    return {"respelt": respelt, "shorter": shorter}


def search_palette(request: Request) -> HttpResponse:
    """Records for the command palette: the recent ones, or those that hold the words."""
    text = request.GET.get("q", "").strip()
    groups: list[tuple[str, list[Hit]]] = []
    if text:
        left = PALETTE_MOST
        for group in find_groups(request.actor, read_question(text), limit=PALETTE_EACH, is_brief=True):
            groups.append((str(group.noun.labels[1]), list(group.hits[:left])))
            left -= len(group.hits)
            if left <= 0:
                break
    else:
        groups.append((_("Recent"), find_recent(request.actor)))
    return render(request, "search/_palette.html", {"groups": [(label, hits) for label, hits in groups if hits]})
