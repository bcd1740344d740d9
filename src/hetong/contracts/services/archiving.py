"""Into the archive and out of it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import Company
from hetong.accounts.services.series import take_numbers
from hetong.contracts.models import Contract
from hetong.contracts.queries import originals_out
from hetong.contracts.services.moving import Extras, checked_reason, move, taken, todays
from hetong.contracts.services.required import unfilled
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, Problem, refuse
from hetong.kernel.text import clean_line

Versions = Mapping[UUID, int] | None
LONGEST_NUMBER, LONGEST_PLACE, LONGEST_PREFIX = 60, 200, 20


class OriginalsOut(Conflict):
    """A signed original is lent out, so the archive would be incomplete."""

    code = "originals_out"
    text = N_("“%(title)s” cannot be archived: original no. %(copies)s is lent out.")
    then = N_("Note its return first, under Originals.")


@transaction.atomic
def archive_contracts(
    actor: Actor, ids: Collection[UUID], *, archive_no: str = "", place: str = "", keep_until: dt.date | None = None,
    reason: str = "", versions: Versions = None,
) -> list[Contract]:  # fmt: skip
    """Archive contracts: from now on they are read-only. Without a number each gets the next of its company's series.

    ``keep_until`` is the last day (inclusive) on which they have to be kept. Raises `NotFound`, `Forbidden`,
    `NotNow`, `Stale`, `Invalid`, `OriginalsOut`.
    """
    contracts = taken(actor, ids, "archive", versions=versions)
    refuse(unfilled(actor, contracts, "archive"))
    reason = checked_reason("archive", reason)
    number, place = clean_line(archive_no), clean_line(place)
    refuse(_problems(contracts, number, place, keep_until))
    out = originals_out([one.pk for one in contracts])
    for one in contracts:
        if out.get(one.pk):
            raise OriginalsOut(title=one.title, copies=", ".join(str(paper.copy_no) for paper in out[one.pk]))
    for one in contracts:
        one.archive_no = number or one.archive_no
        one.archive_place = place or one.archive_place
        one.keep_until = keep_until or one.keep_until
    _give_numbers(contracts)
    names = ("archive_no", "archive_place", "keep_until")
    facts = {one.pk: {"archive_no": one.archive_no} for one in contracts}
    return move(actor, contracts, "archive", reason=reason, extras=Extras(names, names, facts))


def _problems(contracts: Sequence[Contract], number: str, place: str, keep_until: dt.date | None) -> Iterator[Problem]:
    for field, text, limit in (("archive_no", number, LONGEST_NUMBER), ("place", place, LONGEST_PLACE)):
        if len(text) > limit:
            yield Problem(
                "too_long", N_("This is too long: at most %(limit)s characters fit."), {"limit": limit}, field
            )
    if number and len(contracts) > 1:
        yield Problem(
            "one_number", N_("One archive number is for one contract; leave it empty for several."), field="archive_no"
        )
    if keep_until and keep_until < max(todays(contracts).values()):
        yield Problem("in_the_past", N_("This day has passed."), field="keep_until")


def _give_numbers(contracts: Sequence[Contract]) -> None:
    days = todays(contracts)
    for company in Company.objects.filter(pk__in=list(days)).order_by("pk"):
        waiting = [one for one in contracts if one.company_id == company.pk and not one.archive_no]
        prefix = f"{company.contract_prefix}-A"[:LONGEST_PREFIX]
        numbers = take_numbers(company.pk, "archive", days[company.pk].year, len(waiting), prefix=prefix)
        for one, number in zip(waiting, numbers, strict=True):
            one.archive_no = number


@transaction.atomic
def unarchive_contracts(
    actor: Actor, ids: Collection[UUID], *, reason: str, versions: Versions = None
) -> list[Contract]:
    """Take contracts out of the archive, as closed ones; needs a permission of its own and a reason."""
    contracts = taken(actor, ids, "unarchive", versions=versions)
    return move(actor, contracts, "unarchive", reason=checked_reason("unarchive", reason))
