"""What happens when. *with*: same transaction, invariants. *after*: through the outbox, consequences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any

from allauth.mfa.signals import authentication_failed
from django.contrib.auth import signals
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from hetong.accounts.events import AddressChanged, FactorsChanged, PasswordChanged, PasswordResetAsked, UsersInvited
from hetong.accounts.services import note_factor_failure, note_failure, note_sign_in, note_sign_out, purge_keys
from hetong.approvals.events import RoundsDecided
from hetong.audit.sealer import seal
from hetong.audit.services import log_exports, run_verifying
from hetong.audit.services.verifying import TASK as VERIFY
from hetong.billing import services as billing
from hetong.billing.events import InvoicesCredited, InvoicesIssued, PapersWanted
from hetong.billing.queries import close_problems
from hetong.billing.services import papers
from hetong.contracts import services as contracts
from hetong.contracts.events import (
    ContractsActivated,
    ContractsArchived,
    ContractsResumed,
    ContractsSuspended,
    ContractsTerminated,
    MilestonesReached,
    MilestonesUnreached,
    PlanChanged,
)
from hetong.contracts.services.purging import purge_discarded
from hetong.discussions.policy import COMMENT
from hetong.discussions.services import COMMENT_BY_MAIL
from hetong.exchange import services as exchange
from hetong.exchange.events import PackagesWanted
from hetong.exchange.services.imports import CHECK as IMPORT_CHECK
from hetong.exchange.services.imports import RUN as IMPORT_RUN
from hetong.exchange.services.imports import UNDO as IMPORT_UNDO
from hetong.files.services import read_waiting_texts, remove_orphans
from hetong.jobs.services import purge_jobs
from hetong.jobs.wiring import Daily, Every, Listeners, Timed
from hetong.kernel.events import Event
from hetong.notifications import services as notifications
from hetong.notifications.table import Answerable, also_told
from hetong.search import services as search
from hetong.signing.events import EnvelopesCompleted, SidesSigned
from hetong.todos.services import refresh_all, refresh_named
from hetong.ui.events import Exported
from hetong.ui.lists.bulk import TASK as BULK_EDIT
from hetong.ui.lists.bulk import run_bulk_edit
from hetong.ui.lists.export import TASK as EXPORT
from hetong.ui.lists.export import run_export

from .notices import NOTICES
from .privacy import report_due
from .sqlite.weighing import weigh_tables

OWN: Mapping[type[Event], Listeners] = {
    # event:  (with, after)
    Event: ([], [search.follow_event, refresh_named]),
    ContractsActivated: ([], [billing.open_dues]),
    MilestonesReached: ([], [billing.open_dues]),
    MilestonesUnreached: ([], [billing.open_dues]),
    PlanChanged: ([billing.replan_dues], []),
    ContractsSuspended: ([], [billing.suspend_dues]),
    ContractsResumed: ([], [billing.resume_dues]),
    ContractsTerminated: ([], [billing.end_dues]),
    InvoicesIssued: ([], [papers.make_papers]),
    InvoicesCredited: ([], [papers.make_papers]),
    PapersWanted: ([], [papers.make_papers]),
    ContractsArchived: ([], [exchange.build_packages]),
    PackagesWanted: ([], [exchange.build_packages]),
    Exported: ([log_exports], []),
    UsersInvited: ([], [notifications.mail_invitations]),
    PasswordResetAsked: ([], [notifications.mail_resets]),
    PasswordChanged: ([], [notifications.mail_password_notes]),
    AddressChanged: ([], [notifications.mail_address_change]),
    FactorsChanged: ([], [notifications.mail_security_notes]),
    RoundsDecided: ([], [contracts.apply_decisions]),
    SidesSigned: ([], [contracts.note_signatures]),
    EnvelopesCompleted: ([], [contracts.note_signatures, contracts.activate_signed]),
}

LISTENERS: Mapping[type[Event], Listeners] = also_told(OWN, NOTICES, notifications.tell, notifications.say)
"""Whatever makes news is told, after everything else that follows from it."""

FOLDED: tuple[Callable[..., Any], ...] = (search.follow_event, refresh_named)
"""Listeners that look at nothing but how the named records are now: several events of one cause are one call of them."""

CLOSE_CHECKS: tuple[Callable[..., Any], ...] = (close_problems,)
"""What apps above contracts have to say before one is closed: each is a `contracts.services.closing.CloseCheck`."""

BY_MAIL: Mapping[str, Answerable] = {COMMENT: COMMENT_BY_MAIL}
"""What is answered by mail."""

SIGNING_GATES: tuple[Callable[..., Any], ...] = (contracts.check_signing,)
"""What records have to say before something of theirs is signed: each raises where it may not be."""

OF_THE_DAY = (
    "contracts.expire_ended",
    "contracts.refresh_next_events",
    "billing.open_dues",
    "todos.refresh",
    "notifications.remind",
)
"""What follows from the day alone, in this order: the schedule runs it all day long, ``hetong daily`` as of any day."""

# A table is read across: its entries are wrapped by hand.
SCHEDULE: Mapping[str, Timed] = {
    "audit.seal": Timed(seal, Every(5), _("Seals new entries of the journal into its chain.")),
    "files.read_texts": Timed(read_waiting_texts, Every(3), _("Reads the text of new files, so that search finds them.")),
    "files.remove_orphans": Timed(remove_orphans, Daily(time(2, 40)), _("Removes files that belong to no record.")),
    "notifications.deliver": Timed(notifications.deliver_mails, Every(2), _("Sends the mails that wait."), notifications.silent_server),
    "notifications.say": Timed(
        notifications.deliver_posts, Every(2), _("Says in chat rooms what waits to be said."), notifications.silent_rooms
    ),
    "notifications.push": Timed(notifications.deliver_pushes, Every(2), _("Sends the notices that wait for devices.")),
    "notifications.take": Timed(notifications.take_waiting, Every(60), _("Takes in answers that came by mail.")),
    "notifications.remind": Timed(notifications.remind, Every(600), _("Reminds people of the days that come near or have passed.")),
    "notifications.digest": Timed(notifications.send_digests, Every(300), _("Sends everybody the summary of what is new, at their hour.")),
    "notifications.purge": Timed(notifications.purge_old, Daily(time(2, 30)), _("Forgets old mails and old notices that were read.")),
    "notifications.purge_sent": Timed(notifications.purge_sent, Daily(time(2, 35)), _("Forgets old messages to rooms and devices.")),
    "notifications.purge_received": Timed(notifications.purge_received, Daily(time(2, 45)), _("Forgets what came in by mail.")),
    "search.catch_up": Timed(search.catch_up, Every(60), _("Brings into the search what was missed.")),
    "contracts.purge_discarded": Timed(purge_discarded, Daily(time(2, 50)), _("Removes drafts that were discarded long ago.")),
    "privacy.due": Timed(report_due, Daily(time(3, 0)), _("Lists the people whose data are due for deletion.")),
    "jobs.purge": Timed(purge_jobs, Daily(time(2, 20)), _("Removes old export files and old background work.")),
    "jobs.weigh_tables": Timed(weigh_tables, Every(3600), _("Counts what the database goes by when it looks for the shortest way.")),
    "accounts.purge_keys": Timed(purge_keys, Daily(time(2, 10)), _("Forgets the keys of requests that were answered long ago.")),
    "billing.open_dues": Timed(billing.open_planned_dues, Every(1800), _("Opens what becomes due on its day.")),
    "todos.refresh": Timed(refresh_all, Every(1800), _("Brings everybody’s to-dos up to date.")),
    "contracts.expire_ended": Timed(contracts.expire_ended, Every(1800), _("Ends contracts whose last day has passed.")),
    "contracts.refresh_next_events": Timed(contracts.refresh_next_events, Every(3600), _("Works out the next date of every contract.")),
}  # fmt: skip

TASKS: Mapping[str, Callable[..., Any]] = {
    VERIFY: run_verifying,
    BULK_EDIT: run_bulk_edit,
    EXPORT: run_export,
    IMPORT_CHECK: exchange.run_check,
    IMPORT_RUN: exchange.run_run,
    IMPORT_UNDO: exchange.run_undo,
}

SIGNALS: tuple[tuple[Signal, Callable[..., None]], ...] = (
    # Sign-in is allauth's, so what it tells is heard as signals (law 2's exception); these keep the journal and end what was pushed.
    (signals.user_logged_in, note_sign_in),
    (signals.user_logged_out, note_sign_out),
    (signals.user_logged_out, notifications.forget_device),
    (signals.user_login_failed, note_failure),
    (authentication_failed, note_factor_failure),
)
