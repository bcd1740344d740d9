"""A mail server on loopback, for tests of reading a box over TLS."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class _Imap(socketserver.StreamRequestHandler):
    """As much of RFC 3501 as a reader of one box asks for; the box is the server's."""

    server: Any

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _space, said = line.decode().strip().partition(" ")
            self.server.said.append(said)
            known = {
                "CAPABILITY": self.capability,
                "LOGIN": self.login,
                "UID SEARCH": self.search,
                "UID FETCH": self.fetch,
                "UID STORE": self.store,
                "CLOSE": self.close,
            }
            ok = all(act(said) is not False for name, act in known.items() if said.startswith(name))
            self.wfile.write(f"{tag} {'OK done' if ok else 'NO not you'}\r\n".encode())
            if said == "LOGOUT":
                return

    def capability(self, _said: str) -> None:
        self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")

    def login(self, said: str) -> bool:
        return said == 'LOGIN hetong "p@ss"'

    def search(self, said: str) -> None:
        found = " ".join(str(uid) for uid, (_raw, flags) in sorted(self.server.box.items()) if r"\Seen" not in flags)
        self.wfile.write(f"* SEARCH {found}\r\n".encode())

    def fetch(self, said: str) -> None:
        uid = int(said.split()[2])
        raw = self.server.box[uid][0]
        self.wfile.write(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")

    def store(self, said: str) -> None:
        uid, _flags, flags = said.removeprefix("UID STORE ").split(" ", 2)
        self.server.box[int(uid)][1].update(flags.strip("()").split())

    def close(self, said: str) -> None:
        self.server.box = {uid: held for uid, held in self.server.box.items() if r"\Deleted" not in held[1]}


@contextmanager
def imap(tls: ssl.SSLContext, mails: list[bytes]) -> Iterator[Any]:
    """A mail server on loopback that holds these."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Imap) as server:
        server.box = {uid: (raw, set()) for uid, raw in enumerate(mails, 1)}  # type: ignore[attr-defined]
        server.said = []  # type: ignore[attr-defined]
        server.daemon_threads = True
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()
