"""`hetong serve`: the web server and, unless told otherwise, the background worker in the same process."""

from __future__ import annotations

import os
import threading
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from hetong.config.background import BackgroundWorker
from hetong.config.databases import BEHIND, is_behind
from hetong.config.static_files import gather_static_files
from hetong.jobs.announcing import HUB

# What is being answered may end; nothing holds a stop for ever.
STOP_SECONDS = 10


class AnnouncingServer(uvicorn.Server):
    """Says where it can be reached as soon as it can be."""

    async def startup(self, sockets: Any = None) -> None:
        """Start listening, then print the address."""
        await super().startup(sockets=sockets)
        if self.started:
            host = "localhost" if self.config.host in {"127.0.0.1", "::1", "0.0.0.0"} else self.config.host  # noqa: S104 - compared, not bound
            print(f"Hetong is at http://{host}:{self.config.port}/  (Ctrl-C stops it)", flush=True)  # noqa: T201 - for who started it

    async def shutdown(self, sockets: Any = None) -> None:
        """End the open pages' streams first: they would hold the stop until its deadline."""
        HUB.end()
        await super().shutdown(sockets=sockets)


class Command(BaseCommand):
    """Serves Hetong over HTTP."""

    help = "Serve Hetong over HTTP, with the background worker unless --web-only."

    def add_arguments(self, parser: CommandParser) -> None:
        """The address, and whether the worker runs elsewhere."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (this machine only by default)")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument("--web-only", action="store_true", help="leave background work to `hetong worker`")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start the worker's thread, serve until told to stop, then stop the worker."""
        if connection.vendor == "sqlite":
            # The embedded mode has one process, so nobody else can be migrating.
            call_command("migrate", verbosity=0)
        elif is_behind(connection):
            raise CommandError(BEHIND, returncode=2)
        gather_static_files()
        connection.close()
        server = AnnouncingServer(
            uvicorn.Config(
                "hetong.config.asgi:application",
                host=options["host"],
                port=options["port"],
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                proxy_headers=True,
                forwarded_allow_ips=settings.TRUSTED_PROXIES,
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )
        if options["web_only"]:
            server.run()
            return
        with BackgroundWorker(threading.Event()):
            server.run()
