"""The devices of a person, and the two files by which a browser knows this as an app that may push."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hetong import ui
from hetong.kernel.errors import Invalid
from hetong.notifications import services
from hetong.notifications.services.devices import IN_SESSION
from hetong.ui.errors import problem_words
from hetong.ui.http import Request


def device_add(request: Request) -> HttpResponse:
    """Push to this browser; what it gave comes with the form."""
    sent = request.POST
    try:
        device = services.add_device(
            request.actor, endpoint=sent.get("endpoint", ""), p256dh=sent.get("p256dh", ""), auth=sent.get("auth", ""),
            agent=request.headers.get("User-Agent", ""),
        )  # fmt: skip
    except Invalid as refused:
        for problem in refused.problems:
            messages.error(request, problem_words(problem))
    else:
        request.session[IN_SESSION] = str(device.pk)
        messages.success(request, _("Notices come to this device from now on."))
    return redirect("notifications:wishes")


def device_remove(request: Request, id: UUID) -> HttpResponse:
    """Push no more to one of one's devices."""
    services.remove_device(request.actor, id)
    messages.success(request, _("Nothing more comes to that device."))
    return redirect("notifications:wishes")


def device_test(request: Request) -> HttpResponse:
    """Push a test to all of one's devices."""
    count = services.send_test_pushes(request.actor)
    words = ngettext("A test is on its way to %(n)s device.", "A test is on its way to %(n)s devices.", count)
    messages.success(request, words % {"n": count})
    return redirect("notifications:wishes")


def manifest(request: Request) -> HttpResponse:
    """What a browser shows where somebody keeps Hetong beside other apps."""
    icon = {"src": static("ui/build/favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    said = {
        "name": "Hetong", "short_name": "Hetong", "id": "/", "start_url": "/", "scope": "/", "display": "standalone",
        "background_color": "#ffffff", "theme_color": "#ffffff", "icons": [icon],
    }  # fmt: skip
    return JsonResponse(said, content_type="application/manifest+json", headers={"Cache-Control": "max-age=3600"})


def worker(request: Request) -> HttpResponse:
    """The service worker: it shows what is pushed and opens it, and keeps no page."""
    return HttpResponse(_worker(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@lru_cache(maxsize=1)
def _worker() -> str:
    return (Path(ui.__file__).parent / "static/ui/build/worker.js").read_text(encoding="utf-8")
