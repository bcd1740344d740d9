from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from hetong.accounts.middleware import NOBODY
from hetong.billing.policy import Can as Billing
from hetong.config import my_money, my_work
from hetong.jobs.announcing import of_companies
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, DomainError, Forbidden, NotFound, TooLarge
from hetong.search.queries import find_recent
from hetong.ui.errors import respond
from hetong.ui.http import Request
from hetong.ui.live import live_answer, live_part


def home(request: Request) -> HttpResponse:
    """My work: what waits for the reader, whom they wait for, money, the dates ahead, what they touched last."""
    actor = request.actor
    if request.GET.get("live"):
        return live_answer(request, "config/_work.html", _work(actor))
    today = clock.today(actor.zone)
    dates, are_mine = my_work.key_dates(actor)
    context = {
        "day_title": my_work.day_title(today),
        "part": live_part(request, "config/_work.html", _work(actor), "/?live=1"),
        "money": my_money.money_card(actor),
        "dates": dates[: my_work.MOST],
        "dates_are_mine": are_mine,
        "months": my_work.months(today, dates),
        "weekdays": my_work.weekday_letters(),
        "recent": find_recent(actor),
        "live_on": of_companies(actor.companies()),
    }
    return render(request, "config/home.html", context)


def _work(actor: Actor) -> dict[str, Any]:
    """What waits for whom: money first for who keeps the books, decisions first for everybody else."""
    mine, money = my_work.my_contracts(actor), my_money.money_items(actor)
    own = my_work.waiting_for_me(actor, mine)
    for_me = money + own if actor.may(Billing.CONFIRM) else own + money
    return {"for_me": for_me + my_work.my_drafts(mine), "for_them": my_work.i_wait_for(actor, mine)}


def healthz(request: Request) -> HttpResponse:
    """The process is alive."""
    return JsonResponse({"status": "ok"})


def readyz(request: Request) -> HttpResponse:
    """The process can serve: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


class Broken(DomainError):
    """A defect of ours; what happened is in the log under the request's id."""

    code = "broken"
    status = 500
    text = N_("Something broke on our side.")
    then = N_("Try again; if it happens again, tell your administrator the reference.")


class Unreadable(DomainError):
    """The request itself is damaged."""

    code = "bad_request"
    status = 400
    text = N_("What was sent cannot be read.")
    then = N_("Go back and try again.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _api(request, NotFound()) or render(request, "ui/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return _api(request, Broken()) or render(request, "ui/500.html", status=500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own refusals: too much was sent, a header is forged, a field is missing."""
    error: DomainError = (
        TooLarge() if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent) else Unreadable()
    )
    return respond(_known(request), error)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its key: the page was open for too long, or another site sent it."""
    return respond(_known(request), Unproven())


class Unproven(Forbidden):
    """The form did not carry the key that shows it came from our page."""

    code = "form_expired"
    text = N_("This page was open for too long, so nothing was sent.")
    then = N_("Go back, reload the page and send it again.")


def _api(request: HttpRequest, error: DomainError) -> HttpResponse | None:
    """The error as problem+json where a program asked."""
    return respond(_known(request), error) if request.path.startswith("/api/") else None


def _known(request: HttpRequest) -> Request:
    """The request, also where it failed before our middleware gave it an actor and an id."""
    asked = cast(Request, request)
    for name, value in (("request_id", ""), ("htmx", False), ("actor", NOBODY)):
        if not hasattr(asked, name):
            setattr(asked, name, value)
    return asked
