"""Addresses that somebody wrote down: where they may lead, and a session that goes there and nowhere else (trust G1).

``check`` needs no network and is for the form; ``resolved`` asks the name server and is for the moment of
sending: the connection is made to the very address that was checked, so that a name which changes its mind in
between reaches nothing. Redirects are not followed, proxies of the environment are not asked.
"""

from __future__ import annotations

import io
import ipaddress
import socket
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from .errors import N_, DomainError

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]

LONGEST = 2000
MOST_BYTES = 64 * 1024
TIMEOUT = (5, 15)
"""Seconds until there is a connection, and between two pieces of the answer."""

NAT64 = ipaddress.ip_network("64:ff9b::/96")
CLOSED = tuple(ipaddress.ip_network(one) for one in ("192.0.0.0/24", "168.63.129.16/32"))
"""Look public and are not: protocol assignments, and a cloud's address for its own machines."""
INSIDE_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "localdomain", "arpa", "test")


class AddressRefused(DomainError):
    """The address is none that may be reached from here."""

    code = "address_refused"
    text = N_("This is no https address.")
    then = N_("Write the whole address, beginning with https://.")


class LiesInside(AddressRefused):
    """Whoever writes the address would reach what only this machine and its neighbours should."""

    code = "address_inside"
    text = N_("This address lies inside your network or on this machine, where nothing is sent.")
    then = N_("Use an address that is open to the public, or have its host named in HETONG_OUTSIDE_HOSTS.")


class HostUnknown(DomainError):
    """The name server knows no such host, or did not answer."""

    code = "host_unknown"
    text = N_("The host %(host)s was not found.")
    then = N_("Check the address, or try again later.")


@dataclass(frozen=True)
class Target:
    """An address as it was read; ``ip`` is where it leads, empty as long as nobody asked."""

    url: str
    host: str
    port: int
    is_plain: bool
    is_ours: bool
    """Named in the settings: it may lie inside."""
    ip: str = ""

    @property
    def authority(self) -> str:
        """The host as the other side is asked for it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (80 if self.is_plain else 443) else f"{host}:{self.port}"


def check(url: str, ours: Collection[str] = ()) -> Target:
    """Read an address without asking anybody. Raises `AddressRefused`.

    ``ours``: hosts (``chat.house.example``, ``10.1.2.3:8443``) that may lie inside; written with ``http://`` in
    front, one may be reached without TLS too.
    """
    if len(url) > LONGEST or not url.isprintable() or any(c in url for c in " \\"):
        raise AddressRefused()
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as broken:
        raise AddressRefused() from broken
    is_plain = parts.scheme == "http"
    target = Target(url, host, port or (80 if is_plain else 443), is_plain, _is_ours(host, port, is_plain, ours))
    is_https = parts.scheme == "https" or (is_plain and target.is_ours)
    if not is_https or not host or parts.username is not None or parts.password is not None:
        raise AddressRefused()
    if not target.is_ours and _is_inside(host):
        raise LiesInside()
    return target


def _is_ours(host: str, port: int | None, is_plain: bool, ours: Collection[str]) -> bool:
    scheme = "http://" if is_plain else ""
    return bool({f"{scheme}{host}", f"{scheme}{host}:{port}"} & {one.lower() for one in ours})


def _is_inside(host: str) -> bool:
    """Whether that can be told from how the host is written."""
    literal = _literal(host)
    if literal is not None:
        return not is_public(literal)
    return "." not in host or host.lower().rpartition(".")[2] in INSIDE_NAMES


def _literal(host: str) -> Ip | None:
    """The address a host is written as, in the odd ways of numbers too (``2130706433``, ``0x7f.1``); None for a name."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def is_public(ip: Ip) -> bool:
    """Whether an address lies outside, also the one that an IPv6 address only wraps."""
    inner = _wrapped(ip)
    if inner is not None:
        return is_public(inner)
    is_odd = ip.is_multicast or ip.is_reserved or ip.is_unspecified or getattr(ip, "is_site_local", False)
    return ip.is_global and not is_odd and not any(ip in one for one in CLOSED if one.version == ip.version)


def _wrapped(ip: Ip) -> ipaddress.IPv4Address | None:
    if not isinstance(ip, ipaddress.IPv6Address):
        return None
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def looked_up(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system's name server says."""
    return [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def resolved(url: str, ours: Collection[str] = (), resolve: Resolve | None = None) -> Target:
    """An address with where it leads. Raises `AddressRefused` where any of its host's addresses lies inside, `HostUnknown`."""
    target = check(url, ours)
    try:
        found = [
            ipaddress.ip_address(one.partition("%")[0]) for one in (resolve or looked_up)(target.host, target.port)
        ]
    except (OSError, ValueError, UnicodeError) as unknown:
        raise HostUnknown(host=target.host) from unknown
    if not found:
        raise HostUnknown(host=target.host)
    if not target.is_ours and not all(is_public(one) for one in found):
        raise LiesInside()
    return Target(target.url, target.host, target.port, target.is_plain, target.is_ours, str(found[0]))


class _Pinned(HTTPAdapter):
    """Connects to the checked address, and asks it for the host by name."""

    def __init__(self, target: Target) -> None:
        self.target = target
        super().__init__(max_retries=0)

    def send(self, request: requests.PreparedRequest, *more: Any, **named: Any) -> requests.Response:
        request.headers["Host"] = self.target.authority
        return super().send(request, *more, **named)

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        where, how = self.build_connection_pool_key_attributes(request, verify, cert)
        where |= {"host": self.target.ip, "port": self.target.port}
        if not self.target.is_plain:
            how |= {"server_hostname": self.target.host, "assert_hostname": self.target.host}
        return self.poolmanager.connection_from_host(**where, pool_kwargs=how)


class Session(requests.Session):
    """Goes to one target only, follows no redirect and reads no more than the first bytes of an answer."""

    def __init__(self, target: Target) -> None:
        super().__init__()
        self.trust_env = False
        self.headers.update({"Accept-Encoding": "identity", "User-Agent": "Hetong"})
        for scheme in ("https://", "http://"):
            self.mount(scheme, _Pinned(target))

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """There is none: the other side has no say in where we go."""
        return None

    def request(self, *args: Any, **named: Any) -> requests.Response:
        asked: Mapping[str, Any] = {"timeout": TIMEOUT, **{k: v for k, v in named.items() if v is not None}}
        answer = super().request(*args, **{**asked, "allow_redirects": False, "stream": True})
        with answer:
            return _cut(answer)


def _cut(answer: requests.Response) -> requests.Response:
    """The same answer with the first bytes of its body, read already; raises what `requests` raises for one that breaks off."""
    read = b""
    for piece in answer.iter_content(4096):
        read += piece
        if len(read) >= MOST_BYTES:
            break
    found = requests.Response()
    found.status_code, found.reason, found.url = answer.status_code, answer.reason, answer.url
    found.headers, found.encoding, found.raw = answer.headers, answer.encoding, io.BytesIO(read[:MOST_BYTES])
    return found
