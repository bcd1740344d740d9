"""Deciding whether a contract is renewed: where reminders of its day of notice lead (S4-10)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.contracts import services
from hetong.contracts.fields import CONTRACT
from hetong.contracts.fields.words import RENEWALS
from hetong.contracts.forms import RenewalForm
from hetong.contracts.models import RenewalDecision
from hetong.kernel.errors import Conflict, Invalid
from hetong.ui.cards import shown_row
from hetong.ui.http import Request

DATES = ("starts_on", "ends_on", "term", "notice", "notice_by", "act_by")


def contract_renewal(request: Request, id: UUID) -> HttpResponse:
    """The dates, what was decided before, and the decision."""
    row, status = shown_row(request.actor, CONTRACT.noun, id), 200
    form = RenewalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            services.decide_renewals(
                request.actor, [id], request.POST.get("decision", ""), reason=request.POST.get("reason", "")
            )
        except (Invalid, Conflict) as refused:
            form.refuse(refused)
            status = refused.status
        else:
            messages.success(request, _("Decided. You are no longer reminded of that day."))
            return redirect("contracts:card", id)
    context = {
        "row": row, "form": form, "sections": form.sections(), "cancel_url": row.url, "title": _("Renew or let lapse"),
        "submit": _("Decide"), "dates": [(row.register.all()[name].label, row[name]) for name in DATES if row.register and row.get(name)],
        "decided": _decided(request, id),
    }  # fmt: skip
    return render(request, "contracts/renewal.html", context, status=status)


def _decided(request: Request, id: UUID) -> list[dict[str, object]]:
    rows = RenewalDecision.objects.visible_to(request.actor).filter(contract=id).order_by("-at")[:20]
    return [
        {"what": RENEWALS[one.decision], "day": one.day, "by": one.by_label, "at": one.at, "reason": one.reason}
        for one in rows
    ]
