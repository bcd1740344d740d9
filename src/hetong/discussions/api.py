"""Discussions in the API: what was said on a record, to read and to write."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hetong.audit.services.editing import check_versions
from hetong.discussions import queries, services
from hetong.discussions.fields import COMMENT, LONGEST, THREAD
from hetong.discussions.models import Comment as CommentRow
from hetong.discussions.models import Thread as ThreadRow
from hetong.discussions.states import Channel
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Invalid, Problem, UnknownField
from hetong.kernel.nouns import noun_of_section
from hetong.kernel.schemas import out_schema, page_schema
from hetong.ui.http import Request
from hetong.ui.rest import (
    act_answer,
    added_answer,
    body_of,
    describes_act,
    describes_body,
    describes_edit,
    describes_list,
    edit_answer,
    list_answer,
    show_answer,
)

router = Router(tags=["discussions"])
Comment, Thread = out_schema(COMMENT, "Comment"), out_schema(THREAD, "Thread")
TAKES = {
    "text": {
        "type": "string",
        "maxLength": LONGEST,
        "description": "A name after an @ asks that person for an opinion.",
    },
    "channel": {
        "type": "string",
        "enum": [one.value for one in Channel],
        "description": "Who reads it; internal where not said.",
    },
    "thread": {
        "type": "string",
        "format": "uuid",
        "description": "The thread that is answered; none begins a new one.",
    },
}
ADDS = {"type": "object", "additionalProperties": False, "required": ["text"], "properties": TAKES}


@router.get(
    "/{section}/{uuid:subject_id}/comments", url_name="subject_comments", response=page_schema(Comment, "CommentPage"),
    openapi_extra=describes_list(COMMENT),
)  # fmt: skip
def subject_comments_list(request: Request, section: str, subject_id: UUID) -> HttpResponse:
    """What was said on one record; the section is that of its address: contracts, parties, projects."""
    key = noun_of_section(section).key
    return list_answer(request, COMMENT.noun, rows=queries.find_comments(request.actor, key, subject_id).order_by())


@router.post(
    "/{section}/{uuid:subject_id}/comments", url_name="subject_comments", response={201: Comment},
    openapi_extra=describes_body(ADDS),
)  # fmt: skip
def subject_comments_add(request: Request, section: str, subject_id: UUID) -> HttpResponse:
    """Say something on a record: inside the house, or with `channel` "shared" to its other side."""
    key = noun_of_section(section).key
    queries.must_discuss(request.actor, key, subject_id)
    [comment] = services.add_comments(request.actor, [_order(key, subject_id, body_of(request))])
    return added_answer(request, COMMENT.noun, comment.pk, place="/api/v1/comments")


def _order(key: str, subject: UUID, given: Mapping[str, object]) -> services.CommentOrder:
    """The body as an order. Raises `UnknownField`, `Invalid`."""
    strange = sorted(set(given) - set(TAKES))
    if strange:
        raise UnknownField(fields=", ".join(strange))
    wrong = [name for name, value in given.items() if not isinstance(value, str)]
    if wrong:
        raise Invalid(problems=[Problem("unreadable", N_("This must be text."), field=name) for name in wrong])
    texts = {name: str(value) for name, value in given.items()}
    try:
        thread = UUID(texts["thread"]) if texts.get("thread") else None
    except ValueError:
        raise Invalid(problems=[Problem("no_id", N_("This must be the id of a thread."), field="thread")]) from None
    return services.CommentOrder(key, subject, texts.get("text", ""), texts.get("channel") or Channel.INTERNAL, thread)


@router.get("/comments/{uuid:comment_id}", url_name="comment", response=Comment)
def comment_show(request: Request, comment_id: UUID) -> HttpResponse:
    """One comment."""
    return show_answer(request, COMMENT.noun, comment_id)


@router.patch(
    "/comments/{uuid:comment_id}", url_name="comment", response=Comment, openapi_extra=describes_edit(COMMENT, "CommentEdit")
)  # fmt: skip
def comment_edit(request: Request, comment_id: UUID) -> HttpResponse:
    """Change your own words, soon after you wrote them."""
    return edit_answer(request, COMMENT.noun, comment_id)


@router.post(
    "/comments/{uuid:comment_id}/withdraw", url_name="comment_withdraw", response=Comment, openapi_extra=describes_act("reason")
)  # fmt: skip
def comment_withdraw(request: Request, comment_id: UUID) -> HttpResponse:
    """Take a comment of yours back; that there was one stays visible."""
    return act_answer(request, COMMENT.noun, comment_id, _withdraw, takes=("reason",))


@router.get("/threads/{uuid:thread_id}", url_name="thread", response=Thread)
def thread_show(request: Request, thread_id: UUID) -> HttpResponse:
    """One thread; its comments are those of its record whose `thread` it is."""
    return show_answer(request, THREAD.noun, thread_id)


@router.post(
    "/threads/{uuid:thread_id}/resolve", url_name="thread_resolve", response=Thread, openapi_extra=describes_act()
)
def thread_resolve(request: Request, thread_id: UUID) -> HttpResponse:
    """Settle a thread: nobody needs to answer any more."""
    return act_answer(request, THREAD.noun, thread_id, _resolve)


@router.post(
    "/threads/{uuid:thread_id}/reopen", url_name="thread_reopen", response=Thread, openapi_extra=describes_act()
)
def thread_reopen(request: Request, thread_id: UUID) -> HttpResponse:
    """Take a settled thread up again."""
    return act_answer(request, THREAD.noun, thread_id, _reopen)


def _withdraw(
    actor: Actor, ids: Collection[UUID], *, reason: str = "", versions: Mapping[UUID, int] | None = None
) -> list[CommentRow]:
    check_versions(list(CommentRow.objects.visible_to(actor).filter(pk__in=ids)), versions)
    return services.withdraw_comments(actor, ids, reason=reason)


def _resolve(actor: Actor, ids: Collection[UUID], *, versions: Mapping[UUID, int] | None = None) -> list[ThreadRow]:
    check_versions(list(ThreadRow.objects.visible_to(actor).filter(pk__in=ids)), versions)
    return services.resolve_threads(actor, ids)


def _reopen(actor: Actor, ids: Collection[UUID], *, versions: Mapping[UUID, int] | None = None) -> list[ThreadRow]:
    check_versions(list(ThreadRow.objects.visible_to(actor).filter(pk__in=ids)), versions)
    return services.reopen_threads(actor, ids)
