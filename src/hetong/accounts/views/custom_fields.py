"""Fields of yours: what there is, a new one in two steps, changing, retiring and taking back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.accounts.custom import ALWAYS, KIND_WORDS, Place, find_place, places
from hetong.accounts.custom_forms import CustomFieldForm, KindForm
from hetong.accounts.models import CustomField, FieldKind
from hetong.accounts.policy import Can, manages
from hetong.accounts.queries import find_custom_fields
from hetong.accounts.services import custom_fields as services
from hetong.kernel.errors import Conflict, Invalid, NotFound
from hetong.kernel.fields import words
from hetong.ui.errors import wording
from hetong.ui.http import Request

ACTS = {"retire": services.retire_custom_fields, "restore": services.restore_custom_fields}


def fields(request: Request) -> HttpResponse:
    """Every field that was added, by kind of record; retired ones at the foot of theirs."""
    rows = list(find_custom_fields(request.actor).order_by("-is_active", "position", "pk"))
    blocks = [
        {"key": place.key, "label": place.label, "fields": [_shown(request, row, place) for row in rows if row.noun == place.key]}
        for place in sorted(places(), key=lambda one: one.is_setting)
    ]  # fmt: skip
    context = {
        "filled": [one for one in blocks if one["fields"]], "empty": [one for one in blocks if not one["fields"]],
        "may_edit": manages(request.actor, Can.MANAGE_FIELDS, None),
    }  # fmt: skip
    return render(request, "accounts/fields.html", context)


def field_add(request: Request) -> HttpResponse:
    """A new field: first where and of what kind, then the rest."""
    asked = KindForm(request.GET if "noun" in request.GET and "kind" in request.GET else None)
    place = find_place(request.GET.get("noun", ""))
    if not asked.is_bound or not asked.is_valid() or place is None:
        if not asked.is_bound:
            asked.initial = {"noun": request.GET.get("noun", "")}
        return render(request, "accounts/field_kind.html", {"form": asked}, status=422 if asked.errors else 200)
    kind = asked.cleaned_data["kind"]
    form = CustomFieldForm(request.actor, place, kind, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            [added] = services.add_custom_fields(request.actor, [form.given()], reason=form.cleaned_data["reason"])
        except Invalid as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The field is there, for everybody who may see it."))
            return redirect("accounts:field", added.pk)
    return _form_page(request, form, _("New field"))


def field(request: Request, field_id: UUID) -> HttpResponse:
    """One field: what it is, what may be done with it."""
    row, place = _found(request, field_id)
    context = {
        "entry": _shown(request, row, place), "count": services.count_values(row),
        "may_edit": manages(request.actor, Can.MANAGE_FIELDS, None), "may_rule": request.actor.may(Can.MANAGE_ROLES),
        "choices": [(words(one["labels"], request.actor.language), one.get("is_active", True)) for one in row.choices],
    }  # fmt: skip
    return render(request, "accounts/field.html", context)


def field_edit(request: Request, field_id: UUID) -> HttpResponse:
    """Change what a field is called, offers, asks for."""
    row, place = _found(request, field_id)
    form = CustomFieldForm(request.actor, place, row.kind, request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            services.edit_custom_fields(
                request.actor, [row.pk], form.given(), versions={row.pk: seen} if seen else None, reason=form.cleaned_data["reason"]
            )  # fmt: skip
        except Invalid as refused:
            form.refuse(refused)
        except services.KindIsFixed as refused:
            form.add_error(None, " ".join(wording(refused)))
        else:
            messages.success(request, _("Saved. It counts from the next page of everybody."))
            return redirect("accounts:field", row.pk)
    return _form_page(request, form, words(row.labels, request.actor.language), cancel=row.pk)


def field_act(request: Request, field_id: UUID, field_act: str) -> HttpResponse:
    """Retire a field, or take it into use again."""
    if field_act not in ACTS:
        raise NotFound(act=field_act)
    row, _place = _found(request, field_id)
    try:
        ACTS[field_act](request.actor, [row.pk], reason=request.POST.get("reason", "").strip()[:500])
    except (Invalid, Conflict) as refused:
        messages.error(request, " ".join(wording(refused)))
        return redirect("accounts:field", row.pk)
    said = {"retire": _("The field is retired. What it holds stays."), "restore": _("The field is in use again.")}
    messages.success(request, said[field_act])
    return redirect("accounts:field", row.pk)


def _found(request: Request, field_id: UUID) -> tuple[CustomField, Place]:
    row: CustomField | None = find_custom_fields(request.actor).filter(pk=field_id).first()
    place = find_place(row.noun) if row else None
    if row is None or place is None:
        raise NotFound(noun=services.NOUN, id=str(field_id))
    return row, place


def _form_page(request: Request, form: CustomFieldForm, title: str, *, cancel: UUID | None = None) -> HttpResponse:
    context = {
        "form": form, "title": title, "cancel": cancel, "place": form.place, "kind": KIND_WORDS[form.kind],
        "start": f"?noun={form.place.key}&kind={form.kind}",
    }  # fmt: skip
    return render(request, "accounts/field_form.html", context, status=422 if form.errors else 200)


def _shown(request: Request, row: CustomField, place: Place) -> dict[str, Any]:
    language = request.actor.language
    required = place.required_from.get(row.required_from, "")
    return {
        "id": row.pk, "noun": row.noun, "place": place.label, "name": words(row.labels, language), "key": row.name,
        "kind": KIND_WORDS[FieldKind(row.kind)], "group": words(row.group, language) if row.group else "",
        "help": words(row.help, language) if row.help else "",
        "required": _("From the beginning") if row.required_from == ALWAYS else required,
        "is_active": row.is_active, "is_material": row.is_material, "is_indexed": row.is_indexed, "is_personal": row.is_personal,
        "decimals": row.decimals if row.kind == FieldKind.NUMBER else None,
    }  # fmt: skip
