"""For tests of higher floors: another system on loopback that answers what it is told to, and a certificate for one."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from . import clock


def without_ids(text: str) -> str:
    """The text without the ids and instants in it: a short number that must not be read may stand in one by chance."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24,}|datetime\.datetime\([^)]*\)|\d\d:\d\d:\d\d\.\d+", "", text)


class Answering(BaseHTTPRequestHandler):
    """Answers what its server was told to, and keeps what it was asked."""

    def do_POST(self) -> None:
        server = cast("Server", self.server)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        server.asked.append((self.path, self.headers, body))
        self.send_response(server.status)
        if server.location:
            self.send_header("Location", server.location)
        self.send_header("Content-Length", str(len(server.body) + server.missing))
        self.end_headers()
        self.wfile.write(server.body)

    def log_message(self, *args: object) -> None:
        return None


class Server(ThreadingHTTPServer):
    """A mock on loopback."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[tuple[str, Message, bytes]] = []
        self.status, self.body, self.location = 200, b"ok", ""
        self.missing = 0
        """How many bytes of the announced body never come."""

    @property
    def origin(self) -> str:
        """The beginning of its addresses; named in OUTSIDE_HOSTS, it is let in."""
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def listening(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server for the block."""
    with Server() as one:
        if tls is not None:
            one.socket = tls.wrap_socket(one.socket, server_side=True)
        threading.Thread(target=one.serve_forever, args=(0.01,), daemon=True).start()
        yield one
        one.shutdown()


def self_signed(path: Path, host: str) -> Path:
    """A file with a key, and a certificate for that host that it made itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(clock.now() - timedelta(days=1)).not_valid_after(clock.now() + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )  # fmt: skip
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path
