"""The way out to chat rooms: what each service's robot takes, how it is signed, and what its answer means.

The messages are plain text that no service reads as mark-up or as a call to everybody. Sources: the services' own
pages on custom robots (DingTalk, WeCom, Feishu), incoming webhooks (Slack) and workflows (Teams).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import quote_plus, urlsplit

import requests
from django.conf import settings

from hetong.kernel import clock
from hetong.kernel.outside import AddressRefused, HostUnknown, Session, resolved
from hetong.notifications.states import ChatKind

LONGEST_LINE, LONGEST_TEXT = 300, 1800
BUSY = frozenset({-1, 130101, 130102, 45009, 11232, 11233, 99991400})
"""Codes by which DingTalk, WeCom and Feishu ask to come back later; any other is final."""


class ChatRefused(Exception):
    """The robot will never take this: a wrong address or secret, a word it does not let through."""


class ChatUnreachable(Exception):
    """The robot could not be reached, or asks to come back later."""


@dataclass(frozen=True)
class Room:
    """Where a robot listens."""

    kind: ChatKind
    address: str
    secret: str = ""


@dataclass(frozen=True)
class Message:
    """What is said: the lines, and where it leads. All plain text, worded already."""

    title: str
    lines: tuple[str, ...]
    link: str
    button: str

    @property
    def text(self) -> str:
        """The lines as one text, cut where services would refuse it."""
        return "\n".join(line[:LONGEST_LINE] for line in self.lines)[:LONGEST_TEXT]


class ChatGateway(Protocol):
    """Says something in a room. Raises `ChatRefused` or `ChatUnreachable`."""

    def send(self, room: Room, message: Message) -> None: ...


class Robots:
    """The services themselves. Errors name only a status or a code: what was answered is shown to nobody."""

    def send(self, room: Room, message: Message) -> None:
        address, body = written(room, message, clock.now())
        try:
            target = resolved(address, settings.OUTSIDE_HOSTS)
        except AddressRefused as refused:
            raise ChatRefused(refused.code) from refused
        except HostUnknown as unknown:
            raise ChatUnreachable(unknown.code) from unknown
        try:
            with Session(target) as session:
                answer = session.post(target.url, json=body)
        except (requests.RequestException, OSError) as away:
            raise ChatUnreachable(type(away).__name__) from away
        judge(room.kind, answer.status_code, _code(answer))


def _code(answer: requests.Response) -> int | None:
    """The number by which the service says whether it took the message; None where it says none."""
    try:
        said = answer.json()
    except ValueError:
        return None
    if not isinstance(said, dict):
        return None
    found = (said.get(name) for name in ("errcode", "code", "StatusCode"))
    return next((one for one in found if isinstance(one, int)), None)


def judge(kind: ChatKind, status: int, code: int | None) -> None:
    """Raise where the message was not taken. DingTalk, WeCom and Feishu answer 200 also when they refuse."""
    if status == 429 or status >= 500 or status == 408:
        raise ChatUnreachable(f"HTTP {status}")
    if not 200 <= status < 300:
        raise ChatRefused(f"HTTP {status}")
    if kind in (ChatKind.SLACK, ChatKind.TEAMS) or code == 0:
        return
    if code is None:
        raise ChatRefused(f"HTTP {status}, no answer of a robot")
    raise ChatUnreachable(f"code {code}") if code in BUSY else ChatRefused(f"code {code}")


def written(room: Room, message: Message, at: datetime) -> tuple[str, Mapping[str, Any]]:
    """The address with what has to be added to it, and the body."""
    return BODIES[room.kind](room, message, at)


def _dingtalk(room: Room, message: Message, at: datetime) -> tuple[str, Mapping[str, Any]]:
    """A card that leads on. Signed: milliseconds and the HMAC-SHA256 of them and the secret, both in the address."""
    link = {"title": message.title[:LONGEST_LINE], "text": message.text, "messageUrl": message.link, "picUrl": ""}
    address = room.address
    if room.secret:
        stamp = str(int(at.timestamp() * 1000))
        sign = _mac(room.secret.encode(), f"{stamp}\n{room.secret}".encode())
        address += f"{'&' if urlsplit(address).query else '?'}timestamp={stamp}&sign={quote_plus(sign)}"
    return address, {"msgtype": "link", "link": link}


def _feishu(room: Room, message: Message, at: datetime) -> tuple[str, Mapping[str, Any]]:
    """A post of plain runs. Signed: seconds, and the HMAC-SHA256 of nothing under them and the secret, in the body."""
    lines = [[{"tag": "text", "text": line[:LONGEST_LINE]}] for line in message.lines]
    lines.append([{"tag": "a", "text": message.button, "href": message.link}])
    body: dict[str, Any] = {
        "msg_type": "post",
        "content": {"post": {"zh_cn": {"title": message.title[:LONGEST_LINE], "content": lines}}},
    }
    if room.secret:
        stamp = str(int(at.timestamp()))
        body |= {"timestamp": stamp, "sign": _mac(f"{stamp}\n{room.secret}".encode(), b"")}
    return room.address, body


def _mac(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def _wecom(room: Room, message: Message, at: datetime) -> tuple[str, Mapping[str, Any]]:
    """Text of at most 2048 bytes, in which nobody is called."""
    link = f"\n{message.link}"
    room_left = 2000 - len(link.encode())
    text = f"{message.title}\n{message.text}".encode()[:room_left].decode(errors="ignore")
    return room.address, {"msgtype": "text", "text": {"content": text + link}}


def _slack(room: Room, message: Message, at: datetime) -> tuple[str, Mapping[str, Any]]:
    """Text in which the three signs of Slack's mark-up stand for themselves."""
    lines = [_slack_text(one) for one in (message.title, message.text)]
    text = "\n".join([*lines, f"<{message.link}|{_slack_text(message.button)}>"])
    return room.address, {"text": text, "mrkdwn": False, "unfurl_links": False}


def _slack_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _teams(room: Room, message: Message, at: datetime) -> tuple[str, Mapping[str, Any]]:
    """An adaptive card of runs, which unlike its text blocks read no Markdown."""
    runs = [message.title, *(line[:LONGEST_LINE] for line in message.lines)]
    blocks = [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": run}]} for run in runs]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4",
        "body": blocks, "actions": [{"type": "Action.OpenUrl", "title": message.button, "url": message.link}],
    }  # fmt: skip
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return room.address, {"type": "message", "attachments": [attachment]}


BODIES: Mapping[ChatKind, Callable[[Room, Message, datetime], tuple[str, Mapping[str, Any]]]] = {
    ChatKind.DINGTALK: _dingtalk,
    ChatKind.WECOM: _wecom,
    ChatKind.FEISHU: _feishu,
    ChatKind.SLACK: _slack,
    ChatKind.TEAMS: _teams,
}


class FakeChat:
    """For tests: keeps what it was given, and fails as told."""

    def __init__(self, *failures: Exception) -> None:
        self.sent: list[tuple[Room, Message]] = []
        self.failures = list(failures)

    def send(self, room: Room, message: Message) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((room, message))


_instead: list[ChatGateway] = []


def use_chat(gateway: ChatGateway | None) -> None:
    """Let messages leave through this gateway instead (tests); None: to the services again."""
    _instead[:] = [gateway] if gateway else []


def chat_gateway() -> ChatGateway:
    """The way out to chat rooms."""
    return _instead[0] if _instead else Robots()
