from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.contracts import services
from hetong.contracts.fields import STATUS, TYPE
from hetong.contracts.models import Status
from hetong.contracts.tables import TYPES
from hetong.kernel.errors import NotFound
from hetong.ui.cards import shown_row
from hetong.ui.forms import add_page, edit_page
from hetong.ui.http import Request
from hetong.ui.lists import list_page

TYPE_NAMES = (
    "labels", "class", "term", "notice_count", "notice_unit", "lead_days", "payment_days", "tax_rate", "required", "qualifications",
    "lapse_rule", "position",
)  # fmt: skip
STATUS_NAMES = ("labels", "stage", "color", "position")
LISTED = "/settings/statuses/"


def type_list(request: Request) -> HttpResponse:
    """The contract types."""
    return list_page(request, TYPES)


def type_add(request: Request) -> HttpResponse:
    """A new contract type."""
    return add_page(
        request, TYPE.noun, names=TYPE_NAMES, title=_("Add contract type"), back="/settings/contract-types/"
    )


def type_edit(request: Request, id: UUID) -> HttpResponse:
    """A contract type."""
    return edit_page(request, TYPE.noun, id, names=TYPE_NAMES, back="/settings/contract-types/", reason=True)


@require_POST
def type_act(request: Request, id: UUID) -> HttpResponse:
    """Offer a type or stop offering it."""
    act = request.POST.get("act")
    if act not in ("offer", "retire"):
        raise NotFound(act=act)
    services.offer_types(request.actor, [id], is_offered=act == "offer")
    return redirect("contract_settings:types")


def status_list(request: Request) -> HttpResponse:
    """The statuses in their order, with what can be done to each."""
    rows = STATUS.show(request.actor, Status.objects.visible_to(request.actor).order_by("position", "pk"))
    context = {
        "rows": rows,
        "columns": {f.name: f.label for f in STATUS},
    }
    return render(request, "contracts/statuses.html", context)


def status_add(request: Request) -> HttpResponse:
    """A new status."""
    return add_page(
        request, STATUS.noun, names=STATUS_NAMES, title=_("Add status"), back=LISTED, submit=_("Add status")
    )


def status_edit(request: Request, id: UUID) -> HttpResponse:
    """A status: its words, colour, place and stage."""
    return edit_page(request, STATUS.noun, id, names=STATUS_NAMES, back=LISTED, reason=True)


@require_POST
def status_act(request: Request, id: UUID) -> HttpResponse:
    """Move a status up or down, make it the default, retire it, offer it again, or delete it."""
    actor, act = request.actor, request.POST.get("act", "")
    row = shown_row(actor, STATUS.noun, id)
    acts: dict[str, Callable[[], object]] = {
        "up": lambda: services.shift_status(actor, id, -1), "down": lambda: services.shift_status(actor, id, 1),
        "default": lambda: services.make_status_default(actor, id),
        "retire": lambda: services.offer_statuses(actor, [id], is_offered=False),
        "offer": lambda: services.offer_statuses(actor, [id], is_offered=True),
        "remove": lambda: services.remove_statuses(actor, [id]),
    }  # fmt: skip
    if act not in acts:
        raise NotFound(act=act)
    acts[act]()
    messages.success(request, _("Saved: %(status)s.") % {"status": row.title})
    return redirect("contract_settings:statuses")
