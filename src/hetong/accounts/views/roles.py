"""Roles: what each may do, how far it sees; adding, copying, changing, retiring them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.accounts.models import Role
from hetong.accounts.policy import Can, manages
from hetong.accounts.queries import count_own_rules, find_all_roles, find_roles, holders_of
from hetong.accounts.role_forms import RoleForm
from hetong.accounts.services import roles as services
from hetong.accounts.shipped import shipped_role
from hetong.accounts.wording import permission_words, reach_words
from hetong.kernel.actors import Level
from hetong.kernel.errors import Invalid, NotFound
from hetong.kernel.fields import words
from hetong.ui.http import Request

ACTS = {"retire": services.retire_roles, "restore": services.restore_roles, "reset": services.reset_roles}


def roles(request: Request) -> HttpResponse:
    """All roles, with what each may do and see; retired ones at the foot."""
    actor = request.actor
    own = count_own_rules()
    shown = [_shown(actor, role, own) | {"count": role.count} for role in find_roles(actor)]
    retired = [_shown(actor, role, own) for role in find_all_roles(actor).filter(is_active=False).order_by("pk")]
    context = {"roles": shown, "retired": retired, "may_edit": manages(actor, Can.MANAGE_ROLES, None)}
    return render(request, "accounts/roles.html", context)


def role(request: Request, role_id: UUID) -> HttpResponse:
    """One role."""
    row = _found(request, role_id)
    context = {
        "entry": _shown(request.actor, row, count_own_rules()),
        "people": holders_of(request.actor, row),
        "may_edit": manages(request.actor, Can.MANAGE_ROLES, None),
    }  # fmt: skip
    return render(request, "accounts/role.html", context)


def role_add(request: Request) -> HttpResponse:
    """A new role: from nothing, or as a copy of another."""
    original = _original(request)
    form = RoleForm(request.actor, request.POST if request.method == "POST" else None, role=original, is_copy=True)
    if request.method == "POST" and form.is_valid():
        given = form.given() | ({"copy_of": str(original.pk)} if original else {})
        try:
            [added] = services.add_roles(request.actor, [given], reason=form.cleaned_data["reason"])
        except Invalid as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The role is added. Give it to people on their own pages."))
            return redirect("accounts:role", added.pk)
    title = _("Copy role") if original else _("New role")
    return _form_page(request, form, title, copy_of=original.pk if original else None)


def role_edit(request: Request, role_id: UUID) -> HttpResponse:
    """Change what a role may do and see."""
    row = _found(request, role_id)
    form = RoleForm(request.actor, request.POST if request.method == "POST" else None, role=row)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            services.edit_roles(
                request.actor, [row.pk], form.changed(), versions={row.pk: seen} if seen else None,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Invalid as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved. It counts from the next page of everybody who holds the role."))
            return redirect("accounts:role", row.pk)
    return _form_page(request, form, words(row.labels, request.actor.language), cancel=row.pk)


def role_act(request: Request, role_id: UUID, role_act: str) -> HttpResponse:
    """Retire a role, take it into use again, or set it back to what was shipped."""
    if role_act not in ACTS:
        raise NotFound(act=role_act)
    _found(request, role_id)
    ACTS[role_act](request.actor, [role_id], reason=request.POST.get("reason", "").strip()[:500])
    said = {
        "retire": _("The role is retired."),
        "restore": _("The role is in use again."),
        "reset": _("The role is as it was shipped."),
    }
    messages.success(request, said[role_act])
    return redirect("accounts:role", role_id)  # fmt: skip


def _found(request: Request, role_id: UUID) -> Role:
    row: Role | None = find_all_roles(request.actor).filter(pk=role_id).first()
    if row is None:
        raise NotFound(noun="accounts.role", id=str(role_id))
    return row


def _original(request: Request) -> Role | None:
    asked = request.POST.get("copy_of") or request.GET.get("copy_of")
    if not asked:
        return None
    try:
        return _found(request, UUID(asked))
    except ValueError:
        raise NotFound(noun="accounts.role") from None


def _form_page(
    request: Request, form: RoleForm, title: str, *, copy_of: UUID | None = None, cancel: UUID | None = None
) -> HttpResponse:
    context = {"form": form, "title": title, "copy_of": copy_of, "cancel": cancel}
    return render(request, "accounts/role_form.html", context, status=422 if form.errors else 200)


def _shown(actor: Any, row: Role, own: dict[UUID, int]) -> dict[str, Any]:
    return {
        "id": row.pk, "key": row.key, "name": words(row.labels, actor.language), "permissions": permission_words(row.permissions),
        "reach": reach_words(row.reach), "usual": Level(row.usual).name.lower(), "own_rules": own.get(row.pk, 0),
        "is_shipped": shipped_role(row.key) is not None, "is_changed": row.is_changed or bool(own.get(row.pk)),
        "is_active": row.is_active,
    }  # fmt: skip
