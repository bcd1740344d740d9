"""What each chat service is sent, how it is signed, and what its answers mean (trust G1, G2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hetong.kernel.testing import Server, listening
from hetong.notifications.gateways import ChatRefused, ChatUnreachable, Message, Robots, Room
from hetong.notifications.gateways.chat import BODIES, judge, written
from hetong.notifications.states import ChatKind

AT = datetime.fromtimestamp(1_700_000_000, UTC)
NEWS = Message(
    "In force · 3 May",
    ("Contract HT-1", 'Contract <!channel> <at user_id="all">x</at> @all *HT-2* [a](b)'),
    "https://hetong.example/contracts/1/",
    "Open it",
)


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    """Another system on loopback, which the settings let in."""
    with listening() as one:
        settings.OUTSIDE_HOSTS = [one.origin]
        yield one


def test_dingtalk_is_signed_over_milliseconds_in_the_address() -> None:
    """The signature was made with OpenSSL: HMAC-SHA256 over '1700000000123\\nSEC-demo' under SEC-demo."""
    at = datetime.fromtimestamp(1_700_000_000.123, UTC)
    address, body = written(
        Room(ChatKind.DINGTALK, "https://oapi.dingtalk.com/robot/send?access_token=t", "SEC-demo"), NEWS, at
    )
    asked = parse_qs(urlsplit(address).query)
    assert asked == {
        "access_token": ["t"], "timestamp": ["1700000000123"], "sign": ["C+d5G5KbDTggPdDtwboiX1dUJrsWXrYexxo9DultauY="],
    }  # fmt: skip
    assert body["link"]["messageUrl"] == NEWS.link


def test_feishu_is_signed_over_seconds_in_the_body() -> None:
    """Made with OpenSSL: HMAC-SHA256 over nothing under '1700000000\\nfeishu-demo'."""
    address, body = written(
        Room(ChatKind.FEISHU, "https://open.feishu.cn/open-apis/bot/v2/hook/t", "feishu-demo"), NEWS, AT
    )
    assert address == "https://open.feishu.cn/open-apis/bot/v2/hook/t"
    assert (body["timestamp"], body["sign"]) == ("1700000000", "4OHY9IOvu9NveQP6O8SWiKT/ppOkxXZXzg57y0y88XU=")


@pytest.mark.parametrize("kind", list(ChatKind))
def test_without_a_secret_nothing_is_signed(kind: ChatKind) -> None:
    address, body = written(Room(kind, "https://x.example.com/y?z=1"), NEWS, AT)
    assert address == "https://x.example.com/y?z=1"
    assert "sign" not in body
    assert NEWS.link in json.dumps(body)
    assert "HT-1" in json.dumps(body)


def test_no_text_calls_everybody_or_is_read_as_mark_up() -> None:
    slack = written(Room(ChatKind.SLACK, "https://x.example.com/"), NEWS, AT)[1]
    assert "<!channel>" not in slack["text"]
    assert slack["mrkdwn"] is False
    feishu = written(Room(ChatKind.FEISHU, "https://x.example.com/"), NEWS, AT)[1]
    tags = {run["tag"] for line in feishu["content"]["post"]["zh_cn"]["content"] for run in line}
    assert tags == {"text", "a"}
    teams = written(Room(ChatKind.TEAMS, "https://x.example.com/"), NEWS, AT)[1]
    assert {block["type"] for block in teams["attachments"][0]["content"]["body"]} == {"RichTextBlock"}


def test_a_long_message_is_cut_where_the_service_would_refuse_it() -> None:
    long = Message("题" * 300, tuple("合" * 500 for _ in range(12)), NEWS.link, "Open it")
    wecom = written(Room(ChatKind.WECOM, "https://x.example.com/"), long, AT)[1]["text"]["content"]
    assert len(wecom.encode()) <= 2048
    assert wecom.endswith(NEWS.link)
    for kind in BODIES:
        assert (
            len(json.dumps(written(Room(kind, "https://x.example.com/"), long, AT)[1], ensure_ascii=False).encode())
            < 20_000
        )


@pytest.mark.parametrize(
    ("kind", "status", "code", "expected"),
    [
        (ChatKind.DINGTALK, 200, 0, None),
        (ChatKind.DINGTALK, 200, 310000, ChatRefused),
        (ChatKind.DINGTALK, 200, 130101, ChatUnreachable),
        (ChatKind.DINGTALK, 200, None, ChatRefused),
        (ChatKind.WECOM, 200, 93000, ChatRefused),
        (ChatKind.WECOM, 200, 45009, ChatUnreachable),
        (ChatKind.FEISHU, 200, 19021, ChatRefused),
        (ChatKind.FEISHU, 200, 11232, ChatUnreachable),
        (ChatKind.SLACK, 200, None, None),
        (ChatKind.SLACK, 404, None, ChatRefused),
        (ChatKind.SLACK, 429, None, ChatUnreachable),
        (ChatKind.TEAMS, 202, None, None),
        (ChatKind.TEAMS, 302, None, ChatRefused),
        (ChatKind.TEAMS, 502, None, ChatUnreachable),
    ],
)
def test_an_answer_is_taken_final_or_for_later(kind: ChatKind, status: int, code: int | None, expected: Any) -> None:
    """DingTalk, WeCom and Feishu answer 200 also to what they refuse."""
    if expected is None:
        judge(kind, status, code)
    else:
        with pytest.raises(expected):
            judge(kind, status, code)


@pytest.mark.parametrize("kind", list(ChatKind))
def test_a_message_arrives_at_the_service(kind: ChatKind, server: Server) -> None:
    server.body = b'{"errcode": 0, "code": 0}'
    Robots().send(
        Room(kind, f"{server.origin}/hook?key=1", "demo" if kind in (ChatKind.DINGTALK, ChatKind.FEISHU) else ""),
        NEWS,
    )
    [(path, headers, body)] = server.asked
    assert path.startswith("/hook?key=1")
    assert headers["Content-Type"] == "application/json"
    assert "HT-1" in body.decode()


def test_what_the_other_side_says_is_never_shown(server: Server) -> None:
    """G2: a robot's address is no way to read what lies behind it."""
    server.status, server.body = 403, b"the secret of the inside"
    with pytest.raises(ChatRefused) as refused:
        Robots().send(Room(ChatKind.SLACK, f"{server.origin}/"), NEWS)
    assert str(refused.value) == "HTTP 403"


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'"x"', b'{"errcode": "0"}', b"\xff\xfe"])
def test_an_odd_answer_is_none_of_a_robot(body: bytes, server: Server) -> None:
    server.body = body
    with pytest.raises(ChatRefused):
        Robots().send(Room(ChatKind.DINGTALK, f"{server.origin}/"), NEWS)


def test_an_address_inside_is_refused_again_at_sending() -> None:
    """G1: the address was allowed when it was kept, and is no longer."""
    with pytest.raises(ChatRefused, match="address_inside"):
        Robots().send(Room(ChatKind.SLACK, "https://127.0.0.1/"), NEWS)


def test_a_host_that_is_away_is_tried_again(settings: Any) -> None:
    settings.OUTSIDE_HOSTS = ["http://127.0.0.1:9"]
    with pytest.raises(ChatUnreachable):
        Robots().send(Room(ChatKind.SLACK, "http://127.0.0.1:9/"), NEWS)
