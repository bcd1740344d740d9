"""The discussion of a record: a tab with both channels apart, what can be done with a comment, and who can be asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.audit.queries import find_history
from hetong.audit.services import log_access
from hetong.discussions import queries, services
from hetong.discussions.fields import COMMENT
from hetong.discussions.forms import CommentForm, InviteForm, as_id
from hetong.discussions.policy import Can, may_write
from hetong.discussions.rendering import text_html
from hetong.discussions.states import Channel
from hetong.files.responses import serve
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Conflict, Invalid, NotFound
from hetong.kernel.fields import Row
from hetong.kernel.nouns import is_visible, noun, noun_of_section
from hetong.ui.cards import card_frame, shown_row
from hetong.ui.forms import edit_page
from hetong.ui.forms.options import find_options
from hetong.ui.http import Request
from hetong.ui.live import live_answer, live_part

INTERNAL = "internal"


def panel(request: Request, section: str, id: UUID) -> HttpResponse:
    """What is said about one record, in the channel that the address names; the internal one where it names none."""
    return _panel(request, section, id, None)


def _panel(request: Request, section: str, id: UUID, form: CommentForm | None, status: int = 200) -> HttpResponse:
    actor, key = request.actor, noun_of_section(section).key
    queries.must_discuss(actor, key, id)
    channel = _channel(request, key)
    said = talk_context(actor, key, id, channel)
    if request.GET.get("live"):
        return live_answer(request, "discussions/_talk.html", said)
    context = card_frame(actor, key, id, "discussion")
    url = reverse("discussions:panel", args=[section, id])
    context |= said | {
        "part": live_part(request, "discussions/_talk.html", said, f"{url}?live=1&channel={channel}"),
        "channels": _channels(actor, key, id, url, channel), "panel_url": url,
        "form": form or CommentForm(initial={"channel": channel, "thread": request.GET.get("reply", "")[:40]}),
        "may_write": _may_write(actor, context["row"], channel), "answers": _answered(actor, request.GET.get("reply")),
        "may_invite": queries.may_invite(actor, key, id), "invited": request.GET.get("invite", "")[:200],
    }  # fmt: skip
    return render(request, "discussions/panel.html", context, status=status)


def _channel(request: Request, key: str) -> str:
    """The channel asked for; what is not said, and what there is not, is the internal one."""
    asked = request.POST.get("channel") or request.GET.get("channel") or INTERNAL
    return Channel.SHARED if asked == Channel.SHARED and queries.has_other_side(key) else Channel.INTERNAL


def talk_context(actor: Actor, key: str, id: UUID, channel: str) -> dict[str, Any]:
    """What ``discussions/_talk.html`` draws: the threads of one channel, each comment with its words as HTML."""
    talks = queries.talks_of(actor, key, id, channel)
    return {
        "talks": [{"talk": one, "thread": one.thread, "comments": [_said(row) for row in one.comments]} for one in talks],
        "channel": channel, "is_shared": channel == Channel.SHARED, "other_side": queries.other_side(actor, key, id),
        "talk_url": f"{noun(key).url(id)}discussion/",
    }  # fmt: skip


def beside(request: Request, key: str, id: UUID) -> dict[str, Any]:
    """The internal discussion of a record for a page of another app: the live part, and where to write. Nothing for who may not read."""
    actor = request.actor
    if not actor.may(Can.VIEW) or not is_visible(actor, key, id):
        return {}
    url = f"{noun(key).url(id)}discussion/"
    said = talk_context(actor, key, id, Channel.INTERNAL)
    return {"part": live_part(request, "discussions/_talk.html", said, f"{url}?live=1&channel=internal"), "url": url}


def _said(row: Row) -> dict[str, Any]:
    names = [str(one.label) for one in row.get("mentioned") or ()]
    return {"row": row, "html": text_html(row.get("text") or "", names), "is_gone": row.get("withdrawn_at") is not None}


def _channels(actor: Actor, key: str, id: UUID, url: str, current: str) -> list[dict[str, Any]]:
    """The two channels as tabs; one that does not exist for the noun is left out."""
    if not queries.has_other_side(key):
        return []
    counts = queries.channel_counts(actor, key, id)
    other = queries.other_side(actor, key, id)
    named = {
        Channel.INTERNAL: (_("Internal"), url),
        Channel.SHARED: (_("With %(who)s") % {"who": other} if other else _("With the other side"), f"{url}?channel=shared"),
    }  # fmt: skip
    return [
        {"label": label, "url": address, "count": counts.get(one, 0), "current": one == current}
        for one, (label, address) in named.items()
    ]


def _may_write(actor: Actor, row: Row, channel: str) -> bool:
    return may_write(actor, channel, row.company) and queries.may_comment(actor, row.noun, row.id)


def _answered(actor: Actor, asked: str | None) -> Row | None:
    """The comment that the address wants to answer, for the line above the box."""
    id = as_id(asked)
    if id is None:
        return None
    first = COMMENT.model.objects.visible_to(actor).filter(thread=id).order_by("pk")[:1]  # type: ignore[attr-defined]  # ours
    return next(iter(COMMENT.show(actor, first)), None)


@require_POST
def comment_add(request: Request, section: str, id: UUID) -> HttpResponse:
    """Say something; a refusal comes back with everything that was typed."""
    key = noun_of_section(section).key
    form = CommentForm(request.POST, files=request.FILES)
    form.full_clean()
    order = services.CommentOrder(
        key, id, request.POST.get("text", ""), request.POST.get("channel") or INTERNAL, form.thread_id(), form.uploads()
    )
    try:
        [comment] = services.add_comments(request.actor, [order])
    except (Invalid, Conflict) as refused:
        form.refuse(refused)
        return _panel(request, section, id, form, status=refused.status)
    _tell_who_does_not_read(request, key, id, order.text)
    return redirect(queries.place_of(comment.thread.noun, id, comment.pk, comment.thread.channel))


def _tell_who_does_not_read(request: Request, key: str, id: UUID, text: str) -> None:
    """Name those after an @ who cannot see the record: they were not asked, and can be invited."""
    named, _teams = queries.people_named(request.actor, text)
    blind = [one.name for one in named if one.pk != request.actor.id and not queries.reads(one, key, id)]
    if blind:
        said = _("%(names)s cannot see this record and was not asked. Invite them below, then name them again.")
        messages.warning(request, said % {"names": ", ".join(blind)})


def comment_place(request: Request, id: UUID) -> HttpResponse:
    """To a comment, where it stands."""
    found = queries.get_comment(request.actor, id)
    return redirect(queries.place_of(found.thread.noun, found.thread.subject, id, found.thread.channel))


def asked(request: Request, id: UUID) -> HttpResponse:
    """To the comment in which somebody was asked for an opinion."""
    found = queries.get_mention(request.actor, id)
    return comment_place(request, found.comment_id)


def comment_edit(request: Request, id: UUID) -> HttpResponse:
    """Put one's own words right."""
    found = queries.get_comment(request.actor, id)
    back = queries.place_of(found.thread.noun, found.thread.subject, id, found.thread.channel)
    return edit_page(request, COMMENT.noun, id, names=("text",), title=_("Change comment"), back=back)


def comment_edits(request: Request, id: UUID) -> HttpResponse:
    """How a comment read before, and since when it reads otherwise."""
    found = queries.get_comment(request.actor, id)
    context = {
        "row": shown_row(request.actor, COMMENT.noun, id), "entries": find_history(request.actor, COMMENT.noun, id),
        "back": queries.place_of(found.thread.noun, found.thread.subject, id, found.thread.channel),
    }  # fmt: skip
    return render(request, "discussions/edits.html", context)


@require_POST
def comment_withdraw(request: Request, id: UUID) -> HttpResponse:
    """Take a comment back."""
    [comment] = services.withdraw_comments(request.actor, [id], reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("Withdrawn. That there was a comment stays visible."))
    return redirect(queries.place_of(comment.thread.noun, comment.thread.subject, id, comment.thread.channel))


def comment_file(request: Request, id: UUID, file_id: UUID) -> HttpResponseBase:
    """A file of a comment, to be saved."""
    file = queries.get_file(request.actor, id, file_id)
    answer = serve(file.blob, file.name)
    log_access(request.actor, "downloaded", COMMENT.noun, id, file.name)
    return answer


@require_POST
def thread_resolve(request: Request, id: UUID) -> HttpResponse:
    """Settle a thread."""
    services.resolve_threads(request.actor, [id])
    return _to_thread(request, id)


@require_POST
def thread_reopen(request: Request, id: UUID) -> HttpResponse:
    """Take a settled thread up again."""
    services.reopen_threads(request.actor, [id])
    return _to_thread(request, id)


def _to_thread(request: Request, id: UUID) -> HttpResponse:
    thread = queries.get_thread(request.actor, id)
    where = "?channel=shared" if thread.channel == Channel.SHARED else ""
    return redirect(f"{noun(thread.noun).url(thread.subject)}discussion/{where}#t-{id}")


def people(request: Request, section: str, id: UUID) -> HttpResponse:
    """Who can be asked by name, as options under the box."""
    key = noun_of_section(section).key
    found = queries.offer_people(request.actor, key, id, request.GET.get("q", "")[:80])
    return render(request, "discussions/_people.html", {"people": found})


def colleague_invite(request: Request, section: str, id: UUID) -> HttpResponse:
    """Invite a colleague to read along and comment."""
    key = noun_of_section(section).key
    row = shown_row(request.actor, key, id)
    if not queries.may_invite(request.actor, key, id):
        raise NotFound(noun=key, id=str(id))
    form = InviteForm(
        request.POST if request.method == "POST" else None, initial={"user": request.GET.get("user", "")[:200]}
    )
    status = 200
    if request.method == "POST":
        try:
            user = services.invite(request.actor, key, id, _chosen(request))
        except Invalid as refused:
            form.refuse(refused)
            status = refused.status
        else:
            messages.success(
                request, _("%(who)s can read and comment now, and cannot change the record.") % {"who": user.name}
            )
            return redirect("discussions:panel", section, id)
    context = {
        "form": form, "row": row, "cancel_url": reverse("discussions:panel", args=[section, id]),
        "picker_text": _picked(request, form),
    }  # fmt: skip
    return render(request, "discussions/invite.html", context, status=status)


def _chosen(request: Request) -> UUID | None:
    """The colleague whose id was sent, or the only one whom the typed words mean."""
    typed = request.POST.get("user", "").strip()[:200]
    if (id := as_id(typed)) or not typed:
        return id
    found = find_options(request.actor, "accounts.user", typed, limit=2)
    return found[0].id if len(found) == 1 else None


def _picked(request: Request, form: InviteForm) -> str:
    """The name of whoever is chosen already, for the picker."""
    chosen = as_id(form["user"].value())
    return (
        next((one.title for one in find_options(request.actor, "accounts.user") if one.id == chosen), "")
        if chosen
        else ""
    )
