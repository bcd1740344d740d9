"""One's own notices: the list by record, the bell, marks, passing on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hetong.jobs.queries import find_jobs, unseen_jobs
from hetong.kernel.errors import Invalid
from hetong.notifications import queries, services
from hetong.notifications.forms import PassOnForm
from hetong.notifications.models import Mute
from hetong.ui.errors import problem_words
from hetong.ui.http import Request
from hetong.ui.live import live_answer
from hetong.ui.navigation import counted

SHOWN, IN_BELL = 100, 8


def notice_list(request: Request) -> HttpResponse:
    """What one was told, by record; the new ones, or all."""
    actor, is_all = request.actor, request.GET.get("show") == "all"
    notices = queries.find_notices(actor) if is_all else queries.unread_notices(actor)
    rows = queries.drawn(actor, list(notices[:SHOWN]))
    # allow: visibility — one's own
    muted = set(Mute.objects.filter(user=actor.id, record__in={row.page for row in rows}).values_list("noun", "record"))
    new = queries.count_unread(actor)
    context = {
        "groups": queries.grouped(rows, muted), "tabs": _tabs(new, is_all=is_all), "is_all": is_all, "new": new,
        "is_cut": len(rows) == SHOWN,
    }  # fmt: skip
    return render(request, "notifications/list.html", context)


def _tabs(new: int, *, is_all: bool) -> list[dict[str, Any]]:
    url = reverse("notifications:list")
    return [
        {"label": _("New"), "url": url, "count": new, "current": not is_all},
        {"label": _("All"), "url": f"{url}?show=all", "count": None, "current": is_all},
    ]


def bell(request: Request) -> HttpResponse:
    """What the bell opens: the newest notices, and how background work stands."""
    actor = request.actor
    rows = queries.drawn(actor, list(queries.find_notices(actor)[:IN_BELL]))
    context = {"rows": rows, "jobs": unseen_jobs(actor).count(), "all_jobs": find_jobs(actor).exists()}
    return render(request, "notifications/_bell.html", context)


def count(request: Request) -> HttpResponse:
    """The number at the bell, asked again every few seconds."""
    parts = counted(
        request.actor,
        "notifications.bell",
        lambda: {"notices": queries.unread_notices(request.actor), "jobs": unseen_jobs(request.actor)},
    )
    return live_answer(request, "ui/_bell_count.html", {"n": sum(parts.values())})


def notice(request: Request, id: UUID) -> HttpResponse:
    """On to where the notice leads, tab and anchor; it is read then."""
    one = queries.get_notice(request.actor, id)
    [shown] = queries.drawn(request.actor, [one])
    if request.actor.viewer is None:
        services.read_notices(request.actor, [id])
    if not shown.is_open:
        messages.warning(request, _("That record is no longer open to you."))
        return redirect("notifications:list")
    return redirect(shown.url)


def read(request: Request) -> HttpResponse:
    """Mark these notices as read, or all."""
    ids = [UUID(one) for one in request.POST.getlist("id") if _is_id(one)]
    number = services.read_notices(request.actor, ids if ids or request.POST.get("all") != "1" else None)
    messages.success(request, ngettext("%(n)s notice is read.", "%(n)s notices are read.", number) % {"n": number})
    return redirect(_back(request))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def unread(request: Request, id: UUID) -> HttpResponse:
    """Mark a notice as new again."""
    services.unread_notice(request.actor, id)
    return redirect(_back(request))


def mute(request: Request, id: UUID) -> HttpResponse:
    """No more notices of the record of this one, or again."""
    one = queries.get_notice(request.actor, id)
    if request.POST.get("undo") == "1":
        services.unmute_record(request.actor, one.page_noun, one.page)
        messages.success(request, _("You are told of this record again."))
    else:
        services.mute_record(request.actor, one.page_noun, one.page)
        messages.success(request, _("Muted. Reminders and what asks for you still come."))
    return redirect(_back(request))


def pass_on(request: Request, id: UUID) -> HttpResponse:
    """Tell colleagues of it, with a note."""
    actor = request.actor
    [shown] = queries.drawn(actor, [queries.get_notice(actor, id)])
    form = PassOnForm(actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = services.pass_on(
                actor, id, [UUID(one) for one in form.cleaned_data["to"]], note=form.cleaned_data["note"]
            )
        except Invalid as refused:
            for problem in refused.problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem_words(problem))
        else:
            words = ngettext("Passed on to %(n)s colleague.", "Passed on to %(n)s colleagues.", len(told))
            messages.success(request, words % {"n": len(told)})
            return redirect("notifications:list")
    return render(
        request, "notifications/pass_on.html", {"one": shown, "form": form}, status=422 if form.errors else 200
    )


def _back(request: Request) -> str:
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else reverse("notifications:list")
