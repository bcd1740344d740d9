"""The tab of reminders on a record: which days ask for something, who was told, and pausing with a reason."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hetong.kernel.deadlines import deadline
from hetong.kernel.errors import DomainError
from hetong.kernel.nouns import noun, noun_of_section
from hetong.notifications import services
from hetong.notifications.queries.plan import reminder_plan
from hetong.notifications.services.pauses import may_pause, page_of
from hetong.ui.cards import card_frame
from hetong.ui.forms import ActForm, day_field, typed_day
from hetong.ui.http import Request


class PauseForm(ActForm):
    """Until when nobody is reminded, and why."""

    until = day_field(gettext_lazy("Until"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Everybody who sees the record reads it."),
    )  # fmt: skip


def panel(request: Request, section: str, id: UUID) -> HttpResponse:
    """The open days of a record with their marks."""
    entry = noun_of_section(section)
    context = card_frame(request.actor, entry.key, id, "reminders")
    context["plan"] = reminder_plan(request.actor, entry.key, id)
    return render(request, "notifications/reminders.html", context)


def pause(request: Request, key: str, id: UUID) -> HttpResponse:
    """Pause the reminders of one day, with a reason."""
    what = deadline(key)
    page = page_of(request.actor, what, id)
    url = f"{noun(what.page_noun).url(page)}reminders/"
    form, status = PauseForm(request.POST if request.method == "POST" else None), 200
    if request.method == "POST":
        try:
            until = typed_day(request.POST.get("until", ""), request.actor.language, "until")
            services.pause_reminders(request.actor, key, id, until=until, reason=request.POST.get("reason", ""))
        except DomainError as refused:
            if refused.status not in (409, 422):
                raise
            form.refuse(refused)
            status = refused.status
        else:
            messages.success(request, _("Paused. Reminders go on after that day."))
            return redirect(url)
    context = {"form": form, "sections": form.sections(), "what": what, "cancel_url": url, "submit": _("Pause"),
               "may_pause": may_pause(request.actor, what, id)}  # fmt: skip
    return render(request, "notifications/pause.html", context, status=status)


def resume(request: Request, key: str, id: UUID) -> HttpResponse:
    """Remind again."""
    what = deadline(key)
    page = page_of(request.actor, what, id)
    services.resume_reminders(request.actor, key, id)
    messages.success(request, _("Reminders go on."))
    return redirect(f"{noun(what.page_noun).url(page)}reminders/")
