"""The inbox of who decides, the decision card, and the rounds of one record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.approvals import queries, services
from hetong.approvals.fields import ROUND, TASK
from hetong.approvals.forms import RejectForm
from hetong.approvals.models import Task
from hetong.jobs.announcing import of_kind
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid
from hetong.kernel.fields import Row
from hetong.kernel.nouns import noun, noun_of_section
from hetong.ui.cards import card_frame, shown_row
from hetong.ui.http import Request

MOST = 100
"""How many requests one list shows."""


def inbox(request: Request) -> HttpResponse:
    """What the reader is asked to decide; beside it the first of them."""
    return _split(request, "todo", queries.open_tasks(request.actor))


def done(request: Request) -> HttpResponse:
    """What the reader has decided."""
    return _split(request, "done", queries.decided_tasks(request.actor))


def mine(request: Request) -> HttpResponse:
    """What the reader has asked for."""
    return _split(request, "mine", queries.my_rounds(request.actor))


def _split(request: Request, tab: str, tasks: QuerySet[Task], task: Task | None = None, **more: Any) -> HttpResponse:
    """The list beside one decision; on a phone the one or the other."""
    actor = request.actor
    rows = TASK.show(actor, tasks[:MOST])
    is_chosen = task is not None
    if task is None and rows:
        task = queries.get_task(actor, rows[0].id)
    context = {
        "tab": tab, "tabs": _tabs(actor, tab), "rows": [_asked(row, about) for row, about in _with_subjects(actor, rows)],
        "is_chosen": is_chosen, "place": _place(rows, task), "count": len(rows),
        "live_on": of_kind(ROUND.noun, actor.companies()),
    }  # fmt: skip
    if task is not None:
        context |= _decision(actor, task)
        context["talk"] = queries.talk_beside(request, task.round.noun, task.round.subject)
    return render(request, "approvals/inbox.html", context | more)


def _with_subjects(actor: Actor, rows: list[Row]) -> list[tuple[Row, dict[str, Any]]]:
    about = queries.subjects_of(actor, rows)
    return [(row, about.get(row.id, {})) for row in rows]


def _asked(row: Row, about: dict[str, Any]) -> dict[str, Any]:
    return {"task": row, "url": reverse("approvals:card", args=[row.id]), **about}


def _place(rows: list[Row], task: Task | None) -> int:
    """Which of the list the shown one is, counted from 1; 0 where it is none of them."""
    return next((at for at, row in enumerate(rows, 1) if task is not None and row.id == task.pk), 0)


def _tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    named = (("todo", _("To do"), "inbox"), ("done", _("Done"), "done"), ("mine", _("Sent by me"), "mine"))
    counts = {"todo": queries.open_tasks(actor).count()}
    return [
        {"label": label, "url": reverse(f"approvals:{name}"), "count": counts.get(key), "current": key == current}
        for key, label, name in named
    ]


def _decision(actor: Actor, task: Task) -> dict[str, Any]:
    """The card of one task."""
    rounds = queries.find_rounds(actor, task.round.noun, task.round.subject).filter(pk=task.round_id)
    return {
        "task": TASK.show(actor, [task])[0], "round": ROUND.show(actor, rounds)[0], "decision": queries.decision_of(actor, task.round),
        "route": TASK.show(actor, queries.tasks_of(actor, rounds)), "is_mine": task.assignee_id == actor.id,
        "is_in_place": task.assignee_id != actor.id and queries.is_asked(actor, task),
    }  # fmt: skip


def task_card(request: Request, id: UUID) -> HttpResponse:
    """One decision, with everything it rests on."""
    task = queries.get_task(request.actor, id)
    is_open = queries.is_asked(request.actor, task)
    tab = "todo" if is_open else "mine" if task.round.opened_by == request.actor.id else "done"
    lists = {"todo": queries.open_tasks, "done": queries.decided_tasks, "mine": queries.my_rounds}
    return _split(request, tab, lists[tab](request.actor), task)


@require_POST
def task_approve(request: Request, id: UUID) -> HttpResponse:
    """Approve."""
    title = _title(request, id)
    [task] = services.decide(request.actor, [id], "approve", comment=request.POST.get("comment", ""))
    messages.success(request, _("Approved: %(title)s") % {"title": title})
    return _back(task)


def _title(request: Request, id: UUID) -> str:
    """What a task is about, as far as the reader may read it. Raises `NotFound`."""
    return shown_row(request.actor, TASK.noun, id).title or "–"


def task_reject(request: Request, id: UUID) -> HttpResponse:
    """Reject, with a reason."""
    title = _title(request, id)
    form = RejectForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        try:
            [task] = services.decide(request.actor, [id], "reject", comment=request.POST.get("comment", ""))
        except Invalid as refused:
            form.refuse(refused)
            status = refused.status
        else:
            messages.success(request, _("Rejected: %(title)s") % {"title": title})
            return _back(task)
    context = {
        "form": form, "sections": form.sections(), "task": title, "cancel_url": reverse("approvals:card", args=[id])
    }  # fmt: skip
    return render(request, "approvals/reject.html", context, status=status)


def _back(task: Task) -> HttpResponse:
    """To the record, where what follows shows."""
    url = noun(task.round.noun).url(task.round.subject)
    return redirect(url) if url else redirect("approvals:inbox")


def panel(request: Request, section: str, id: UUID) -> HttpResponse:
    """A tab of a record: its rounds of approval, newest first, with who was asked and what they said."""
    actor, key = request.actor, noun_of_section(section).key
    context = card_frame(actor, key, id, "approvals")
    found = queries.find_rounds(actor, key, id)
    tasks: dict[UUID, list[Row]] = {}
    for row in TASK.show(actor, queries.tasks_of(actor, found)):
        tasks.setdefault(row["round"].id, []).append(row)
    context["rounds"] = [{"round": one, "tasks": tasks.get(one.id, [])} for one in ROUND.show(actor, found)]
    return render(request, "approvals/panel.html", context)
