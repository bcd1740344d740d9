from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from hetong.ui.http import Request
from hetong.ui.navigation import settings


def index(request: Request) -> HttpResponse:
    """Everything this reader may set, by group."""
    return render(request, "accounts/settings.html", {"groups": settings(request.actor, request.path)})


def components(request: Request) -> HttpResponse:
    """Every part of the interface in both themes, to check changes against."""
    return render(request, "ui/components.html", {"title": _("Components")})
