"""Settings: how one wants to be told, and a mail to see whether mails arrive."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hetong.kernel.errors import Forbidden, Invalid
from hetong.notifications import queries, services
from hetong.notifications.forms import RhythmForm
from hetong.notifications.models import Rhythm
from hetong.notifications.queries.devices import devices_of
from hetong.notifications.services.devices import push_key
from hetong.notifications.services.replies import count_reply_addresses
from hetong.ui.errors import problem_words
from hetong.ui.http import Request
from hetong.ui.navigation import settings


def wishes(request: Request) -> HttpResponse:
    """Per kind: in the app, by mail at once, in the summary or not at all; and when mails may come."""
    if request.actor.id is None:
        raise Forbidden()
    rhythm = queries.rhythm_of(request.actor.id)
    form = RhythmForm(request.POST or None, initial=_initial(rhythm))
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, form)
        except Invalid as refused:
            for problem in refused.problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem_words(problem))
        else:
            messages.success(request, _("Saved."))
            return redirect("notifications:wishes")
    context = {
        "form": form, "kinds": queries.preferences_of(request.actor.id), "groups": settings(request.actor, request.path),
        "replies": count_reply_addresses(request.actor), "devices": devices_of(request.actor), "push_key": push_key().public,
        "offered": ((("now", _("At once")), ("digest", _("In the summary")), ("off", _("Never")))),
    }  # fmt: skip
    return render(request, "notifications/wishes.html", context, status=422 if form.errors else 200)


def _initial(rhythm: Rhythm) -> dict[str, object]:
    return {"quiet_from": rhythm.quiet_from, "quiet_to": rhythm.quiet_to, "digest_at": rhythm.digest_at}


def _keep(request: Request, form: RhythmForm) -> None:
    sent = request.POST
    known = [wish.kind.key for wish in queries.preferences_of(request.actor.id)] if request.actor.id else []
    wanted = {
        key: (sent.get(f"app_{key}") == "1", sent[f"mail_{key}"]) for key in known if f"mail_{key}" in sent
    }  # fmt: skip
    pushed = {key: sent.get(f"push_{key}") == "1" for key in wanted} if sent.get("has_devices") == "1" else None
    services.set_wishes(request.actor, wanted, pushed, **form.cleaned_data)


def replies_end(request: Request) -> HttpResponse:
    """End all of one's addresses for answers by mail."""
    count = services.end_reply_addresses(request.actor)
    words = ngettext("%(n)s address no longer works.", "%(n)s addresses no longer work.", count)
    messages.success(request, words % {"n": count})
    return redirect("notifications:wishes")


def mail_test(request: Request) -> HttpResponse:
    """Send oneself a mail."""
    mail = services.send_test(request.actor)
    messages.success(request, _("A test is on its way to %(to)s.") % {"to": mail.recipient})
    return redirect("notifications:wishes")
