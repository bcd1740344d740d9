"""Settings: how long before a day one is reminded, for all records or one kind of them, and when the manager is told."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hetong.accounts.policy import Can
from hetong.accounts.queries import may_everywhere, must_everywhere
from hetong.kernel.deadlines import Deadline, deadline, deadlines
from hetong.kernel.errors import N_, DomainError, Invalid, Problem
from hetong.kernel.nouns import noun
from hetong.notifications import services
from hetong.notifications.models import ReminderRule
from hetong.notifications.queries.rules import kinds_of, rules_of
from hetong.ui.forms import ActForm
from hetong.ui.http import Request
from hetong.ui.navigation import settings

WHOLE = re.compile(r"[+-]?\d{1,5}")


class RuleForm(ActForm):
    """The marks as numbers of days; empty brings back what is shipped."""

    kind = forms.ChoiceField(label=gettext_lazy("For"), required=False)
    offsets = forms.CharField(
        label=gettext_lazy("Days before"), required=False, max_length=200,
        help_text=gettext_lazy("Such as 90, 60, 30, 7, 0; −7 is a week after. Empty: as shipped."),
    )  # fmt: skip
    escalates = forms.CharField(
        label=gettext_lazy("Manager from"), required=False, max_length=6,
        help_text=gettext_lazy("From this mark on the manager is told too. Empty: never."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, kinds: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        if kinds:
            self.fields["kind"].choices = [("", _("All without a rule of their own")), *kinds]  # type: ignore[attr-defined]
        else:
            del self.fields["kind"]


def rules(request: Request) -> HttpResponse:
    """Every deadline with its marks."""
    # allow: visibility — for who sets up the house; the route asks
    stored = list(ReminderRule.objects.all())
    rows = [_shown(request, one, stored) for one in deadlines()]
    may_set = may_everywhere(request.actor, Can.MANAGE_COMPANIES)
    context = {"rows": rows, "may_set": may_set, "groups": settings(request.actor, request.path)}
    return render(request, "notifications/rules.html", context)


def _shown(request: Request, one: Deadline, stored: list[ReminderRule]) -> dict[str, Any]:
    names = dict(kinds_of(request.actor, one)) if any(r.kind for r in stored if r.deadline == one.key) else {}
    found = [
        {
            "kind": names.get(rule.kind, "–") if rule.kind else "",
            "marks": _text(rule.offsets),
            "escalates": rule.escalates,
        }
        for rule in reversed(rules_of(one, stored))
    ]
    return {"key": one.key, "label": one.label, "what": one.what, "noun": noun(one.page_noun).labels[0], "rules": found}


def rule(request: Request, key: str) -> HttpResponse:
    """Change the marks of one deadline; they count in every company."""
    must_everywhere(request.actor, Can.MANAGE_COMPANIES)
    what = deadline(key)
    kinds = [(str(id), name) for id, name in kinds_of(request.actor, what)]
    common = rules_of(what)[-1]
    escalates = "" if common.escalates is None else str(common.escalates)
    initial = {"offsets": _text(common.offsets), "escalates": escalates}
    form, status = RuleForm(request.POST if request.method == "POST" else None, kinds=kinds, initial=initial), 200
    if request.method == "POST":
        try:
            _keep(request, key, dict(kinds))
        except DomainError as refused:
            if refused.status != 422:
                raise
            form.refuse(refused)
            status = 422
        else:
            messages.success(request, _("Saved."))
            return redirect("notifications:rules")
    context = {
        "what": what,
        "form": form,
        "sections": form.sections(),
        "submit": _("Save"),
        "cancel_url": "/settings/reminders/",
    }
    return render(request, "notifications/rule.html", context, status=status)


def _keep(request: Request, key: str, kinds: dict[str, str]) -> None:
    sent = request.POST
    kind = sent.get("kind", "")
    if kind and kind not in kinds:
        raise Invalid(problems=[Problem("unknown_choice", N_("Choose one of what is offered."), field="kind")])
    offsets = _whole(sent.get("offsets", ""), "offsets")
    escalates = _whole(sent.get("escalates", ""), "escalates")
    services.set_reminder_rule(
        request.actor, key, offsets=offsets or None, escalates=escalates[0] if escalates else None,
        kind=UUID(kind) if kind else None,
    )  # fmt: skip


def _whole(text: str, field: str) -> list[int]:
    """Whole numbers apart by commas or blanks; a real minus sign is one too. Raises `Invalid`."""
    parts = [part for part in re.split(r"[,;，、\s]+", text.replace("−", "-").strip()) if part]
    if not all(WHOLE.fullmatch(part) for part in parts):
        raise Invalid(
            problems=[Problem("unreadable", N_("Write whole numbers of days, apart by commas."), field=field)]
        )
    return [int(part) for part in parts]


def _text(offsets: tuple[int, ...]) -> str:
    return ", ".join(str(one).replace("-", "−") for one in offsets)
