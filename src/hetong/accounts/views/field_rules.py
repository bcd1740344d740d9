"""Field rules: the matrix, and the page of one field."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.accounts import matrix
from hetong.accounts.matrix import Asked
from hetong.accounts.models import Role
from hetong.accounts.queries import find_roles
from hetong.accounts.services.field_rules import NeededButClosed, set_field_rules
from hetong.accounts.subjects import CHANNELS, Subject, consequences, subjects
from hetong.accounts.subjects import subject as subject_of
from hetong.accounts.wording import group_keys
from hetong.kernel.errors import Invalid, NotFound, Stale
from hetong.kernel.fields import words
from hetong.ui.errors import problem_words, wording
from hetong.ui.http import Request

START = "contracts.contract"


def rules(request: Request) -> HttpResponse:
    """Who may see and change which field; posted, everything that was changed on the page is set at once."""
    asked = _asked(request)
    roles = list(find_roles(request.actor))
    tables = _tables(asked)
    across = matrix.shown_roles(roles, asked)
    sent: dict[str, str] = {}
    refused: Invalid | Stale | None = None
    if request.method == "POST":
        try:
            wanted, sent = matrix.read_sent(request.POST.dict(), tables, across)
            changed = set_field_rules(request.actor, wanted, reason=_reason(request), is_meant="anyway" in request.POST)
        except (Invalid, Stale) as problem:
            refused = problem
        else:
            messages.success(request, _said(changed))
            return redirect(request.get_full_path())
    context = _frame(request, asked, roles) | _refusal(refused) | {
        "across": [{"key": role.key, "name": words(role.labels, request.actor.language)} for role in across],
        "blocks": matrix.blocks(tables, across, asked, sent), "seen": matrix.seen_codes(tables, across),
        "channels": CHANNELS, "reason": _reason(request),
    }  # fmt: skip
    return render(request, "accounts/rules.html", context, status=refused.status if refused else 200)


def rule(request: Request, subject: str, field: str) -> HttpResponse:
    """One field: what each role may do with it, stage by stage."""
    table, roles = subject_of(subject), list(find_roles(request.actor))
    row = table.rows.get(field)
    if row is None:
        raise NotFound(field=field)
    refused: Invalid | Stale | None = None
    if request.method == "POST":
        try:
            wanted = matrix.read_field(request.POST, table, field, roles)
            changed = set_field_rules(request.actor, wanted, reason=_reason(request), is_meant="anyway" in request.POST)
        except (Invalid, Stale) as problem:
            refused = problem
        else:
            messages.success(request, _said(changed))
            return redirect(request.path)
    context = _refusal(refused) | {
        "table": table, "row": row, "levels": matrix.level_names(table, row), "channels": CHANNELS,
        "roles": matrix.stages_of_field(table, field, roles, request.POST if refused else None),
        "hides": [(label, ", ".join(map(str, gone))) for label, gone in consequences(subject, field)], "reason": _reason(request),
    }  # fmt: skip
    return render(request, "accounts/rule.html", context, status=refused.status if refused else 200)


def _asked(request: Request) -> Asked:
    given = request.GET
    text = given.get("q", "").strip()[:80]
    return Asked(
        given.get("noun", "" if text or "own" in given else START), text, given.get("role", ""), given.get("other", ""),
        given.get("own", "") == "1",
    )  # fmt: skip


def _tables(asked: Asked) -> list[Subject]:
    return [subject_of(asked.noun)] if asked.noun else _in_order()


def _in_order() -> list[Subject]:
    """What there is to rule in the order in which permissions are shown: the work first, words and rates last."""
    places = {app: place for place, app in enumerate(group_keys())}
    return sorted(subjects(), key=lambda one: places.get(one.key.partition(".")[0], len(places)))


def _reason(request: Request) -> str:
    return request.POST.get("reason", "").strip()[:500]


def _said(changed: list[Role]) -> str:
    if not changed:
        return _("Nothing was changed.")
    return _("Saved. It counts from the next page of everybody.")


def _frame(request: Request, asked: Asked, roles: list[Role]) -> dict[str, Any]:
    """What stands above the matrix: what is asked for, and what could be."""
    return {
        "asked": asked, "nouns": [(one.key, one.label) for one in _in_order()],
        "roles": [(role.key, words(role.labels, request.actor.language)) for role in roles],
        "chapters": (),  # the matrix needs the width
    }  # fmt: skip


def _refusal(refused: Invalid | Stale | None) -> dict[str, Any]:
    """The words of a refusal; rules that close a needed field may be confirmed."""
    if refused is None:
        return {}
    title, then = wording(refused)
    problems = [problem_words(one) for one in refused.problems] if isinstance(refused, Invalid) else []
    if isinstance(refused, Stale):
        title = _("Somebody else set one of these rules while you worked on them.")
        then = _("Yours are kept below. Load the page again to see theirs.")
    return {"title": title, "then": then, "problems": problems, "may_confirm": isinstance(refused, NeededButClosed)}
