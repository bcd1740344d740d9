"""The pages of the bulk bar: the new value, the preview, and the start."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hetong.jobs.services import start_job
from hetong.kernel.errors import Invalid, NotFound, UnknownField
from hetong.kernel.fields import Field
from hetong.kernel.input import parse
from hetong.kernel.nouns import Noun, noun
from hetong.ui.forms import RecordForm
from hetong.ui.forms.conflict import readable
from hetong.ui.http import Request

from .bulk import AT_ONCE, TASK, Outcome, Selection, edit_selected, try_selected
from .export import export_rows
from .state import SEAL, as_uuid

PREVIEWED = 50
MOST_IDS = 5_000


def bulk(request: Request, key: str) -> HttpResponseBase:
    """One address for the steps of a bulk edit, told apart by ``step``: the value, ``preview``, ``apply``."""
    entry = noun(key)
    selection = selection_of(request, key)
    if request.POST.get("export"):
        _check_export(request, key)
        names = [f.name for f in entry.register.readable(request.actor)]
        title = str(entry.labels[1])
        return export_rows(
            request,
            entry,
            selection.rows(request.actor),
            names,
            (),
            request.POST["export"],
            title,
            selection.query,
            selection.fixed,
            selection.ids,
        )
    one = _field(request, entry)
    total = selection.rows(request.actor).count()
    if not selection.is_all and total != len(selection.ids):
        raise NotFound(noun=key)  # one row out of sight: nothing of the whole is done
    if not total:
        messages.warning(request, _("Select at least one row first."))
        return redirect(_back(request))
    form = RecordForm(
        request.actor, entry.register, [one.name], data=request.POST if request.POST.get("step") else None
    )
    context = {
        "noun": entry,
        "field": one,
        "form": form,
        "selection": selection,
        "total": total,
        "back": _back(request),
        "seal": request.POST.get("seal", ""),
        "is_job": total > AT_ONCE,
        "title": _("Change: %(field)s") % {"field": one.label},
    }
    if not request.POST.get("step"):
        return render(request, "ui/lists/bulk.html", context)
    return _stepped(request, entry, one, form, context)


def _stepped(request: Request, entry: Noun, one: Field, form: RecordForm, context: dict[str, Any]) -> HttpResponseBase:
    selection, given = context["selection"], form.given()
    locale = request.actor.language
    try:
        parse(entry.register, request.actor, given, locale=locale)
    except Invalid as refused:
        form.refuse(refused)
        return render(request, "ui/lists/bulk.html", context, status=422)
    if request.POST["step"] == "preview":
        return render(request, "ui/lists/bulk_preview.html", context | _preview(request, entry, one, form, selection))
    if context["total"] > AT_ONCE:
        title = _("%(field)s of %(count)s rows") % {"field": one.label, "count": context["total"]}
        start_job(
            request.actor,
            TASK,
            title,
            {"selection": selection.packed(), "given": given, "locale": locale},
            total=context["total"],
        )
        messages.success(request, _("The change has started. You may go on; the bell says when it is done."))
        return redirect("/jobs/")
    outcome = edit_selected(request.actor, selection, given, locale=locale)
    messages.success(request, ngettext("%(n)s row changed.", "%(n)s rows changed.", outcome.done) % {"n": outcome.done})
    if outcome.refused:
        return render(request, "ui/lists/bulk_result.html", context | {"outcome": outcome})
    return redirect(context["back"])


def _preview(request: Request, entry: Noun, one: Field, form: RecordForm, selection: Selection) -> dict[str, Any]:
    """The first rows with old and new value, and those that would be refused."""
    ids = list(selection.rows(request.actor).order_by("pk").values_list("pk", flat=True)[: min(AT_ONCE, PREVIEWED * 4)])
    outcome: Outcome = try_selected(request.actor, entry, ids, form.given(), locale=request.actor.language)
    refused = {r.id for r in outcome.refused}
    rows = entry.register.show(
        request.actor, [id for id in ids if id not in refused][:PREVIEWED], {entry.register.heading, one.name}
    )
    return {
        "rows": [{"row": row, "old": row.get(one.name)} for row in rows],
        "new": readable(form, one, form.given()[one.name]),
        "outcome": outcome,
        "tried": len(ids),
        "given": [(name, value) for name, values in request.POST.lists() if name not in _OWN for value in values],
    }


_OWN = frozenset({"csrfmiddlewaretoken", "once_key", "step"})


def selection_of(request: Request, key: str) -> Selection:
    """The rows the bar names; at most 5,000 ids, more only by the list's own question."""
    sent = dict.fromkeys(request.POST.getlist("id"))
    ids = tuple(id for id in (as_uuid(text) for text in sent) if id)
    if len(ids) != len(sent) or len(sent) > MOST_IDS:
        raise NotFound(noun=key)
    is_all = request.POST.get("all") == "1"
    return Selection(
        key, () if is_all else ids, request.POST.get("query", "")[:8_000], _opened(request, key)[0], is_all
    )


def _opened(request: Request, key: str) -> tuple[str, str | None]:
    """What the list is fixed to and what exporting it needs, from its seal; nothing (None) without one.

    Raises `NotFound` for a seal that is not ours or is another noun's.
    """
    sealed = request.POST.get("seal", "")
    if not sealed:
        return "", None
    try:
        noun_key, fixed, can_export = signing.loads(sealed, salt=SEAL)
    except (signing.BadSignature, ValueError) as broken:
        raise NotFound(noun=key) from broken
    if noun_key != key:
        raise NotFound(noun=key)
    return fixed, can_export


def _check_export(request: Request, key: str) -> None:
    """Raise `Forbidden` where the list may not be exported; `NotFound` without the list's seal."""
    can_export = _opened(request, key)[1]
    if can_export is None:
        raise NotFound(noun=key)
    if can_export:
        request.actor.require(can_export)


def _field(request: Request, entry: Noun) -> Field:
    """The field to change, if this reader may write it anywhere."""
    name = request.POST.get("field", "")
    one = next((f for f in entry.register.writable(request.actor) if f.name == name), None)
    if one is None or entry.edit is None:
        raise UnknownField(fields=name)
    return one


def _back(request: Request) -> str:
    """Where the bar stood; only an address of ours."""
    back = request.POST.get("back", "")
    return back if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/"
