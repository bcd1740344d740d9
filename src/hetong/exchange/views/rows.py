"""The rows that are not in: every cell can be written anew beside what is wrong with it; the file itself stays as it came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hetong.exchange import services
from hetong.exchange.queries.imports import BadRow, ImportPage, count_error_rows, error_rows, import_page
from hetong.kernel.errors import Conflict
from hetong.ui.errors import wording
from hetong.ui.http import Request

from .steps import frame

AT_ONCE = 25
"""Bad rows on one page."""
LONG = 60
"""Longer texts, and those of several lines, are written in a box."""


def import_rows(request: Request, import_id: UUID) -> HttpResponse:
    """Some bad rows as a grid; posted, what was written is kept and the check begins again, or the next rows follow."""
    page = import_page(request.actor, import_id)
    asked = request.GET.get("after", "0")
    after = int(asked) if asked.isdecimal() and len(asked) < 9 else 0
    bad = error_rows(request.actor, import_id, AT_ONCE, after)
    if request.method == "POST":
        written = _written(request, page, bad)
        if written:
            services.mend_rows(request.actor, import_id, written)
        return _onward(request, import_id, bad, changed=len(written))
    shown = _columns(page, bad)
    context = frame(page, "check") | {
        "rows": [_shown(page, one, shown) for one in bad], "heads": [head for _place, head in shown], "count": count_error_rows(
            request.actor, import_id
        ), "after": after, "is_last": len(bad) < AT_ONCE, "next": bad[-1].line if bad else 0,
    }  # fmt: skip
    return render(request, "exchange/import_rows.html", context)


def _columns(page: ImportPage, bad: Sequence[BadRow]) -> list[tuple[int, str]]:
    """The file's columns that mean something or are in trouble, the troubled ones first; with their places."""
    troubled = {problem.column for one in bad for problem in one.problems if problem.column}
    found = [(place, head) for place, head in enumerate(page.columns) if page.mapping.get(head) or head in troubled]
    return sorted(found, key=lambda one: (one[1] not in troubled, one[0]))


def _shown(page: ImportPage, one: BadRow, columns: Sequence[tuple[int, str]]) -> dict[str, Any]:
    by_head: dict[str, list[str]] = {}
    for problem in one.problems:
        by_head.setdefault(problem.column, []).append(f"{problem.text} {problem.then}".strip())
    cells = []
    for place, head in columns:
        text = one.cells.get(head, "")
        cells.append({
            "name": f"c{one.line}-{place}", "head": head, "text": text, "problems": by_head.get(head, []),
            "is_long": len(text) > LONG or "\n" in text,
        })  # fmt: skip
    heads = {head for _place, head in columns}
    whole = [text for head, texts in by_head.items() if head not in heads for text in texts]
    return {"line": one.line, "cells": cells, "problems": whole, "is_mended": one.is_mended}


def _written(request: Request, page: ImportPage, bad: Sequence[BadRow]) -> dict[int, Mapping[str, str]]:
    """What was written otherwise than it stood, by line and column of the file."""
    found: dict[int, Mapping[str, str]] = {}
    for one in bad:
        cells = {}
        for place, head in enumerate(page.columns):
            sent = request.POST.get(f"c{one.line}-{place}")
            if sent is not None and _plain(sent) != _plain(one.cells.get(head, "")):
                cells[head] = sent
        if cells:
            found[one.line] = cells
    return found


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _onward(request: Request, import_id: UUID, bad: Sequence[BadRow], *, changed: int) -> HttpResponse:
    if "next" in request.POST and bad:
        return redirect(f"{reverse('exchange:import_rows', args=[import_id])}?after={bad[-1].line}")
    try:
        services.check_import(request.actor, import_id)
    except Conflict as refused:
        messages.error(request, " ".join(wording(refused)))
    else:
        messages.success(request, _("%(n)s rows were changed. All rows are checked again.") % {"n": changed})
    return redirect("exchange:import", import_id)
