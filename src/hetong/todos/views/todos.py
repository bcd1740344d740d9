"""The to-do list of a person, what they gave to others, what their team has; tasks, and the to-dos of one record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.kernel.actors import Actor
from hetong.kernel.errors import Conflict, Forbidden, Invalid
from hetong.kernel.fields import Row
from hetong.kernel.nouns import noun, noun_of_section
from hetong.todos import queries, services
from hetong.todos.fields import GROUPS, TODO
from hetong.todos.forms import PassForm, SnoozeForm
from hetong.todos.models import Todo
from hetong.todos.policy import NOUN
from hetong.todos.states import TASK
from hetong.todos.tables import TODOS
from hetong.ui.cards import card_frame, shown_row
from hetong.ui.forms import ActForm, edit_page, read_form, typed_day, with_added
from hetong.ui.forms.options import find_options
from hetong.ui.http import Request
from hetong.ui.lists import list_page
from hetong.ui.live import live_answer, live_part

MOST = 200
"""How many to-dos one page shows; the list of all reads on."""
ASKED = ("title", "assignee", "due_on", "note")


def todos_mine(request: Request) -> HttpResponse:
    """What the reader has to do, grouped by when."""
    return _page(request, "mine", queries.mine, by="when")


def todos_delegated(request: Request) -> HttpResponse:
    """What the reader gave to others and waits for."""
    return _page(request, "delegated", queries.delegated, by="when")


def todos_of_team(request: Request) -> HttpResponse:
    """What the people have to do whom the reader leads, by person."""
    return _page(request, "team", queries.of_team, by="assignee")


def todos_done(request: Request) -> HttpResponse:
    """What the reader has done."""
    return _page(request, "done", queries.done, by="")


def _page(request: Request, tab: str, find: Callable[[Actor], QuerySet[Todo]], *, by: str) -> HttpResponse:
    actor = request.actor
    context = {"tab": tab, **_listed(actor, find(actor), by=by), "is_mine": tab == "mine"}
    url = reverse(f"todos:{tab}")
    if request.GET.get("live"):
        return live_answer(request, "todos/_list.html", context)
    context["part"] = live_part(request, "todos/_list.html", context, f"{url}?live=1")
    return render(request, "todos/page.html", context | {"tabs": _tabs(actor, tab)})


def _listed(actor: Actor, todos: QuerySet[Todo], *, by: str) -> dict[str, Any]:
    rows = TODO.show(actor, todos[: MOST + 1])
    return {"groups": _groups(rows[:MOST], by), "is_cut": len(rows) > MOST, "me": actor.label}


def _groups(rows: Sequence[Row], by: str) -> list[dict[str, Any]]:
    """The rows under heads: when they are due, or who does them; all under none where ``by`` is empty."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        value = row.get(by) if by else None
        found.setdefault(str(getattr(value, "code", value or "")), []).append(row)
    order = [code for code in GROUPS if code in found] if by == "when" else list(found)
    labels: Mapping[str, Any] = GROUPS if by == "when" else {}
    return [{"code": code, "label": labels.get(code, code), "rows": found[code]} for code in order]


def _tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    named = [("mine", _("Mine")), ("delegated", _("Given to others")), ("done", _("Done"))]
    if queries.leads_anybody(actor):
        named.insert(2, ("team", _("My team")))
    tabs = [{"label": label, "url": reverse(f"todos:{key}"), "current": key == current} for key, label in named]
    return [*tabs, {"label": _("All, with filters"), "url": reverse("todos:all"), "current": False}]


def todo_list(request: Request) -> HttpResponse:
    """Every to-do that the reader sees, to filter, sort and keep views of."""
    return list_page(request, TODOS)


def task_add(request: Request) -> HttpResponse:
    """A new task: free, or on the record that the address names."""
    on = _record(request)
    form = read_form(
        request,
        TODO,
        with_added(TODO, ASKED),
        initial={"assignee": str(request.actor.id), "title": request.GET.get("title", "")[:200]},
    )
    status = 200
    if request.method == "POST":
        try:
            [task] = services.add_tasks(request.actor, [form.given()], locale=request.actor.language, on=on)
        except Invalid as refused:
            form.refuse(refused)
            status = refused.status
        else:
            messages.success(
                request,
                _("Task given to %(who)s.") % {"who": task.assignee.name}
                if task.assignee_id != request.actor.id
                else _("Task added."),
            )
            return redirect(f"{noun(on[0]).url(on[1])}todos/" if on else "todos:mine")
    about = shown_row(request.actor, *on) if on else None
    back = f"{about.url}todos/" if about else reverse("todos:mine")
    context = {"form": form, "sections": form.sections(), "about": about, "cancel_url": back}
    return render(request, "todos/add.html", context, status=status)


def _record(request: Request) -> tuple[str, UUID] | None:
    """The record named by ``section`` and ``record`` of the address. Raises `NotFound`."""
    section, id = request.GET.get("section", ""), _as_id(request.GET.get("record", ""))
    if not section or id is None:
        return None
    key = noun_of_section(section).key
    shown_row(request.actor, key, id)
    return key, id


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def todo_card(request: Request, id: UUID) -> HttpResponse:
    """To where it is done: the place on its record; a task alone has a page of its own."""
    todo, row = queries.get_todo(request.actor, id), shown_row(request.actor, NOUN, id)
    about = row.get("about")
    if todo.rule != TASK and about is not None:
        return redirect(about.url)
    return render(request, "todos/card.html", {"row": row, "is_task": todo.rule == TASK})


def task_edit(request: Request, id: UUID) -> HttpResponse:
    """Another wording, day or person for a task."""
    todo = queries.get_todo(request.actor, id)
    if todo.rule != TASK:
        raise services.DoneThere
    return edit_page(request, NOUN, id, names=ASKED, title=_("Change task"), back=reverse("todos:card", args=[id]))


@require_POST
def task_tick(request: Request, id: UUID) -> HttpResponse:
    """Tick a task off; it can be taken back at once."""
    services.tick(request.actor, [id])
    messages.success(request, _("Done."), extra_tags=f"undo {reverse('todos:untick', args=[id])}")
    return _back(request)


@require_POST
def task_untick(request: Request, id: UUID) -> HttpResponse:
    """Take a task up again."""
    services.untick(request.actor, [id])
    messages.success(request, _("It is open again."))
    return _back(request)


@require_POST
def todo_wake(request: Request, id: UUID) -> HttpResponse:
    """Take up again now what was put off."""
    services.wake(request.actor, [id])
    return _back(request)


def _back(request: Request) -> HttpResponse:
    """To the page that sent it, if it is one of ours."""
    sent = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(sent, allowed_hosts=None) and sent.startswith("/")
    return redirect(sent if is_ours else reverse("todos:mine"))


def todo_pass(request: Request, id: UUID) -> HttpResponse:
    """Put a to-do into a colleague's hands."""
    form = PassForm(request.POST if request.method == "POST" else None)
    done = _("Passed on.")

    def act() -> object:
        return services.pass_on(request.actor, [id], _colleague(request), note=request.POST.get("note", "")[:600])

    return _ask(request, id, form, act, title=_("Pass on"), done=done)


def _colleague(request: Request) -> UUID | None:
    """The colleague whose id was sent, or the only one whom the typed words mean."""
    typed = request.POST.get("to", "").strip()[:200]
    if (id := _as_id(typed)) or not typed:
        return id
    found = find_options(request.actor, "accounts.user", typed, limit=2)
    return found[0].id if len(found) == 1 else None


def todo_snooze(request: Request, id: UUID) -> HttpResponse:
    """Put a to-do off until a day."""
    form = SnoozeForm(request.POST if request.method == "POST" else None)

    def act() -> object:
        until = typed_day(request.POST.get("until", "")[:40], request.actor.language, "until")
        return services.snooze(request.actor, [id], until, reason=request.POST.get("reason", "")[:600])

    return _ask(request, id, form, act, title=_("Put off"), done=_("Put off."))


def _ask(
    request: Request, id: UUID, form: ActForm, act: Callable[[], object], *, title: str, done: str
) -> HttpResponse:
    """Show the form; posted, do the act, or show the form again with what was refused."""
    row, status = shown_row(request.actor, NOUN, id), 200
    if request.method == "POST":
        try:
            act()
        except (Invalid, Conflict, Forbidden) as refused:
            form.refuse(refused)
            status = refused.status
        else:
            messages.success(request, done)
            return redirect("todos:mine")
    context = {"row": row, "form": form, "title": title, "cancel_url": reverse("todos:mine")}
    return render(request, "todos/act.html", context, status=status)


def panel(request: Request, section: str, id: UUID) -> HttpResponse:
    """A tab of a record: what is open on it, whoever has to do it."""
    actor, key = request.actor, noun_of_section(section).key
    found = queries.find_of_record(actor, key, id)
    context = card_frame(actor, key, id, "todos")
    context |= _listed(actor, found, by="when") | {"back": request.path, "is_of_record": True}
    return render(request, "todos/panel.html", context)
