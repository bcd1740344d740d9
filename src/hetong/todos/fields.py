"""The register of to-dos. What a to-do says of its record is read from the record's own register, by who may."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.deadlines import deadline, deadlines
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Choice, Field, Kind, Raw, Ref, Register, Text, Verb
from hetong.kernel.nouns import noun
from hetong.kernel.where import by_id
from hetong.todos.models import Todo
from hetong.todos.policy import NOUN, is_own_task, may_pass, may_snooze, may_tick
from hetong.todos.states import TASK, TodoState

GROUPS: Mapping[str, Text] = {
    "overdue": _("Overdue"), "today": _("Today"), "week": _("This week"), "later": _("Later"), "some_day": _("Without a day"),
    "put_off": _("Put off"), "over": _("Over"),
}  # fmt: skip
"""When a to-do is due, in the order in which they are shown."""


def states() -> Sequence[Choice]:
    """What becomes of a to-do, in words."""
    return (
        Choice(TodoState.OPEN, pgettext_lazy("to-do", "Open"), "review", "indigo"),
        Choice(TodoState.DONE, pgettext_lazy("to-do", "Done"), "active", "malachite"),
        Choice(TodoState.DROPPED, pgettext_lazy("to-do", "No longer needed"), "void", "faint"),
    )


def origins() -> Sequence[Choice]:
    """Where to-dos come from: tasks that people give, and what records ask for."""
    return (Choice(TASK, _("Task")), *(Choice(one.key, one.what) for one in deadlines() if one.has_todo))


def when(actor: Actor) -> Case:
    """The group that a to-do is in today."""
    today = clock.today(actor.zone)
    sunday = today + timedelta(days=6 - today.weekday())
    return Case(
        When(~Q(state=TodoState.OPEN), then=Value("over")),
        When(snoozed_until__gt=today, then=Value("put_off")),
        When(due_on=None, then=Value("some_day")),
        When(is_ask=True, then=Value("today")),
        When(due_on__lt=today, then=Value("overdue")),
        When(due_on=today, then=Value("today")),
        When(due_on__lte=sunday, then=Value("week")),
        default=Value("later"), output_field=CharField(),
    )  # fmt: skip


def _when(raw: Raw, actor: Actor) -> Choice:
    """The same of a row that is read already."""
    today, due = clock.today(actor.zone), raw["due_on"]
    if raw["state"] != TodoState.OPEN:
        code = "over"
    elif raw["snoozed_until"] is not None and raw["snoozed_until"] > today:
        code = "put_off"
    elif due is None or raw["is_ask"]:
        code = "some_day" if due is None else "today"
    elif due <= today:
        code = "today" if due == today else "overdue"
    else:
        code = "week" if due <= today + timedelta(days=6 - today.weekday()) else "later"
    return Choice(code, GROUPS[code])


def what_of(rule: str, title: str) -> Text:
    """What is to be done: a task's own words, or what its deadline asks."""
    if rule == TASK:
        return title
    try:
        return deadline(rule).what
    except NotFound:
        return _("Nothing any more")


def link_of(raw: Mapping[str, Any]) -> str:
    """Where it is done: the place on its record, or the page of the task."""
    if is_own_task(raw):
        return noun(raw["page_noun"]).url(raw["page"]) if raw["page_noun"] else ""
    try:
        one = deadline(raw["rule"])
    except NotFound:
        return ""
    return one.link(noun(raw["page_noun"]).url(raw["page"]), raw["row"]) if raw["page_noun"] else ""


def _about(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Mapping[str, Any]]:
    """The record of each to-do under the name that this reader may read, with the place where it is done."""
    # allow: visibility — asked for to-dos that the actor sees; their records are narrowed below
    raws = list(Todo.objects.filter(pk__in=list(ids)).values("pk", "rule", "row", "page_noun", "page"))
    found: dict[UUID, dict[str, Any]] = {}
    for key in {raw["page_noun"] for raw in raws if raw["page_noun"]}:
        entry = noun(key)
        wished = dict.fromkeys((entry.register.heading, "number", "counterparty", "party"))
        names = [name for name in wished if name in entry.register.fields]
        mine = [raw for raw in raws if raw["page_noun"] == key]
        wanted = entry.among(actor).filter(pk__in={raw["page"] for raw in mine}) if entry.may_view(actor) else []
        rows = {row.id: row for row in entry.register.show(actor, wanted, names)}
        for raw in mine:
            row = rows.get(raw["page"]) if raw["page"] else None
            if row is not None:
                context = " · ".join(str(row[n]) for n in names[1:] if row.get(n))
                found[raw["pk"]] = {"about": Ref(row.id, row.title, link_of(raw) or row.url, key), "context": context}
    return found


def _things(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Mapping[str, Any]]:
    """What on the record each to-do is about (a paper, a milestone) under the names that this reader may read."""
    # allow: visibility — asked for to-dos that the actor sees; what they are about is narrowed below
    raws = Todo.objects.filter(pk__in=list(ids), row__isnull=False).values_list("pk", "rule", "row")
    by_noun: dict[tuple[str, tuple[str, ...]], dict[UUID, UUID]] = {}
    for pk, rule, row in raws:
        try:
            one = deadline(rule)
        except NotFound:
            continue
        if one.named and row is not None:
            by_noun.setdefault((one.noun, one.named), {})[pk] = row
    found: dict[UUID, dict[str, Any]] = {}
    for (key, names), rows in by_noun.items():
        entry = noun(key)
        wanted = entry.among(actor).filter(pk__in=set(rows.values())) if entry.may_view(actor) else []
        called = {
            row.id: " · ".join(_called(row.get(name)) for name in names if row.get(name))
            for row in entry.register.show(actor, wanted, names)
        }
        found |= {pk: {"thing": called[row]} for pk, row in rows.items() if called.get(row)}
    return found


def _called(value: Any) -> str:
    return value.title if isinstance(value, Ref) else str(value)


def _verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    """What this reader may do here; what a record asks for is done there."""
    args = [raw["pk"]]
    if may_tick(actor, raw):
        if raw["state"] == TodoState.OPEN:
            yield Verb("tick", pgettext_lazy("verb", "Done"), reverse("todos:tick", args=args), "check")
            yield Verb("edit", _("Change"), reverse("todos:edit", args=args), "pencil", asks="edit")
        else:
            yield Verb("untick", _("Take up again"), reverse("todos:untick", args=args), "rotate-clockwise")
    if may_snooze(actor, raw):
        if raw["snoozed_until"] is None:
            yield Verb("snooze", _("Put off"), reverse("todos:snooze", args=args), "clock", asks="snooze")
        else:
            yield Verb("wake", _("Take up again now"), reverse("todos:wake", args=args), "rotate-clockwise")
    if may_pass(actor, raw):
        yield Verb("pass", _("Pass on"), reverse("todos:pass", args=args), "arrow-right", asks="pass")


def _what(raw: Raw, actor: Actor) -> str:
    return str(what_of(raw["rule"], raw["title"]))


TODO = Register(
    NOUN,
    Todo,
    [
        Field("what", _("What to do"), needs=("rule", "title"), compute=_what, column=True, sortable=False, derived_from=("title",)),
        Field(
            "title", _("Task"), path="title", key="title_key", write=True, required=True, searchable=True, max_length=200,
        ),
        Field("thing", _("What it is about"), load=_things, sortable=False),
        Field("about", _("Record"), load=_about, column=True, sortable=False),
        Field("context", _("Whose"), load=_about, column=True, sortable=False),
        Field(
            "assignee", _("Who does it"), Kind.REFERENCE, "assignee_id", to="accounts.user", title="assignee__name",
            key="assignee__name_key", write=True, column=True,
        ),
        Field("due_on", _("By"), Kind.DATE, "due_on", write=True, column=True),
        Field(
            "when", _("When"), Kind.CHOICE, path=when, choices=lambda: [Choice(code, label) for code, label in GROUPS.items()],
            needs=("state", "snoozed_until", "due_on", "is_ask"), compute=_when, derived_from=("due_on",),
        ),
        Field("note", _("Note"), Kind.LONG_TEXT, "note", write=True, sortable=False),
        Field("state", _("State"), Kind.CHOICE, "state", choices=states, column=True),
        Field("origin", _("Why"), Kind.CHOICE, "rule", choices=origins),
        Field("is_ask", _("Asked in person"), Kind.FLAG, "is_ask"),
        Field("created_by", _("Given by"), path="created_by_label", personal=True, column=True),
        Field("created_at", _("Since"), Kind.INSTANT, "created_at"),
        Field("passed_by", _("Passed on by"), path="passed_by_label", personal=True),
        Field("passed_note", _("Note with it"), path="passed_note", sortable=False),
        Field("snoozed_until", _("Put off until"), Kind.DATE, "snoozed_until"),
        Field("snooze_reason", _("Why put off"), path="snooze_reason", sortable=False),
        Field("done_at", _("Done"), Kind.INSTANT, "done_at"),
        Field("done_by", _("Done by"), path="done_by_label", personal=True),
        Field("page", _("Id of the record"), needs=("page",), compute=lambda raw, actor: raw["page"], filter=by_id("page")),
    ],
    heading="what",
    facts=("rule", "row", "page_noun", "page", "assignee_id", "created_by", "passed_by", "state", "is_ask", "snoozed_until"),
    verbs=_verbs,
    edit="",
)  # fmt: skip
