"""Calendars: the page that makes and revokes their addresses, and what a calendar program is given."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid, TooMany
from hetong.kernel.ical import calendar_text
from hetong.kernel.nouns import noun
from hetong.todos import services
from hetong.todos.feeds import days_of, feed_of, find_feeds, name_of, views_with_days
from hetong.todos.models import Feed
from hetong.ui.forms import ActForm
from hetong.ui.http import Request, ShownOnce

MINE = ""
MOST_ASKED, SPAN = 60, 300
"""How often one calendar is answered within so many seconds."""


class FeedForm(ActForm):
    """What the calendar tells, and where it is used."""

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        views = [(str(one.pk), f"{noun(one.noun).labels[1]}: {one.name}") for one in views_with_days(actor)]
        self.fields["view"] = forms.ChoiceField(
            label=_("What it tells"), required=False, choices=[(MINE, _("My deadlines")), *views],
            help_text=_("A view of contracts, projects or invoices tells the days of what it finds."),
        )  # fmt: skip
        self.fields["label"] = forms.CharField(
            label=gettext_lazy("Where you use it"), required=False, max_length=80,
            help_text=_("For yourself, such as “Phone”."),
        )  # fmt: skip


@never_cache
def feeds(request: Request) -> HttpResponse:
    """One's own calendars; the address of a new one is shown on the answer to its making, and never again."""
    form = FeedForm(request.actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        view = form.cleaned_data["view"]
        try:
            feed, secret = services.make_feed(
                request.actor, view=UUID(view) if view else None, label=form.cleaned_data["label"]
            )
        except Invalid as refused:
            form.refuse(refused)
        else:
            return _shown_once(request, feed, secret)
    return render(request, "todos/feeds.html", _context(request.actor, form), status=422 if form.errors else 200)


def _context(actor: Actor, form: FeedForm) -> dict[str, Any]:
    return {"feeds": [_line(actor, feed) for feed in find_feeds(actor)], "form": form, "title": _("Calendars")}


def _line(actor: Actor, feed: Feed) -> dict[str, Any]:
    name = name_of(actor, feed)
    return {
        "id": feed.pk, "name": name or _("A view that is gone"), "label": feed.label, "created_at": feed.created_at,
        "renewed_at": feed.renewed_at, "last_used_at": feed.last_used_at, "is_gone": not name,
    }  # fmt: skip


def _shown_once(request: Request, feed: Feed, secret: str) -> HttpResponse:
    address = address_of(secret)
    context = _context(request.actor, FeedForm(request.actor)) | {
        "address": address, "subscribe": "webcal://" + address.partition("://")[2], "made": _line(request.actor, feed),
    }  # fmt: skip
    return ShownOnce(render_to_string("todos/feeds.html", context, request), then=reverse("todos:feeds"))


def address_of(secret: str) -> str:
    """The absolute address that a calendar program is given."""
    return str(settings.BASE_URL) + reverse("todos:feed", args=[secret])


def feed_renew(request: Request, feed_id: UUID) -> HttpResponse:
    """Another address for the same calendar."""
    return _shown_once(request, *services.renew_feed(request.actor, feed_id))


def feed_revoke(request: Request, feed_id: UUID) -> HttpResponse:
    """The address is dead from now on."""
    services.revoke_feed(request.actor, feed_id)
    messages.success(request, _("The calendar address is revoked."))
    return redirect("todos:feeds")


@never_cache
def feed(request: Request, secret: str) -> HttpResponse:
    """A calendar for whoever has its address: what its owner may read now, in the owner's language."""
    found, owner = feed_of(secret)
    _slow_down(found)
    with translation.override(owner.language):
        text = calendar_text(
            f"Hetong: {name_of(owner, found)}", days_of(owner, found), clock.now(),
            about=_("Days of ninety days back and three years ahead, without amounts."),
        )  # fmt: skip
    services.note_feed_use(owner, found)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="hetong.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _slow_down(feed: Feed) -> None:
    """Count how often a calendar is asked for. Raises `TooMany`. Unknown addresses leave no trace: there is nothing to guess."""
    key = f"calendar:{feed.pk}:{int(clock.now().timestamp()) // SPAN}"
    count = cache.get(key, 0)
    if count >= MOST_ASKED:
        raise TooMany()
    cache.set(key, count + 1, SPAN)
