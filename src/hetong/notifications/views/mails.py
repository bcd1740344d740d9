from __future__ import annotations

from uuid import UUID

from django.conf import settings as settings_of_site
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.accounts.security import mail_folder
from hetong.notifications import services
from hetong.notifications.queries import letters_shown, mails_shown, silence
from hetong.ui.http import Request
from hetong.ui.navigation import settings


def mails(request: Request) -> HttpResponse:
    """The mails that left or wait, with what stopped those that failed."""
    context = {
        "mails": mails_shown(request.actor), "letters": letters_shown(request.actor), "takes_mail": settings_of_site.REPLY_ADDRESS,
        "folder": mail_folder(), "silence": silence(request.actor), "title": _("Mails"),
        "groups": settings(request.actor, request.path),
    }  # fmt: skip
    return render(request, "notifications/mails.html", context)


def mail_retry(request: Request, mail_id: UUID) -> HttpResponse:
    """Try a mail again that was given up."""
    services.retry_mail(request.actor, mail_id)
    messages.success(request, _("The mail is tried again now."))
    return redirect("notifications:mails")
