from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.contracts import queries, services
from hetong.contracts.fields import CONTRACT, INSTALMENT
from hetong.contracts.forms import StageForm
from hetong.contracts.models import Contract, Instalment
from hetong.contracts.policy import can_replan
from hetong.contracts.services.milestones import NotInForce
from hetong.contracts.states import IN_FORCE
from hetong.contracts.views.plan import stage_form
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Forbidden, Invalid, Problem
from hetong.kernel.fields import Row
from hetong.kernel.ids import new_id
from hetong.ui.cards import shown_row
from hetong.ui.errors import problem_words
from hetong.ui.http import Request

NEW = ("new1", "new2", "new3")
"""The empty rows at the foot of the sheet."""


@dataclass
class Sheet:
    """The whole plan as a form: one row per stage, and empty rows for more."""

    rows: list[tuple[Row | None, StageForm | None, bool]]
    """Stage (None for a new one), its form (None where it is billed), and whether it is to go."""


def plan_change(request: Request, id: UUID) -> HttpResponse:
    """Change the plan of a contract in force, all stages at once, with the reason."""
    actor = request.actor
    contract = queries.get_contract(actor, id)
    raw = {"stage": contract.stage, "company_id": contract.company_id}
    if not can_replan(actor, raw):
        raise Forbidden if contract.stage in IN_FORCE else NotInForce(title=contract.title)
    if request.method == "GET" and "check" in request.GET:
        return _check(request, contract)
    sheet = _sheet(actor, contract, request.POST if request.method == "POST" else None)
    errors: list[str] = []
    if request.method == "POST":
        try:
            _replan(request, contract, sheet)
        except Invalid as refused:
            errors = _told(sheet, refused)
        else:
            messages.success(request, _("The plan is changed."))
            return redirect("contracts:plan", id)
    context = {
        "row": shown_row(actor, CONTRACT.noun, id), "sheet": sheet.rows, "errors": errors, "reason": request.POST.get("reason", ""),
        "title": _("Change plan"), "cancel_url": f"/contracts/{id}/plan/", "check_url": f"/contracts/{id}/plan/change/?check=1",
        "sums": queries.typed_sums(actor, contract, {}) if queries.may_read_amounts(actor, contract) else [],
    }  # fmt: skip
    return render(request, "contracts/plan_change.html", context, status=422 if errors else 200)


def _check(request: Request, contract: Contract) -> HttpResponse:
    """What the plan comes to with what stands on the sheet now."""
    actor = request.actor
    sheet = _sheet(actor, contract, request.GET)
    typed = {
        row.id if row else new_id(): form.given() for row, form, _gone in sheet.rows if form and (row or form.is_filled)
    }
    gone = [row.id for row, _form, gone in sheet.rows if row and gone]
    kept: dict[UUID | None, Mapping[str, Any]] = {id: given for id, given in typed.items() if id not in gone}
    told = queries.may_read_amounts(actor, contract)
    sums = queries.typed_sums(actor, contract, kept, gone=gone) if told else []
    return render(request, "contracts/_plan_check.html", {"sums": sums})


def _sheet(actor: Actor, contract: Contract, data: Any) -> Sheet:
    held = Instalment.objects.visible_to(actor).filter(contract=contract.pk, is_retired=False)
    stages = INSTALMENT.show(actor, held.order_by("kind", "position", "pk"))
    billed = services.billed_stages([one.id for one in stages])
    rows: list[tuple[Row | None, StageForm | None, bool]] = []
    for one in stages:
        form = None if one.id in billed else _form(actor, contract, data, str(one.id), one)
        rows.append((one, form, data is not None and f"{one.id}-gone" in data))
    rows += [(None, _form(actor, contract, data, prefix, None), False) for prefix in NEW]
    return Sheet(rows)


def _form(actor: Actor, contract: Contract, data: Any, prefix: str, row: Row | None) -> StageForm:
    return stage_form(actor, contract, data, row=row, prefix=prefix, check_url="")


def _replan(request: Request, contract: Contract, sheet: Sheet) -> None:
    """Hand what was typed to the service: stages that differ, are new, or are to go."""
    add, edit, remove = [], {}, []
    for row, form, gone in sheet.rows:
        if form is None:
            continue
        given = form.given()
        if row is None:
            add += [given] if form.is_filled else []
        elif gone:
            remove.append(row.id)
        elif form.has_changed():
            edit[row.id] = given
    services.replan(
        request.actor, contract.pk, reason=request.POST.get("reason", ""), add=add, edit=edit, remove=remove,
        locale=request.actor.language,
    )  # fmt: skip


def _told(sheet: Sheet, refused: Invalid) -> list[str]:
    """Put each problem beside the row it is of; those of the whole plan are given back as words."""
    forms = {str(row.id): form for row, form, _gone in sheet.rows if row and form}
    named = [form for row, form, _gone in sheet.rows if row is None and form and form.is_filled]
    words = []
    for problem in refused.problems:
        form = forms.get(problem.row) or _new_row(named, problem)
        if form is None:
            words.append(problem_words(problem))
        else:
            form.refuse(Invalid(problems=[problem]))
    return list(dict.fromkeys(words)) or [_("Some of the input is not right.")]


def _new_row(named: list[StageForm], problem: Problem) -> StageForm | None:
    number = problem.row.removeprefix("new")
    return named[int(number) - 1] if number.isdecimal() and len(number) < 3 and 0 < int(number) <= len(named) else None
