"""Where an address that somebody wrote may lead, and that a connection goes where it was checked to go (trust G1)."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from hetong.kernel.outside import (
    MOST_BYTES,
    AddressRefused,
    HostUnknown,
    LiesInside,
    Session,
    check,
    is_public,
    resolved,
)
from hetong.kernel.testing import Server, listening, self_signed

UNREADABLE = (
    "", "hooks.example.com/x", "http://hooks.example.com/x", "ftp://hooks.example.com/", "file:///etc/passwd",
    "gopher://hooks.example.com/", "https://", "https:///x", "https://user:pw@hooks.example.com/", "https://a@127.0.0.1/",
    "https://hooks.example.com:99999/", "https://hooks.example.com:x/", "https://hooks example.com/", "https://[::1",
    "https://hooks.example.com\\@127.0.0.1/", "https://hooks.example.com/\r\nHost: x", "https://\x00/", "//hooks.example.com/",
    "https://x" + "y" * 3000 + ".example.com/", "javascript:alert(1)", "https://ho\u2028oks.example.com/",
)  # fmt: skip
INSIDE = (
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/", "https://017700000001/",
    "https://0/", "https://0.0.0.0/", "https://10.0.0.1/", "https://172.16.0.1/", "https://172.31.255.255/", "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/", "https://100.100.100.200/", "https://100.64.0.1/", "https://192.0.0.192/",
    "https://168.63.129.16/", "https://224.0.0.1/", "https://255.255.255.255/", "https://240.0.0.1/", "https://[::1]/", "https://[::]/",
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::ffff:169.254.169.254]/", "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::a9fe:a9fe]/", "https://[2002:7f00:1::]/", "https://[2002:a00:1::]/", "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/", "https://[fd00:ec2::254]/", "https://[fec0::1]/", "https://[ff02::1]/", "https://localhost/",
    "https://LOCALHOST/", "https://localhost./", "https://a.localhost/", "https://printer/", "https://db.internal/",
    "https://nas.local/", "https://metadata.google.internal/", "https://router.lan:8443/", "https://１２７.0.0.1/",
)  # fmt: skip


@pytest.mark.parametrize("url", UNREADABLE)
def test_what_is_no_https_address_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        check(url)


@pytest.mark.parametrize("url", INSIDE)
def test_an_address_that_is_written_to_lie_inside_is_refused_without_asking_anybody(url: str) -> None:
    with pytest.raises(LiesInside):
        check(url)


@pytest.mark.parametrize(
    "url", ["https://8.8.8.8/", "https://[2606:4700::1111]/", "https://oapi.dingtalk.com/robot/send?access_token=x"]
)
def test_an_address_outside_is_taken(url: str) -> None:
    assert check(url).url == url


def test_a_foreign_name_is_read_as_name_servers_know_it() -> None:
    assert check("https://聊天.example.com/x").host == "xn--rss932g.example.com"


@pytest.mark.parametrize(
    "answers",
    [["127.0.0.1"], ["93.184.216.34", "10.0.0.5"], ["::1"], ["fe80::1%eth0"], ["169.254.169.254"], ["64:ff9b::a00:1"]],
)
def test_a_name_that_leads_inside_is_refused_when_it_is_asked_for(answers: list[str]) -> None:
    """One address inside is enough, wherever it stands in the answer."""
    with pytest.raises(LiesInside):
        resolved("https://hooks.example.com/", resolve=lambda _host, _port: answers)


def test_a_name_server_that_does_not_answer_opens_nothing() -> None:
    """Fails closed."""

    def silent(_host: str, _port: int) -> list[str]:
        raise OSError

    for resolve in (silent, lambda _host, _port: []):
        with pytest.raises(HostUnknown):
            resolved("https://hooks.example.com/", resolve=resolve)


def test_a_host_of_ours_may_lie_inside_by_name_port_and_scheme_only() -> None:
    ours = ["chat.house.internal", "10.1.2.3:8443", "http://10.9.9.9:8065"]
    assert check("https://chat.house.internal/x", ours).is_ours
    assert check("https://10.1.2.3:8443/x", ours).is_ours
    assert check("http://10.9.9.9:8065/x", ours).is_plain
    for url in (
        "https://10.1.2.3/",
        "https://10.1.2.3:22/",
        "http://chat.house.internal/",
        "https://10.9.9.9:8065/",
        "http://10.9.9.9/",
    ):
        with pytest.raises(AddressRefused):
            check(url, ours)


@pytest.mark.parametrize("text", ["1.1.1.1", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_public_addresses_are_known_as_such(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.fixture
def server() -> Iterator[Server]:
    with listening() as one:
        yield one


def test_the_connection_goes_to_the_checked_address_and_asks_for_the_host_by_name(server: Server) -> None:
    """A name that changes its mind after the check (DNS rebinding) changes nothing: it is not asked again."""
    port = server.server_address[1]
    target = resolved(
        f"http://chat.example.com:{port}/x",
        [f"http://chat.example.com:{port}"],
        resolve=lambda _host, _port: ["127.0.0.1"],
    )
    with Session(target) as session:
        assert session.post(target.url, json={}).text == "ok"
    [(path, headers, _body)] = server.asked
    assert (path, headers["Host"]) == ("/x", f"chat.example.com:{port}")


def test_a_redirect_is_not_followed_and_a_long_answer_not_read(server: Server) -> None:
    port = server.server_address[1]
    server.status, server.location, server.body = 302, f"http://127.0.0.1:{port}/inside", b"x" * (3 * MOST_BYTES)
    target = resolved(f"http://127.0.0.1:{port}/x", [f"http://127.0.0.1:{port}"])
    with Session(target) as session:
        answer = session.post(target.url, json={})
    assert (answer.status_code, len(answer.content)) == (302, MOST_BYTES)
    assert [path for path, _headers, _body in server.asked] == ["/x"]


def test_an_answer_that_breaks_off_is_an_error_of_the_connection(server: Server) -> None:
    server.missing = 10
    with Session(resolved(f"{server.origin}/x", [server.origin])) as session, pytest.raises(requests.RequestException):
        session.post(f"{server.origin}/x", json={})


def test_the_environment_sends_no_message_through_a_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    port = server.server_address[1]
    target = resolved(f"http://127.0.0.1:{port}/x", [f"http://127.0.0.1:{port}"])
    with Session(target) as session:
        assert session.post(target.url, json={}).status_code == 200


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key with a certificate for chat.example.com that it made itself."""
    return self_signed(tmp_path / "chat.pem", "chat.example.com")


@pytest.mark.parametrize(("host", "is_heard"), [("chat.example.com", True), ("other.example.com", False)])
def test_only_a_host_with_a_certificate_of_its_name_is_talked_to(certificate: Path, host: str, is_heard: bool) -> None:
    """The connection goes to an address, what it has to prove is the name."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with listening(context) as server:
        port = server.server_address[1]
        target = resolved(f"https://{host}:{port}/x", [f"{host}:{port}"], resolve=lambda _host, _port: ["127.0.0.1"])
        with Session(target) as session:
            session.verify = str(certificate)
            if is_heard:
                assert session.post(target.url, json={}).text == "ok"
            else:
                with pytest.raises(requests.exceptions.SSLError):
                    session.post(target.url, json={})
        assert [headers["Host"] for _path, headers, _body in server.asked] == ([f"{host}:{port}"] if is_heard else [])


def test_a_certificate_that_nobody_vouches_for_is_not_enough(certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with listening(context) as server:
        port = server.server_address[1]
        target = resolved(
            f"https://chat.example.com:{port}/", [f"chat.example.com:{port}"], resolve=lambda _h, _p: ["127.0.0.1"]
        )
        with Session(target) as session, pytest.raises(requests.exceptions.SSLError):
            session.post(target.url, json={})
        assert not server.asked
