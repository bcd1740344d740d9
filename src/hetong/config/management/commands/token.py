"""`hetong token create|list|revoke`: keys for the API from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from hetong.accounts.models import ApiToken, User
from hetong.accounts.services import make_token, revoke_token
from hetong.config.management.commands.createadmin import in_words
from hetong.config.policy import all_permissions
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import DomainError


class Command(BaseCommand):
    """Makes, lists and revokes API tokens; a secret is printed once, when it is made."""

    help = "API tokens. A token acts as its user, limited to the --scope permissions where any are given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """create, list, revoke."""
        acts = parser.add_subparsers(dest="act", required=True)
        create = acts.add_parser("create", help="make a token and print its secret")
        create.add_argument("--user", required=True, metavar="MAIL")
        create.add_argument(
            "--scope",
            action="append",
            default=[],
            metavar="PERMISSION",
            help="such as contracts.view; repeat, or separate by commas",
        )
        create.add_argument("--label", default="command line")
        create.add_argument("--days", type=int, default=0, help="until it expires; 0 is never")
        listing = acts.add_parser("list", help="the tokens of a user")
        listing.add_argument("--user", required=True, metavar="MAIL")
        revoke = acts.add_parser("revoke", help="make a token useless")
        revoke.add_argument("id", type=UUID)
        for act in (create, listing, revoke):
            act.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the act; a refusal is one line."""
        try:
            getattr(self, f"_{options['act']}")(options)
        except DomainError as refused:
            raise CommandError(in_words(refused)) from refused

    def _user(self, mail: str) -> User:
        user: User | None = User.objects.filter(email=mail.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody has the address {mail}.")
        return user

    def _create(self, options: dict[str, Any]) -> None:
        scopes = sorted({scope.strip() for given in options["scope"] for scope in given.split(",") if scope.strip()})
        strange = [scope for scope in scopes if scope not in all_permissions()]
        if strange:
            raise CommandError(
                f"There is no permission {', '.join(strange)}. There are: {', '.join(sorted(all_permissions()))}."
            )
        expires = clock.now() + timedelta(days=options["days"]) if options["days"] > 0 else None
        token, secret = make_token(
            Actor.system(),
            self._user(options["user"]),
            label=options["label"][:80],
            permissions=scopes or None,
            expires_at=expires,
        )
        self._say(options, {"id": str(token.pk), "token": secret, "user": options["user"], "scope": scopes}, secret)

    def _list(self, options: dict[str, Any]) -> None:
        for token in ApiToken.objects.filter(user=self._user(options["user"])).order_by("pk"):
            state = (
                "revoked"
                if token.revoked_at
                else "expired"
                if token.expires_at and token.expires_at <= clock.now()
                else "valid"
            )
            facts = {
                "id": str(token.pk),
                "label": token.label,
                "prefix": token.prefix,
                "state": state,
                "scope": token.permissions,
            }
            self._say(options, facts, f"{token.pk}  {token.prefix}…  {state}  {token.label}")

    def _revoke(self, options: dict[str, Any]) -> None:
        revoke_token(Actor.system(), options["id"])
        self._say(options, {"id": str(options["id"]), "state": "revoked"}, "Revoked.")

    def _say(self, options: dict[str, Any], facts: dict[str, Any], words: str) -> None:
        self.stdout.write(json.dumps(facts) if options["json"] else words)
