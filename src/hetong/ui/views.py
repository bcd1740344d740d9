"""Pages of the frame itself: pickers, cells, saved views, bulk edits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from hetong.kernel.errors import Invalid
from hetong.kernel.nouns import noun

from . import services
from .errors import problem_words
from .forms.options import find_options, titles_of
from .http import Request
from .lists.bulk_page import bulk
from .lists.cells import cell
from .lists.state import as_uuid
from .models import SavedView
from .policy import Can
from .queries import find_views, get_view, reader_of

__all__ = ["bulk", "cell", "pick", "view_act", "view_delete", "view_edit", "view_list", "view_new"]


def pick(request: Request, key: str) -> HttpResponse:
    """Options for a reference field: what the reader may see and holds every word of ``q``; JSON when asked for."""
    options = find_options(request.actor, key, request.GET.get("q", "")[:200])
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"items": [{"id": str(o.id), "title": o.title, "context": o.context} for o in options]})
    return render(request, "ui/forms/options.html", {"options": options})


def view_list(request: Request) -> HttpResponse:
    """The views of one list, to rename, share, pin or delete them."""
    path = _path(request.GET.get("path", ""))
    return render(
        request,
        "ui/lists/views.html",
        {"views": find_views(request.actor, path), "path": path, "may_publish": request.actor.may(Can.PUBLISH_VIEWS)},
    )


def view_new(request: Request) -> HttpResponse:
    """Keep the question of a list under a name."""
    asked = request.POST if request.method == "POST" else request.GET
    view = SavedView(
        noun=asked.get("noun", ""),
        path=_path(asked.get("path", "")),
        query=asked.get("query", ""),
        owner=reader_of(request.actor),
    )
    noun(view.noun)
    return _view_form(request, view, None)


def view_edit(request: Request, view_id: UUID) -> HttpResponse:
    """Give a view another name or other readers."""
    return _view_form(request, get_view(request.actor, view_id), view_id)


def _view_form(request: Request, view: SavedView, view_id: UUID | None) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    present = f"team:{view.team}" if view.team else "everyone" if view.is_for_everyone else "me"
    teams = titles_of(request.actor, "accounts.team", list(request.actor.teams))
    context: dict[str, Any] = {
        "view": view,
        "is_new": view_id is None,
        "teams": [(f"team:{id}", title) for id, title in teams.items()],
        "may_publish": request.actor.may(Can.PUBLISH_VIEWS),
        "name": sent.get("name", "") if sent else view.name,
        "who": sent.get("who", "me") if sent else present,
    }
    if sent is None:
        return render(request, "ui/lists/view_form.html", context)
    who = context["who"]
    try:
        kept = services.save_view(
            request.actor,
            view.noun,
            view.path,
            context["name"],
            view.query,
            view=view_id,
            for_everyone=who == "everyone",
            team=as_uuid(who.removeprefix("team:")) if who.startswith("team:") else None,
        )
    except Invalid as refused:
        errors = [{"id": "view-name", "label": _("Name"), "text": problem_words(p)} for p in refused.problems]
        return render(request, "ui/lists/view_form.html", context | {"errors": errors}, status=422)
    if view_id is None and sent.get("pin"):
        services.pin_view(request.actor, kept.pk, True)
    messages.success(request, _("The view is kept."))
    return redirect(f"{kept.path}?view={kept.pk}")


def view_delete(request: Request, view_id: UUID) -> HttpResponse:
    """Forget a view."""
    path = get_view(request.actor, view_id).path
    services.delete_view(request.actor, view_id)
    messages.success(request, _("The view is deleted."))
    return redirect(path)


def view_act(request: Request, view_id: UUID, act: str) -> HttpResponse:
    """Pin, unpin, make default or not: one's own choices about a view."""
    view = get_view(request.actor, view_id)
    if act in ("pin", "unpin"):
        services.pin_view(request.actor, view_id, act == "pin")
    else:
        services.default_view(request.actor, view_id, act == "default")
    return redirect(f"/views/?{urlencode({'path': view.path})}")


def _path(given: str) -> str:
    """The address of a list of ours; the home page for anything else."""
    return (
        given
        if given.startswith("/") and not given.startswith("//") and len(given) <= 200 and "\\" not in given
        else "/"
    )
