from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.contracts import queries, services
from hetong.contracts.fields import CONTRACT, INSTALMENT, MILESTONE
from hetong.contracts.forms import MakerForm, MilestoneForm, StageForm
from hetong.contracts.models import Contract, Instalment, Milestone
from hetong.contracts.policy import can_replan
from hetong.contracts.queries.plan_page import PlannedRow
from hetong.contracts.states import EDITABLE, IN_FORCE
from hetong.contracts.views.card import contract_frame
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid, NotFound, Stale
from hetong.kernel.fields import Row
from hetong.ui.cards import shown_row
from hetong.ui.errors import problem_words
from hetong.ui.explaining import why
from hetong.ui.forms import ActForm, added_form, typed_day
from hetong.ui.http import Request

Forms = dict[str, ActForm]
TOLD_BY_CHECK = ("plan_sum", "percent_sum")
"""Problems that the live check words already."""


def plan(request: Request, id: UUID) -> HttpResponse:
    """The stages of a contract with their amounts, sums and check, its milestones, and the forms that add to them."""
    contract = queries.get_contract(request.actor, id)
    forms = _forms(request, contract)
    act = request.POST.get("act", "stage")
    if request.method != "POST":
        return _page(request, contract, forms)
    if act not in _ACTS:
        raise NotFound(act=act)
    try:
        done = _ACTS[act](request, contract, forms[act])
    except Invalid as refused:
        forms[act].refuse(refused)
        return _page(request, contract, forms, status=422)
    messages.success(request, done)
    return redirect("contracts:plan", id)


def _add_stage(request: Request, contract: Contract, form: Any) -> str:
    given = form.given() | {"contract": str(contract.pk)}
    services.add_instalments(request.actor, [given], locale=request.actor.language)
    return _("Stage added.")


def _add_milestone(request: Request, contract: Contract, form: Any) -> str:
    given = {
        "contract": str(contract.pk),
        "title": request.POST.get("m-title", ""),
        "due_on": request.POST.get("m-due_on", ""),
    } | form.given_added()
    reason = request.POST.get("m-reason", "")
    services.add_milestones(request.actor, [given], locale=request.actor.language, reason=reason)
    return _("Milestone added.")


def _make(request: Request, contract: Contract, form: Any) -> str:
    actor, sent = request.actor, request.POST
    months = sent.get("q-months", "").strip()
    made = services.make_plan(
        actor, contract.pk, shares=sent.get("q-shares", ""), retention=sent.get("q-retention", ""), locale=actor.language,
        first_on=typed_day(sent.get("q-first_on", ""), actor.language, "first_on"),
        months=(int(months) if months.isdecimal() and len(months) < 4 else 0) if months else None,
    )  # fmt: skip
    return _("%(count)s stages made.") % {"count": len(made)}


_ACTS: Mapping[str, Callable[[Request, Contract, Any], str]] = {
    "stage": _add_stage,
    "milestone": _add_milestone,
    "make": _make,
}


def _forms(request: Request, contract: Contract) -> Forms:
    """The forms of the page, the one that was posted bound to what was typed."""
    act = request.POST.get("act", "stage") if request.method == "POST" else ""
    sent = {name: request.POST if act == name else None for name in _ACTS}
    in_force = contract.stage in IN_FORCE
    forms: Forms = {
        "stage": stage_form(request.actor, contract, sent["stage"]),
        "milestone": MilestoneForm(sent["milestone"], ask_reason=in_force, prefix="m"),
        "make": MakerForm(sent["make"], prefix="q"),
    }
    forms["milestone"].take_added(
        added_form(request.actor, MILESTONE, sent["milestone"], company=contract.company_id, prefix="m")
    )
    forms["make"].labels = {one.name: one.label for one in INSTALMENT}
    return forms


def stage_form(
    actor: Actor, contract: Contract, data: Any = None, *, row: Row | None = None, prefix: str | None = None, **more: Any
) -> StageForm:  # fmt: skip
    """The form of one stage over what the actor may write, with this contract's milestones to choose from.

    ``row`` is the stage as it stands, nothing for a new one.
    """
    milestones = Milestone.objects.visible_to(actor).filter(contract=contract.pk).order_by("position", "pk")
    shown = MILESTONE.show(actor, milestones, ("title",))
    named = [(str(one.id), one.title or str(place)) for place, one in enumerate(shown, 1)]
    writable = {one.name for one in INSTALMENT.writable(actor, contract.company_id)}
    check = f"/contracts/{contract.pk}/plan/check/" if queries.may_read_amounts(actor, contract) else ""
    first = {"initial": StageForm.values_of(row)} if row is not None else {}
    form = StageForm(
        data, milestones=named, has_invoice_plan=contract.has_invoice_plan, writable=writable, prefix=prefix,
        **({"check_url": check} | first | more),
    )  # fmt: skip
    form.take_added(added_form(actor, INSTALMENT, data, company=contract.company_id, row=row, prefix=prefix))
    return form


def _page(request: Request, contract: Contract, forms: Forms, status: int = 200) -> HttpResponse:
    actor = request.actor
    context = contract_frame(actor, contract.pk, "plan")
    row: Row = context["row"]
    shown = queries.plan_page(actor, contract, today=clock.today(actor.zone))
    raw = {"stage": contract.stage, "company_id": contract.company_id}
    may_write = row.stage in EDITABLE and row.may_edit
    context |= {
        "plan": shown, "sums": [one.total for one in shown.tables], "may_write": may_write, "basis": row.get("plan_basis"),
        "listed": [(table, [(one, why_of(actor, one)) for one in table.rows]) for table in shown.tables],
        "problems": [problem_words(one) for one in shown.problems if one.code not in TOLD_BY_CHECK],
        "forms": forms, "may_replan": can_replan(actor, raw),
        "may_add_milestone": may_write or can_replan(actor, raw), "columns": {one.name: one.label for one in INSTALMENT},
        "milestone_columns": {one.name: one.label for one in MILESTONE},
    }  # fmt: skip
    return render(request, "contracts/plan.html", context, status=status)


def why_of(actor: Actor, row: PlannedRow) -> dict[str, Any] | None:
    """Why a stage is worth what it is."""
    title = row.share.title
    return why(
        row.why, actor.language, subject=title, sentence=_("The stage’s share of the one-off lines, with its tax.")
    )


def plan_check(request: Request, id: UUID) -> HttpResponse:
    """What the plan comes to with the share that is being typed."""
    actor = request.actor
    contract = queries.get_contract(actor, id)
    typed = stage_form(actor, contract, request.GET).given()
    stage = request.GET.get("stage", "")
    held = Instalment.objects.visible_to(actor).filter(contract=id, is_retired=False)
    of = next((pk for pk in held.values_list("pk", flat=True) if str(pk) == stage), None)
    sums = queries.typed_sums(actor, contract, {of: typed}) if queries.may_read_amounts(actor, contract) else []
    return render(request, "contracts/_plan_check.html", {"sums": sums, "typing": True})


def stage_edit(request: Request, id: UUID, stage_id: UUID) -> HttpResponse:
    """One stage of a plan on the drafting table."""
    actor = request.actor
    contract = queries.get_contract(actor, id)
    _must_belong(request, id, stage_id)
    row = shown_row(actor, INSTALMENT.noun, stage_id)
    data = request.POST if request.method == "POST" else None
    form = stage_form(actor, contract, data, row=row)
    status = 200
    if request.method == "POST":
        try:
            services.edit_instalments(
                actor, [stage_id], form.given(), locale=actor.language, versions=seen_versions(request, stage_id)
            )
        except (Invalid, Stale) as refused:
            form.refuse(refused)
            status = refused.status
            if isinstance(refused, Stale):
                form.set_beside(StageForm.values_of(row))
        else:
            messages.success(request, _("Saved."))
            return redirect("contracts:plan", id)
    context = {
        "title": _("Edit stage"), "submit": _("Save"), "row": shown_row(actor, CONTRACT.noun, id), "form": form,
        "sections": form.sections(), "version": row.version, "cancel_url": f"/contracts/{id}/plan/", "stage_id": stage_id,
        "sums": queries.typed_sums(actor, contract, {}) if queries.may_read_amounts(actor, contract) else [],
    }  # fmt: skip
    return render(request, "contracts/stage.html", context, status=status)


def seen_versions(request: Request, id: UUID) -> dict[UUID, int] | None:
    """The version of the page that was acted on, where it said so."""
    sent = request.POST.get("version", "")
    return {id: int(sent)} if sent.isdecimal() and len(sent) < 10 else None


@require_POST
def stage_remove(request: Request, id: UUID, stage_id: UUID) -> HttpResponse:
    """Take one stage out of the plan."""
    _must_belong(request, id, stage_id)
    services.remove_instalments(request.actor, [stage_id])
    messages.success(request, _("Stage removed."))
    return redirect("contracts:plan", id)


@require_POST
def stage_move(request: Request, id: UUID, stage_id: UUID) -> HttpResponse:
    """Move one stage up or down."""
    _must_belong(request, id, stage_id)
    to = request.POST.get("to", "")
    if to not in ("up", "down"):
        raise NotFound(to=to)
    services.shift_instalment(request.actor, stage_id, -1 if to == "up" else 1)
    return redirect("contracts:plan", id)


def _must_belong(request: Request, id: UUID, stage_id: UUID) -> None:
    """Raise `NotFound` unless the stage is of the contract in the address."""
    if not Instalment.objects.visible_to(request.actor).filter(pk=stage_id, contract=id, is_retired=False).exists():
        raise NotFound(noun=INSTALMENT.noun)
