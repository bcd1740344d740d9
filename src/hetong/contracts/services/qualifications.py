"""Qualifications that a type asks of the other side: what stops on them, and letting one pass with a reason (S2-24)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from hetong.audit.services import Change, record_many
from hetong.contracts.events import Act, QualificationsWaived
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract, Waiver
from hetong.contracts.policy import Can
from hetong.contracts.queries import qualifications_of
from hetong.contracts.services.checks import check_editable_by
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, Conflict, NotFound, Problem, refuse
from hetong.kernel.events import Fact
from hetong.kernel.rows import insert, locked
from hetong.kernel.text import clean_text

LONGEST = 500


class NotQualified(Conflict):
    """A paper that the type asks of the other side is missing or has lapsed."""

    code = "not_qualified"
    text = N_("“%(title)s” needs valid papers of the other side: %(open)s.")
    then = N_(
        "Keep a valid paper with the customer or supplier, or have somebody who runs contracts let it pass with a reason."
    )


class NothingToLetPass(Conflict):
    """The paper is valid, is only warned of, or was let pass already."""

    code = "nothing_to_let_pass"
    text = N_("This paper does not stand in the way.")


def check_qualified(actor: Actor, contracts: Sequence[Contract]) -> None:
    """Raise `NotQualified` naming the first contract with what is in its way."""
    asked = qualifications_of(actor, contracts)
    for one in contracts:
        still = [found.words for found in asked if found.contract_id == one.pk and found.is_in_the_way]
        if still:
            raise NotQualified(title=one.title, open="; ".join(still))


@transaction.atomic
def let_qualification_pass(actor: Actor, id: UUID, code: str, *, reason: str) -> Waiver:
    """Let one missing or lapsed qualification not stand in the way of a contract; why is kept with who said so.

    ``code``: the key of the kind of document. It holds for this paper of this party with this last day alone.
    Raises `NotFound`, `Forbidden`, `NothingToLetPass`, `Invalid` (no reason).
    """
    [contract] = locked(Contract.objects.visible_to(actor), [id])
    require(actor, Can.RUN, [contract])
    check_editable_by(actor, [contract])
    found = next((one for one in qualifications_of(actor, [contract]) if one.code == code), None)
    if found is None:
        raise NotFound(noun="contracts.waiver", id=code)
    said = clean_text(reason, max_length=LONGEST)
    if not said:
        refuse([Problem("required", N_("Say why this may pass."), field="reason")])
    if not found.is_in_the_way:
        raise NothingToLetPass
    waiver = Waiver(
        contract=contract, code=found.waiver, reason=said, by=actor.id, by_label=actor.label[:200], at=clock.now()
    )
    insert([waiver])
    change = Change(CONTRACT.noun, contract.pk, contract.title, contract.company_id)
    record_many(actor, Act.QUALIFICATION_WAIVED, [change], reason=said, params={"kind": code})
    publish(QualificationsWaived(actor, (Fact(CONTRACT.noun, contract.pk, contract.company_id, {"kind": code}),)))
    return waiver
