from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from hetong.contracts import queries, services
from hetong.contracts.fields import CONTRACT, LOAN, ORIGINAL
from hetong.contracts.forms import LendForm, OriginalForm, ReturnForm, StampForm
from hetong.contracts.models import Loan, Original
from hetong.contracts.policy import can_keep_paper
from hetong.contracts.states import Stage
from hetong.contracts.views.card import contract_frame
from hetong.contracts.views.plan import seen_versions
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid, NotFound
from hetong.kernel.fields import Row
from hetong.ui.cards import shown_row
from hetong.ui.forms import ActForm, added_form, edit_page, typed_day
from hetong.ui.http import Request


def originals(request: Request, id: UUID) -> HttpResponse:
    """The originals on paper of a contract: copies, stamps, places, and who has them; posted, notes more of them."""
    actor = request.actor
    data = request.POST if request.method == "POST" else None
    form = OriginalForm(data)
    form.take_added(added_form(actor, ORIGINAL, data, company=queries.get_contract(actor, id).company_id))
    count = _add_originals(actor, id, form) if request.method == "POST" else 0
    if count:
        messages.success(
            request, ngettext("%(count)s original added.", "%(count)s originals added.", count) % {"count": count}
        )
        return redirect("contracts:originals", id)
    return render(
        request, "contracts/originals.html", _shelf(request, id, form), status=422 if request.method == "POST" else 200
    )


def _add_originals(actor: Actor, id: UUID, form: OriginalForm) -> int:
    """Note the originals that the form asks for; how many, and 0 where the form now says why not."""
    if not form.is_valid():
        return 0
    count: int = form.cleaned_data["count"]
    given = {"contract": str(id), "place": form.cleaned_data["place"]} | form.given_added()
    try:
        services.add_originals(actor, [given] * count, locale=actor.language)
    except Invalid as refused:
        form.refuse(
            Invalid(problems={(one.field, one.code): replace(one, row="") for one in refused.problems}.values())
        )
        return 0
    return count


def _shelf(request: Request, id: UUID, form: ActForm) -> dict[str, Any]:
    actor = request.actor
    context = contract_frame(actor, id, "originals")
    row: Row = context["row"]
    rows = ORIGINAL.show(actor, Original.objects.visible_to(actor).filter(contract=id).order_by("copy_no"))
    loans = Loan.objects.visible_to(actor).filter(original__contract=id).order_by("-lent_on", "-pk")[:100]
    raw = {"stage": row.stage, "company_id": row.company}
    return context | {
        "originals": rows, "loans": LOAN.show(actor, loans), "today": clock.today(actor.zone), "form": form,
        "sections": [one | {"legend": _("Add originals"), "bare": False} for one in form.sections()],
        "columns": {one.name: one.label for one in ORIGINAL}, "loan_columns": {one.name: one.label for one in LOAN},
        "may_add": can_keep_paper(actor, raw) and row.stage != Stage.ARCHIVED,
    }  # fmt: skip


def original_edit(request: Request, id: UUID, original_id: UUID) -> HttpResponse:
    """What is noted about one original."""
    _must_belong(request, id, original_id)
    names = ("stamped_on", "stamped_by", "place", "note")
    return edit_page(
        request, ORIGINAL.noun, original_id, names=names, back=f"/contracts/{id}/originals/", title=_("Edit original")
    )


def original_stamp(request: Request, id: UUID, original_id: UUID) -> HttpResponse:
    """Note the stamp on an original."""
    actor, sent = request.actor, request.POST
    form = StampForm(
        sent if request.method == "POST" else None, initial={"stamped_on": clock.today(actor.zone).isoformat()}
    )

    def act() -> None:
        given = {name: sent.get(name, "").strip() for name in ("stamped_on", "stamped_by")}
        services.stamp_originals(
            actor, [original_id], given, locale=actor.language, versions=seen_versions(request, original_id)
        )

    return _ask(request, id, original_id, form, act, title=_("Note the stamp"), done=_("Stamp noted."))


def original_lend(request: Request, id: UUID, original_id: UUID) -> HttpResponse:
    """Lend an original out."""
    actor, sent = request.actor, request.POST
    form = LendForm(
        sent if request.method == "POST" else None, initial={"lent_on": clock.today(actor.zone).isoformat()}
    )

    def act() -> None:
        given = {name: sent.get(name, "").strip() for name in ("borrower", "lent_on", "until", "purpose")}
        services.lend_originals(
            actor, [original_id], given, locale=actor.language, versions=seen_versions(request, original_id)
        )

    return _ask(request, id, original_id, form, act, title=_("Lend out"), done=_("Lent out."))


def original_return(request: Request, id: UUID, original_id: UUID) -> HttpResponse:
    """Take an original back."""
    actor, sent = request.actor, request.POST
    form = ReturnForm(
        sent if request.method == "POST" else None, initial={"returned_on": clock.today(actor.zone).isoformat()}
    )

    def act() -> None:
        day = typed_day(sent.get("returned_on", ""), actor.language, "returned_on")
        services.return_originals(actor, [original_id], returned_on=day, place=sent.get("place", ""))

    return _ask(request, id, original_id, form, act, title=_("Returned"), done=_("Taken back."))


@require_POST
def original_remove(request: Request, id: UUID, original_id: UUID) -> HttpResponse:
    """Remove an original that was noted by mistake."""
    _must_belong(request, id, original_id)
    services.remove_originals(request.actor, [original_id])
    messages.success(request, _("Original removed."))
    return redirect("contracts:originals", id)


def _ask(
    request: Request, id: UUID, original_id: UUID, form: ActForm, act: Callable[[], Any], *, title: str, done: str
) -> HttpResponse:  # fmt: skip
    """Show the form; posted, do the act, or show the form again with what was refused."""
    _must_belong(request, id, original_id)
    original = shown_row(request.actor, ORIGINAL.noun, original_id)
    status = 200
    if request.method == "POST":
        try:
            act()
        except Invalid as refused:
            form.refuse(refused)
            status = 422
        else:
            messages.success(request, done)
            return redirect("contracts:originals", id)
    copy = _("Copy %(number)s") % {"number": original.title}
    context = {
        "title": f"{copy}: {title}", "submit": title, "form": form, "sections": form.sections(), "version": original.version,
        "row": shown_row(request.actor, CONTRACT.noun, id), "cancel_url": f"/contracts/{id}/originals/",
    }  # fmt: skip
    return render(request, "contracts/act.html", context, status=status)


def _must_belong(request: Request, id: UUID, original_id: UUID) -> None:
    """Raise `NotFound` unless the original is of the contract in the address."""
    if not Original.objects.visible_to(request.actor).filter(pk=original_id, contract=id).exists():
        raise NotFound(noun=ORIGINAL.noun)
