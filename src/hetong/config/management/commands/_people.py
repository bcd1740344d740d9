"""Who acts on the command line, and for which company of ours."""

from __future__ import annotations

from uuid import UUID

from django.core.management.base import CommandError

from hetong.accounts.models import Company, Grant, User
from hetong.accounts.queries import actor_for
from hetong.kernel.actors import Actor
from hetong.kernel.text import fold


def acting(mail: str) -> Actor:
    """The person of that address, else the administrator of longest standing. Raises `CommandError`."""
    people = User.objects.filter(is_active=True)
    if mail:
        user = people.filter(email=mail.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody has the address {mail}.")
        return actor_for(user, via="cli")
    admins = Grant.objects.filter(role__key="admin", company=None, user__is_active=True)
    first = admins.order_by("user__created_at", "user").select_related("user").first()
    if first is None:
        raise CommandError("There is no administrator yet: run hetong createadmin, or name a person with --user.")
    return actor_for(first.user, via="cli")


def company_named(named: str) -> UUID:
    """Our company of that id or name, else the only one there is. Raises `CommandError`."""
    companies = list(Company.objects.filter(is_active=True).order_by("pk"))
    fitting = [one for one in companies if named in ("", str(one.pk)) or fold(one.name) == fold(named)]
    if len(fitting) == 1:
        found: UUID = fitting[0].pk
        return found
    names = ", ".join(one.name for one in companies) or "none yet"
    raise CommandError(f"Name the company of ours with --company. There are: {names}.")
