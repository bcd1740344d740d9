from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hetong.accounts.queries import find_roles
from hetong.accounts.wording import permission_words, reach_words
from hetong.kernel.fields import words
from hetong.ui.http import Request
from hetong.ui.navigation import settings


def index(request: Request) -> HttpResponse:
    """Everything this reader may set, by group."""
    return render(request, "accounts/settings.html", {"groups": settings(request.actor, request.path)})


def roles(request: Request) -> HttpResponse:
    """What each role may do and how far it sees; to read."""
    shown = [
        {
            "key": role.key, "name": words(role.labels, request.actor.language), "permissions": permission_words(role.permissions),
            "reach": reach_words(role.reach), "count": role.count,
        }
        for role in find_roles(request.actor)
    ]  # fmt: skip
    return render(request, "accounts/roles.html", {"roles": shown, "groups": settings(request.actor, request.path)})


def components(request: Request) -> HttpResponse:
    """Every part of the interface in both themes, to check changes against."""
    return render(request, "ui/components.html", {"title": _("Components")})
