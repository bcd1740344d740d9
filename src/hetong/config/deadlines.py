"""What has to be done by a day: every dated fact of every noun, in one table. Each is declared beside its noun."""

from __future__ import annotations

from hetong.approvals.deadlines import DEADLINES as APPROVALS
from hetong.billing.deadlines import DEADLINES as BILLING
from hetong.contracts.deadlines import DEADLINES as CONTRACTS
from hetong.contracts.models import Contract, Project
from hetong.contracts.states import OVER, Stage
from hetong.discussions.deadlines import asked_on
from hetong.documents.deadlines import lapsing_on
from hetong.kernel.deadlines import Deadline
from hetong.parties.models import Party
from hetong.todos.deadlines import DEADLINES as TODOS

from .listening import keepers
from .navigation import TALKED

AT_REST = {
    "contracts.contract": Contract.objects.filter(stage__in=OVER - {Stage.REJECTED}),
    "contracts.project": Project.objects.filter(is_active=False),
    "parties.party": Party.objects.filter(is_active=False),
}
"""Records whose papers nobody renews any more; there are none of other kinds. What was rejected may be revised."""
HOLDING = (
    "accounts.company",
    "parties.party",
    "contracts.contract",
    "contracts.project",
    "billing.invoice",
    "billing.payment",
)
"""The records that documents are on: those that have a page of their own, and our companies."""

DEADLINES: tuple[Deadline, ...] = (
    *CONTRACTS, *BILLING, *APPROVALS, *(lapsing_on(key, keepers, AT_REST.get(key)) for key in HOLDING), *map(asked_on, TALKED), *TODOS,
)  # fmt: skip
