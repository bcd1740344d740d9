"""How records are opened to people besides shares: where they belong, who takes part, who is asked. One line per noun."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hetong.accounts.people import stand_ins
from hetong.accounts.sharing import Home, Opening
from hetong.approvals.models import Task
from hetong.approvals.policy import STAND_IN
from hetong.approvals.states import TaskState
from hetong.contracts.models import Contract, Member, Project
from hetong.documents.models import Document
from hetong.kernel.fields import Text
from hetong.parties.models import PartyTerms

CONTRACT = "contracts.contract"
HOME = ("company", "owner", "team")


def _contract_homes(id: UUID) -> Sequence[Home]:
    return [Home(*row) for row in Contract.objects.filter(pk=id).values_list(*HOME)]


def _project_homes(id: UUID) -> Sequence[Home]:
    return [Home(*row) for row in Project.objects.filter(pk=id).values_list(*HOME)]


def _party_homes(id: UUID) -> Sequence[Home]:
    return [Home(*row) for row in PartyTerms.objects.filter(party=id).values_list(*HOME)]


def _contract_doors(id: UUID) -> Iterable[tuple[UUID, Text]]:
    """Whoever takes part, was asked to decide, or stands in for somebody who is asked."""
    for user in Member.objects.filter(contract=id).values_list("user", flat=True).distinct():
        yield user, _("Takes part in the contract")
    tasks = Task.objects.filter(round__noun=CONTRACT, round__subject=id).exclude(state=TaskState.CLOSED)
    for assignee, decided_by, state in tasks.values_list("assignee", "decided_by", "state"):
        yield assignee, _("Was asked to approve")
        if decided_by is not None and decided_by != assignee:
            yield decided_by, _("Decided in a colleague’s place")
        if state == TaskState.WAITING:
            instead = stand_ins([assignee], STAND_IN).get(assignee, ())
            yield from ((user, _("Stands in for somebody who is asked to approve")) for user in instead)


def _holder(id: UUID) -> tuple[str, UUID] | None:
    return Document.objects.filter(pk=id).values_list("noun", "subject").first()


OPENINGS: Mapping[str, Opening] = {
    CONTRACT: Opening(_contract_homes, _contract_doors),
    "contracts.project": Opening(_project_homes),
    "parties.party": Opening(_party_homes),
    "documents.document": Opening(holder=_holder, levels=("view",)),
}
