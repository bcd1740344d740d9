from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.audit.policy import Can as Audit
from hetong.audit.queries import latest_of_seen
from hetong.contracts import queries, services
from hetong.contracts.fields import CONTRACT, FLAG, MEMBER
from hetong.contracts.fields.words import COMING, STAGES
from hetong.contracts.models import AbnormalFlag, Contract, Member
from hetong.contracts.policy import Can
from hetong.contracts.states import EDITABLE, FlagState, Signature
from hetong.contracts.views.journey import journey_of
from hetong.contracts.views.progress import done_context
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Choice, Field, Row
from hetong.kernel.text import clean_line
from hetong.todos.fields import link_of, what_of
from hetong.todos.queries import may_read_next, next_of_record
from hetong.ui.cards import card_frame, further_fields
from hetong.ui.explaining import why
from hetong.ui.http import Request
from hetong.ui.live import live_answer, live_part

TERMS = (
    "term",
    "committed_until",
    "payment_days",
    "prices_include_tax",
    "reference",
    "signed_on",
    "effective_on",
    "source",
)
ELSEWHERE = frozenset({
    "title", "type", "counterparty", "owner", "company", "parent", "project", "starts_on", "ends_on", "notice_count", "notice_unit",
    "currency", "summary",
})  # fmt: skip
"""What can be written and has a place of its own on the card."""


def contract_frame(actor: Actor, id: UUID, tab: str) -> dict[str, Any]:
    """The card's head, journey and tabs; what every tab of a contract needs."""
    return card_frame(actor, CONTRACT.noun, id, tab, [one.name for one in CONTRACT if one.name != "members"])


def frame(actor: Actor, row: Row) -> dict[str, Any]:
    """What ``contracts/card.html`` draws on every tab, those of higher and lower apps too."""
    return {
        "journey": journey_of(row, queries.find_moves(actor, row.id), clock.today(actor.zone)),
        "waiting": row.waiting_on,
        "is_draft": row.stage in EDITABLE,
        "may_edit": row.may_edit,
        **_signed(actor, row),
        "live_url": reverse("contracts:head", args=[row.id]),
        "next_up": _next_up(actor, row),
    }


def _next_up(actor: Actor, row: Row) -> dict[str, Any] | None:
    """What must happen next here and by which day: the first to-do of anybody, else the contract's own next date (S3-10)."""
    todo, event = next_of_record(CONTRACT.noun, row.id), row.get("next_event")
    if todo is not None and todo.due_on and may_read_next(actor, todo):
        raw = {"rule": todo.rule, "row": todo.row, "page_noun": todo.page_noun, "page": todo.page}
        is_late = todo.due_on < clock.today(actor.zone)
        return {"what": what_of(todo.rule, todo.title), "day": todo.due_on, "url": link_of(raw), "is_late": is_late}
    return {"words": event.label} if event else None


def _signed(actor: Actor, row: Row) -> dict[str, Any]:
    """Which halves are signed, and by whom where that is known."""
    code = getattr(row.get("signature"), "code", Signature.NONE)
    return {
        "ours_signed": code in (Signature.OURS, Signature.BOTH),
        "theirs_signed": code in (Signature.THEIRS, Signature.BOTH),
        "signed": queries.signed_sides(actor, row.id) if code != Signature.NONE else {},
    }


def contract_head(request: Request, id: UUID) -> HttpResponse:
    """What stands above the tabs, alone: asked for again while the page is open."""
    context = contract_frame(request.actor, id, clean_line(request.GET.get("tab", ""))[:40])
    return live_answer(request, "contracts/card.html", context | {"page_template": "ui/part.html"})


def on_day(actor: Actor, context: dict[str, Any], asked: str) -> dict[str, Any]:
    """What of the frame is different as of the end of a past day (ISO) that the address asks for.

    A day that cannot be shown is said; the contract then stands as it does today.
    """
    row: Row = context["row"]
    today = clock.today(actor.zone)
    try:
        day = dt.date.fromisoformat(asked)
    except ValueError:
        return {"on_problem": _("“%(given)s” is not a day. Write it as 2026-03-31.") % {"given": asked[:40]}}
    if day > today:
        return {
            "on_problem": _("%(day)s is still to come; what will be then cannot be shown.") % {"day": day.isoformat()}
        }
    moves = [one for one in queries.find_moves(actor, row.id) if one.on <= day]
    created = row.get("created_at")
    stage = queries.stage_on(moves, day, entered=clock.day_of(created, actor.zone) if created else None)
    if stage is None:
        return {"on_problem": _("On %(day)s this contract had not been entered yet.") % {"day": day.isoformat()}}
    past = replace(row, stage=stage, values=row.values | {"status": Choice(stage, STAGES[stage], stage)}, verbs_of=None)
    return {
        "row": past, "journey": journey_of(past, moves, day), "waiting": None, "on": day, "live_url": "", "may_edit": False,
        "stage_words": STAGES[stage], "signed": {}, "ours_signed": False, "theirs_signed": False,
    }  # fmt: skip


def contract_card(request: Request, id: UUID) -> HttpResponse:
    """The overview: what was agreed, what comes next, who takes part, what it belongs to."""
    actor = request.actor
    context = contract_frame(actor, id, "overview")
    if request.GET.get("live"):
        return live_answer(request, "contracts/_done.html", done_context(context))
    context["done"] = live_part(request, "contracts/_done.html", done_context(context), f"{request.path}?live=1")
    if request.GET.get("on"):
        context |= on_day(actor, context, request.GET["on"])
    row: Row = context["row"]
    contract = queries.get_contract(actor, id)
    context |= _explained(actor, contract) | _people(actor, row) | {"terms": key_terms(row)}
    context |= {"children": queries.children_summary(actor, id), "may_add": actor.may(Can.ADD, row.company)}
    context |= {"coming": _coming(actor, contract, row), "latest": _latest(actor, id)}
    return render(request, "contracts/overview.html", context)


def _explained(actor: Actor, contract: Contract) -> dict[str, Any]:
    """Key terms with their reasons."""
    facts = queries.overview_facts(actor, contract)
    return {
        "value_why": why(
            facts.value, actor.language, subject=_("Value"), sentence=_("The value is the sum of the lines, tax included."),
            titles=facts.titles, note=" ".join(str(note) for note in facts.notes),
        ),
        "notice_why": why(
            facts.dates.notice_by, actor.language, subject=_("Notice by"),
            sentence=_("The last day on which notice counts: the end less the notice period."),
        ),
        "act_why": why(
            facts.dates.act_by, actor.language, subject=_("Decide by"),
            sentence=_("Our own deadline: our lead before the last day of notice, back to a working day."),
        ),
    }  # fmt: skip


def key_terms(row: Row) -> list[Field]:
    """What is always told of a contract, then whatever else can be written and holds a value."""
    return [CONTRACT.fields[name] for name in TERMS] + further_fields(row, ELSEWHERE.union(TERMS))


def _people(actor: Actor, row: Row) -> dict[str, Any]:
    members = MEMBER.show(actor, Member.objects.visible_to(actor).filter(contract=row.id).order_by("role", "pk"))
    flags = AbnormalFlag.objects.visible_to(actor).filter(contract=row.id, state=FlagState.OPEN)
    shown = FLAG.show(actor, flags) if row.get("is_abnormal") else []
    return {"members": members, "flag": shown[0] if shown else None, "may_edit_team": actor.may(Can.EDIT, row.company)}


def contract_notices(request: Request, id: UUID) -> HttpResponse:
    """What to mind: look-alikes while it is drafted, and what has changed at the counterparty since."""
    actor = request.actor
    context = contract_frame(actor, id, "overview")
    contract = queries.get_contract(actor, id)
    differences, taken_at = queries.party_differences(actor, contract)
    context |= {"differences": differences, "taken_at": taken_at, "alike": _alike(actor, contract)}
    context |= asked_of_others(actor, contract)
    return render(request, "contracts/_notices.html" if request.htmx else "contracts/notices.html", context)


def asked_of_others(actor: Actor, contract: Contract) -> dict[str, Any]:
    """What ``contracts/_qualifications.html`` draws: the papers that the contract's type asks of the other side."""
    asked = queries.qualifications_of(actor, [contract])
    return {
        "asked": asked, "asked_open": sum(not one.is_good for one in asked),
        "may_let_pass": actor.may(Can.RUN, contract.company_id),
    }  # fmt: skip


def _alike(actor: Actor, contract: Contract) -> queries.Alike | None:
    if contract.stage not in EDITABLE:
        return None
    return queries.find_alike(
        actor, counterparty=contract.counterparty_id, title=contract.title, reference=contract.reference,
        company=contract.company_id, exclude=contract.pk,
    )  # fmt: skip


def coming_up(row: Row, today: dt.date) -> list[dict[str, Any]]:
    """The contract's own dates that are ahead or have just passed undone, nearest first."""
    names = {
        "starts_on": "starts",
        "act_by": "act_by",
        "notice_by": "notice_by",
        "committed_until": "committed_until",
        "ends_on": "ends",
    }
    ahead = [(row.get(name), COMING[word]) for name, word in names.items() if row.get(name) and row.get(name) >= today]
    return [
        {"day": day, "what": word, "days": (day - today).days} for day, word in sorted(ahead, key=lambda one: one[0])
    ]


def _coming(actor: Actor, contract: Contract, row: Row) -> list[dict[str, Any]]:
    """The contract's own dates, its milestones and the stages of its plan, nearest first."""
    today = clock.today(actor.zone)
    planned = [
        {
            "day": one.day,
            "what": one.what,
            "days": (one.day - today).days,
            "late": one.is_late,
            "days_late": (today - one.day).days,
        }
        for one in queries.plan_ahead(actor, contract, today=today)
    ]
    return sorted([*coming_up(row, today), *planned], key=lambda one: one["day"])


def _latest(actor: Actor, id: UUID) -> list[dict[str, Any]]:
    if not actor.may(Audit.VIEW_HISTORY):
        return []
    return [
        {"at": one.at, "who": one.who, "text": one.sentence, "reason": one.reason, "chained": one.is_sealed}
        for one in latest_of_seen(actor, CONTRACT.noun, id, limit=4)
    ]


@require_POST
def contract_snapshot(request: Request, id: UUID) -> HttpResponse:
    """Take over the counterparty's present details."""
    services.take_party_details(request.actor, [id])
    return redirect("contracts:card", id)
