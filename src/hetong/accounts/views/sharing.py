"""Who sees a record and why, and opening it to others."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.accounts import services
from hetong.accounts.policy import Can
from hetong.accounts.sharing import opening_of, shares_shown, who_sees
from hetong.accounts.trust_forms import ShareForm
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Forbidden, Invalid
from hetong.kernel.nouns import all_editable, is_visible, noun_of_section
from hetong.ui.cards import card_frame, shown_row
from hetong.ui.forms import typed_day
from hetong.ui.http import Request

MOST = 300
"""How many people one page names."""


def access(request: Request, section: str, id: UUID) -> HttpResponse:
    """A tab of a record: everybody who sees it and why, whom it is shared with, and sharing it."""
    actor, key = request.actor, noun_of_section(section).key
    opening = opening_of(key)
    context = card_frame(actor, key, id, "access")
    levels = opening.levels if all_editable(actor, key, [id]) else ("view",)
    form = ShareForm(actor, request.POST if request.method == "POST" else None, levels=levels)
    status = 200
    if request.method == "POST":
        try:
            _share(actor, key, id, form)
        except (Invalid, Forbidden) as refused:
            form.refuse(refused)
            status = refused.status
        else:
            messages.success(request, _("Shared. It is open to them from their next page on."))
            return redirect("accounts:access", section, id)
    people = who_sees(actor, key, id)
    holder = opening.holder(id)
    context |= {
        "people": people[:MOST], "more": max(0, len(people) - MOST), "shares": shares_shown(actor, key, id), "form": form,
        "may_share": actor.may(Can.SHARE), "holder": shown_row(actor, *holder) if holder and is_visible(actor, *holder) else None,
        "own": request.path,
    }  # fmt: skip
    return render(request, "accounts/access.html", context, status=status)


def _share(actor: Actor, key: str, id: UUID, form: ShareForm) -> None:
    form.full_clean()
    given = form.cleaned_data
    services.share_records(
        actor, key, [id], **form.whom(actor), level=given.get("level") or "view", reason=given.get("reason", ""),
        ends_on=typed_day(given.get("ends_on", ""), actor.language, "ends_on"),
    )  # fmt: skip


@require_POST
def share_end(request: Request, share_id: UUID) -> HttpResponse:
    """End a share: from the next page on the record is closed to them again."""
    services.unshare(request.actor, share_id)
    messages.success(request, _("Ended. It is closed to them from their next page on."))
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "home")
