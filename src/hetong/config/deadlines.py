"""What has to be done by a day: every dated fact of every noun, in one table. Each is declared beside its noun."""

from __future__ import annotations

from hetong.approvals.deadlines import DEADLINES as APPROVALS
from hetong.billing.deadlines import DEADLINES as BILLING
from hetong.contracts.deadlines import DEADLINES as CONTRACTS
from hetong.discussions.deadlines import asked_on
from hetong.kernel.deadlines import Deadline

from .navigation import TALKED

DEADLINES: tuple[Deadline, ...] = (*CONTRACTS, *BILLING, *APPROVALS, *map(asked_on, TALKED))
