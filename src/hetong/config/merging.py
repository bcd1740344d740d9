"""What names a party, and what becomes of it when two parties turn out to be one. A test makes the list anew from the models."""

from __future__ import annotations

from hetong.billing.services import check_merge as check_money
from hetong.contracts.services import check_merge as check_contracts
from hetong.kernel.merging import Fate, Merging, Pointer

MOVED, GOES, KEPT, OWN, OTHER = Fate.MOVED, Fate.GOES, Fate.KEPT, Fate.OWN, Fate.OTHER


def _other(*columns: str) -> tuple[Pointer, ...]:
    """Columns that name people, jobs, entries and the like."""
    return tuple(Pointer(column, OTHER) for column in columns)


# A table is read across: its entries are wrapped by hand.
PARTIES: tuple[Pointer, ...] = (
    # parties: numbers, accounts, contacts and terms have rules on what stands twice
    Pointer("parties.Party_kinds.party", OWN, "kinds of both"),
    Pointer("parties.Party.parent", MOVED),
    Pointer("parties.SimilarName.party", GOES, "pieces of names, made anew"),
    Pointer("parties.MergedParty.into", MOVED, "what was merged before leads on"),
    Pointer("parties.Apart.one", GOES, "whether it is another party is judged anew"),
    Pointer("parties.Apart.other", GOES, "whether it is another party is judged anew"),
    Pointer("parties.PartyTerms.party", OWN, "one of each company"),
    Pointer("parties.PartyId.party", OWN, "one of each kind in use"),
    Pointer("parties.Address.party", OWN, "one registered address in use"),
    Pointer("parties.PartyBank.party", OWN, "in use only by who may change accounts"),
    Pointer("parties.Contact.party", OWN, "one main contact"),
    # what was agreed, billed and paid: the copy of that day stays in the row, only the link moves
    Pointer("contracts.Contract.counterparty", MOVED),
    Pointer("contracts.ContractParty.party", MOVED),
    Pointer("billing.Due.party", MOVED),
    Pointer("billing.Invoice.party", MOVED),
    Pointer("billing.Payment.party", MOVED),
    # what hangs on any record
    Pointer("accounts.Share.record", OWN, "the wider one of two with the same person"),
    Pointer("accounts.LegalHold.record", MOVED, "a standing one refuses the merge"),
    Pointer("accounts.CustomIndex.record", GOES, "made again from the values"),
    Pointer("documents.Document.subject", MOVED),
    Pointer("discussions.Thread.subject", MOVED),
    Pointer("approvals.Round.subject", MOVED),
    Pointer("signing.Envelope.subject", MOVED),
    Pointer("todos.Todo.row", MOVED, drops_twins=True),
    Pointer("todos.Todo.page", MOVED),
    Pointer("notifications.Notice.subject", MOVED),
    Pointer("notifications.Notice.page", MOVED),
    Pointer("notifications.Notice.path", MOVED, is_text=True),
    Pointer("notifications.Notice.once", KEPT, "what was told once is not told again", is_text=True),
    Pointer("notifications.Mute.record", MOVED, drops_twins=True),
    Pointer("notifications.Reminder.subject", MOVED, drops_twins=True),
    Pointer("notifications.ReplyAddress.subject", MOVED),
    Pointer("notifications.Pause.subject", MOVED, drops_twins=True),
    Pointer("search.SearchRow.record", GOES, "made again from the record"),
    Pointer("search.SearchRow.parent", GOES, "made again from the record"),
    Pointer("ui.SavedView.query", MOVED, "a view of its contracts shows those of both", is_text=True),
    Pointer("exchange.SourceRow.record", MOVED, "rows of files that meant either mean the one that stays"),
    Pointer("exchange.ImportRow.record", KEPT, "undoing the import finds the record gone and says so"),
    Pointer("audit.Entry.subject", KEPT, "the journal is never rewritten"),
    Pointer("audit.AccessLog.subject", KEPT, "the journal is never rewritten"),
    *_other(
        "ui.SavedView.owner", "ui.SavedView.team", "ui.ViewChoice.user", "jobs.Outbox.event", "jobs.Job.owner", "audit.Entry.actor_id",
        "audit.Entry.company", "audit.Entry.batch", "audit.Link.entry", "audit.AccessLog.actor_id", "accounts.PolicyState.fields",
        "accounts.Share.by", "notifications.Mail.user", "notifications.Notice.company", "notifications.Notice.by",
        "notifications.ReminderRule.kind", "notifications.Pause.by", "todos.Todo.asked", "todos.Todo.created_by",
        "todos.Todo.passed_by", "todos.Feed.view", "search.SearchRow.company", "search.Indexing.after", "documents.Version.by",
        "approvals.Round.opened_by", "approvals.Task.team", "approvals.Task.decided_by", "signing.Envelope.confirmed_by",
        "signing.Envelope.opened_by", "discussions.Comment.author", "contracts.StageMove.actor", "contracts.Waiver.by",
        "contracts.RenewalDecision.by", "contracts.AbnormalFlag.opened_by", "billing.Invoice.created_by", "billing.Payment.reported_by",
        "billing.Payment.decided_by", "exchange.Import.job", "exchange.Import.batch", "exchange.ImportRow.import_id",
        "parties.MergedParty.by", "parties.Apart.by",
    ),
)  # fmt: skip

MERGING = {"parties.party": Merging(PARTIES, (check_contracts, check_money))}
