"""The page on which somebody's work is handed over and their access ends."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.accounts.policy import Can
from hetong.accounts.queries import find_colleagues
from hetong.kernel.errors import Invalid
from hetong.ui.cards import shown_row
from hetong.ui.forms import ActForm
from hetong.ui.http import Request

from . import handover


def user_leave(request: Request, user_id: UUID) -> HttpResponse:
    """Hand over what somebody has in hand and end their access, in one step."""
    person = shown_row(request.actor, "accounts.user", user_id)
    request.actor.require(Can.MANAGE_USERS)
    work = handover.in_hand(request.actor, user_id)
    people = find_colleagues(request.actor).exclude(pk=user_id).order_by("name_key").values_list("pk", "name")
    form = LeaveForm(
        [(str(pk), name) for pk, name in people] if work else [], request.POST if request.method == "POST" else None
    )
    if request.method == "POST":
        try:
            handover.hand_over(request.actor, user_id, form.chosen())
        except Invalid as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The person is deactivated and signed out everywhere."))
            return redirect("accounts:user", user_id)
    context = {
        "title": _("Deactivate %(name)s") % {"name": person.title}, "work": work, "form": form, "user_id": user_id,
    }  # fmt: skip
    return render(request, "config/leave.html", context, status=422 if request.method == "POST" else 200)


class LeaveForm(ActForm):
    """Who takes over; not asked where there is nothing in hand."""

    def __init__(self, people: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        if people:
            self.fields["to"] = forms.ChoiceField(
                label=_("Who takes over"), required=False, choices=[("", "–"), *people]
            )

    def chosen(self) -> UUID | None:
        """The colleague, if one was chosen."""
        to = self.cleaned_data.get("to") if self.is_valid() else ""
        return UUID(to) if to else None
