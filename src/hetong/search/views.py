from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hetong.kernel.nouns import noun
from hetong.ui.http import Request

from .queries import Hit, find_recent, search_by_noun

LONGEST = 200
PALETTE_EACH, PALETTE_MOST = 6, 20


def search_page(request: Request) -> HttpResponse:
    """Everything that holds the words, noun by noun."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    found = search_by_noun(request.actor, text, limit=50) if text else {}
    only = request.GET.get("noun", "")
    groups = [
        {"noun": noun(key), "hits": hits, "is_cut": len(hits) == 50} for key, hits in found.items() if only in ("", key)
    ]
    kinds = [
        {"key": key, "label": noun(key).labels[1], "count": len(hits), "current": key == only}
        for key, hits in found.items()
    ]
    return render(request, "search/page.html", {"text": text, "groups": groups, "kinds": kinds, "only": only})


def search_palette(request: Request) -> HttpResponse:
    """Records for the command palette: the recent ones, or those that hold the words."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    groups: list[tuple[str, list[Hit]]] = []
    if text:
        left = PALETTE_MOST
        for key, hits in search_by_noun(request.actor, text, limit=PALETTE_EACH).items():
            groups.append((str(noun(key).labels[1]), hits[:left]))
            left -= len(hits)
            if left <= 0:
                break
    else:
        groups.append((_("Recent"), find_recent(request.actor)))
    return render(request, "search/_palette.html", {"groups": [(label, hits) for label, hits in groups if hits]})
