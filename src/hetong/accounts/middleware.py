"""The edge of every request: who acts, whether the route is theirs, and each keyed POST once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.http import urlencode

from hetong.audit.services import collecting
from hetong.kernel import clock
from hetong.kernel.actors import Actor, ActorKind
from hetong.kernel.collisions import Collided, is_collision
from hetong.kernel.errors import (
    N_,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    OnlyLooking,
    Problem,
    TooLarge,
    WrongMethod,
)
from hetong.kernel.ids import new_id
from hetong.kernel.routes import Open, Route, methods_of, route_of
from hetong.ui.errors import respond
from hetong.ui.http import Request, ShownOnce

from .models import User
from .preview import Mark, is_closed, seen_as
from .queries import actor_for, actor_for_token, expired_token
from .security import lacks_factor
from .services import note_use
from .services.keys import Answer, find_answer, keep_answer, take_key
from .services.previews import SESSION, end_preview
from .services.sessions import SEEN_EVERY, USED_KEY

API = "/api/"
LONGEST_KEY = 120
NOBODY = Actor(ActorKind.OUTSIDER, None, "")
Handler = Callable[[HttpRequest], HttpResponseBase]


class SignInNeeded(DomainError):
    """The API was called without a valid token; a session may only read there, so that no page elsewhere can write."""

    code = "sign_in_needed"
    status = 401
    text = N_("Sign in first: this needs a valid bearer token.")
    then = N_("Make a token under your user menu and send it as “Authorization: Bearer …”.")


class TokenExpired(SignInNeeded):
    """The token was valid until a day that is over."""

    code = "token_expired"
    text = N_("The token “%(label)s” expired on %(day)s.")
    then = N_("Make a new one under your user menu and send that one.")


class SecondStepNeeded(Forbidden):
    """The site wants a second step of this person, and there is none yet."""

    code = "second_step_needed"
    text = N_("Your administrator requires a second step when you sign in, and you have none yet.")
    then = N_("Add one under My settings, Sign-in.")


OPEN_WITHOUT_FACTOR = frozenset({
    "accounts:security", "accounts:prove", "accounts:factor_app", "accounts:factor_passkey", "account_change_password", "accounts:address",
})  # fmt: skip


def wrong_method(request: Request, allowed: tuple[str, ...]) -> HttpResponse:
    """405, naming the methods that the address takes."""
    answer = respond(request, WrongMethod(method=request.method, allowed=", ".join(allowed)))
    answer.headers["Allow"] = ", ".join(allowed)
    return answer


class ActorMiddleware:
    """Puts ``actor`` on the request and answers as the route's policy says; a route without one is closed."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = cast(Request, request)
        asked.request_id, asked.is_token = str(new_id()), False
        asked.actor = self._actor(asked)
        if asked.actor.id is not None:
            translation.activate(asked.actor.language)
            timezone.activate(asked.actor.zone)
        else:
            timezone.deactivate()
        with collecting():
            response = self.get_response(asked)
        response.headers["X-Request-Id"] = asked.request_id
        if asked.actor.id is not None:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _actor(self, request: Request) -> Actor:
        header = request.headers.get("Authorization", "")
        if request.path.startswith(API) and header.startswith("Bearer "):
            request.is_token = True
            return actor_for_token(_bearer(request), via=f"api:{request.request_id}") or NOBODY
        if isinstance(request.user, User):
            self._note_use(request)
            return self._seen(request, actor_for(request.user, via=f"web:{request.request_id}"))
        return NOBODY

    @staticmethod
    def _seen(request: Request, viewer: Actor) -> Actor:
        """The viewer, or whom the viewer looks as; a preview that may not go on ends here."""
        kept = request.session.get(SESSION)
        if not kept:
            return viewer
        mark, why = Mark.of(kept), "time"
        if not mark.is_over:
            try:
                return seen_as(viewer, mark)
            except DomainError as refused:
                why = refused.code
        del request.session[SESSION]
        end_preview(viewer, mark, reason=why)
        return viewer

    @staticmethod
    def _note_use(request: Request) -> None:
        """Every ten minutes of use are noted, so that a list of devices can say which is old."""
        session, now = request.session, int(clock.now().timestamp())
        if session.session_key and now - session.get(USED_KEY, 0) >= SEEN_EVERY.total_seconds():
            session[USED_KEY] = now
            note_use(request.user.pk, session.session_key)

    def process_view(self, request: Request, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Refuse what the policy of the route does not allow."""
        match = request.resolver_match
        name = match.view_name if match else ""
        route = route_of(name, request.method or "GET")
        if route is None:
            allowed = methods_of(name)
            return wrong_method(request, allowed) if allowed else respond(request, NotFound(route=name))
        if request.method == "HEAD" and request.path.startswith(API):
            request.method = "GET"  # the server drops the body; the API's views know no HEAD
        return self.refusal(request, route)

    @staticmethod
    def refusal(request: Request, route: Route) -> HttpResponseBase | None:
        """The answer to who may not come to the route; None for who may."""
        if is_closed(request.actor, route.name, request.method or "", request.path):
            return respond(request, OnlyLooking(who=request.actor.label))
        if route.open_to is Open.ANYONE:
            return None
        is_api = request.path.startswith(API)
        if is_api and not request.is_token and request.method not in ("GET", "HEAD"):
            return respond(request, SignInNeeded())
        if request.actor.id is None:
            if is_api:
                return _unknown_caller(request)
            return redirect(f"{resolve_url('account_login')}?{urlencode({'next': request.get_full_path()})}")
        if request.actor.kind is ActorKind.PORTAL and route.open_to is not Open.PORTAL:
            if route.name == "home":
                return redirect("accounts:portal")
            return respond(request, NotFound(route=route.name))
        return _not_for(request, route)


def _unknown_caller(request: Request) -> HttpResponse:
    """401; who sends a token that is over is told so, in the language of its person."""
    token = expired_token(_bearer(request)) if request.is_token else None
    if token is None or token.expires_at is None:
        return respond(request, SignInNeeded())
    with translation.override(token.user.language):
        day = timezone.localtime(token.expires_at, ZoneInfo(token.user.zone)).date()
        return respond(request, TokenExpired(label=token.label, day=day.isoformat()))


def _bearer(request: Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ").strip()


def _not_for(request: Request, route: Route) -> HttpResponseBase | None:
    """The answer to a person of ours who lacks the second step that the site wants, or the permission of the route."""
    if route.name not in OPEN_WITHOUT_FACTOR and lacks_factor(request.actor.viewer or request.actor):
        is_api = request.path.startswith(API)
        return respond(request, SecondStepNeeded()) if is_api else redirect("accounts:security")
    if route.can and not any(request.actor.may(can) for can in route.can):
        return respond(request, Forbidden(can=route.can[0]))
    return None


class Collision(HttpResponse):
    """The mark of an act that met another writer: seen by `OnceMiddleware` only."""

    status_code = 503


class OnceMiddleware:
    """Runs a keyed POST once: same key and body get the first answer again, in one transaction with its effect."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = cast(Request, request)
        try:
            key = self._key(asked)
            if not key or asked.actor.id is None or self._is_refused(asked):
                return self.get_response(asked)
            return self._once(asked, self._holder(asked.actor), key)
        except DomainError as refused:
            return respond(asked, refused)
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return respond(asked, TooLarge())

    @staticmethod
    def _is_refused(request: Request) -> bool:
        """Whether the policy refuses this reader now, or the address counts tries: then nothing is kept or given out again."""
        try:
            route = route_of(resolve(request.path_info).view_name, "POST")
        except Resolver404:
            return True
        return route is None or route.counts_tries or ActorMiddleware.refusal(request, route) is not None

    @staticmethod
    def _holder(actor: Actor) -> str:
        """Whose key it is: a token of narrower rights is another holder than its user's other tokens."""
        limits = (
            "" if actor.verbs is None else ":" + hashlib.sha256(",".join(sorted(actor.verbs)).encode()).hexdigest()[:16]
        )
        return f"{actor.kind}:{actor.id}{limits}"

    @staticmethod
    def _key(request: Request) -> str:
        if request.method != "POST":
            return ""
        given = request.headers.get("Idempotency-Key") or (
            request.POST.get("once_key")
            if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data")
            else ""
        )
        key = given or ""
        if len(key) > LONGEST_KEY or not key.isprintable():
            raise Invalid(
                problems=[
                    Problem(
                        "bad_key",
                        N_("The Idempotency-Key must be at most %(limit)s printable characters."),
                        {"limit": LONGEST_KEY},
                    )
                ]
            )
        return key

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        """Answer a collision inside a keyed transaction with a mark, for the whole of it to be tried again."""
        is_ours = is_collision(exception) and transaction.get_connection().in_atomic_block
        return Collision() if is_ours else None

    def _once(self, request: Request, holder: str, key: str) -> HttpResponseBase:
        digest = self._digest(request)
        answer = find_answer(holder, key, digest)
        if answer is None:
            _receive(request)
            response = self._acted(request, holder, key, digest)
            if isinstance(response, Collision):
                _rewind(request)
                response = self._acted(request, holder, key, digest)
            if isinstance(response, Collision):
                raise Collided()
            if response is not None:
                return response
            answer = find_answer(holder, key, digest)
        if answer is None:
            return self.get_response(request)
        again = HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))
        again.headers["Idempotency-Replayed"] = "true"
        return again

    def _acted(self, request: Request, holder: str, key: str, digest: str) -> HttpResponseBase | None:
        """The answer of the act with its effect in one transaction; None where a twin has the key."""
        with transaction.atomic():
            row = take_key(holder, key, digest)
            if row is None:
                return None
            response = self.get_response(request)
            if response.status_code >= 400 or not isinstance(response, HttpResponse):
                transaction.set_rollback(True)
            else:
                keep_answer(row, _kept(response))
            return response

    @staticmethod
    def _digest(request: Request) -> str:
        content = hashlib.sha256(f"{request.method} {request.get_full_path()}".encode())
        if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
            pairs = sorted(
                (k, v)
                for k in request.POST
                for v in request.POST.getlist(k)
                if k not in ("csrfmiddlewaretoken", "once_key")
            )
            content.update(repr(pairs).encode())
            for name in sorted(request.FILES):
                for file in request.FILES.getlist(name):
                    _add_file(content, name, file)
        else:
            content.update(request.body)
        return content.hexdigest()


def _kept(response: HttpResponse) -> Answer:
    """What is kept of an answer: never a secret."""
    if isinstance(response, ShownOnce):
        return Answer(302, {"Location": response.then}, b"")
    headers = {n: response.headers[n] for n in ("Location", "Content-Type", "HX-Redirect") if n in response.headers}
    return Answer(response.status_code, headers, response.content)


_receivers: list[Callable[[Any], None]] = []


def install(receiver: Callable[[Any], None]) -> None:
    """Take from config who keeps a file that arrives: files stand above this floor."""
    _receivers[:] = [receiver]


def _receive(request: Request) -> None:
    """Let files be read, checked and kept before the transaction: an upload holds up nobody who writes."""
    if request.content_type == "multipart/form-data":
        for name in request.FILES:
            for file in request.FILES.getlist(name):
                for receiver in _receivers:
                    receiver(file)


def _rewind(request: Request) -> None:
    for name in request.FILES if request.content_type == "multipart/form-data" else ():
        for file in request.FILES.getlist(name):
            file.seek(0)


def _add_file(content: Any, name: str, file: Any) -> None:
    """Let an uploaded file count in the digest; it is left where it was found."""
    content.update(repr((name, file.name, file.size)).encode())
    for chunk in file.chunks():
        content.update(chunk)
    file.seek(0)
