"""The words of states, verbs, kinds and roles; one place, so that list, card, form and history agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hetong.contracts.states import (
    Basis,
    Class,
    LapseRule,
    Performance,
    PlanKind,
    Signature,
    Stage,
    Stated,
    Term,
    Trigger,
)
from hetong.kernel.fields import Choice, Text

STAGES: Mapping[str, Text] = {
    Stage.DRAFT: pgettext_lazy("stage", "Draft"),
    Stage.IN_REVIEW: pgettext_lazy("stage", "In review"),
    Stage.IN_APPROVAL: pgettext_lazy("stage", "In approval"),
    Stage.APPROVED: pgettext_lazy("stage", "Approved"),
    Stage.REJECTED: pgettext_lazy("stage", "Rejected"),
    Stage.SIGNING: pgettext_lazy("stage", "Signing"),
    Stage.ACTIVE: pgettext_lazy("stage", "Active"),
    Stage.SUSPENDED: pgettext_lazy("stage", "Suspended"),
    Stage.TERMINATED: pgettext_lazy("stage", "Terminated"),
    Stage.EXPIRED: pgettext_lazy("stage", "Expired"),
    Stage.SUPERSEDED: pgettext_lazy("stage", "Superseded"),
    Stage.CLOSING: pgettext_lazy("stage", "Closing"),
    Stage.CLOSED: pgettext_lazy("stage", "Closed"),
    Stage.ARCHIVED: pgettext_lazy("stage", "Archived"),
    Stage.VOID: pgettext_lazy("stage", "Void"),
    Stage.DISCARDED: pgettext_lazy("stage", "Discarded"),
}
CLASSES: Mapping[str, Text] = {
    Class.INCOME: _("Income"),
    Class.EXPENSE: _("Expense"),
    Class.FRAMEWORK: _("Framework"),
    Class.NONE: _("No money"),
}
TERMS: Mapping[str, Text] = {
    Term.FIXED: _("Fixed, ends on its day"),
    Term.AUTO_RENEW: _("Renews unless notice is given"),
    Term.EVERGREEN: _("Runs until notice is given"),
}
LAPSE_RULES: Mapping[str, Text] = {
    LapseRule.STOP: _("Stop until it is renewed, or let pass with a reason"),
    LapseRule.WARN: _("Say so, and go on"),
}
UNITS: Mapping[str, Text] = {"day": _("days"), "week": _("weeks"), "month": _("months"), "year": _("years")}
SIGNATURES: Mapping[str, Text] = {
    Signature.NONE: _("Nobody has signed"),
    Signature.OURS: _("We have signed"),
    Signature.THEIRS: _("They have signed"),
    Signature.BOTH: _("Both have signed"),
}
PERFORMANCES: Mapping[str, Text] = {
    Performance.NOT_STARTED: _("Not started"),
    Performance.ONGOING: _("Under way"),
    Performance.DONE: _("Done"),
}
LINE_KINDS: Mapping[str, Text] = {"one_off": _("One-off"), "recurring": _("Recurring")}
PLAN_KINDS: Mapping[str, Text] = {PlanKind.SETTLE: _("Money"), PlanKind.INVOICE: _("Invoices")}
"""What a stage of a plan is for."""
STATED: Mapping[str, Text] = {
    Stated.PERCENT: _("A percentage"),
    Stated.AMOUNT: _("An amount"),
    Stated.REST: _("The rest"),
}
TRIGGERS: Mapping[str, Text] = {
    Trigger.DATE: _("On a day"),
    Trigger.SIGNING: _("At signing"),
    Trigger.MILESTONE: _("When a milestone is reached"),
}
BASES: Mapping[str, Text] = {Basis.NET: _("Amounts without tax"), Basis.GROSS: _("Amounts with tax")}
COLORS: Mapping[str, Text] = {
    "ink": _("Ink"),
    "seal": _("Vermilion"),
    "indigo": _("Indigo"),
    "malachite": _("Green"),
    "ochre": _("Ochre"),
    "carmine": _("Carmine"),
}
EVENTS: Mapping[str, Text] = {
    "starts": _("starts"),
    "act_by": _("decide"),
    "notice_by": _("notice by"),
    "committed_until": _("commitment ends"),
    "ends": _("ends"),
}
"""What a contract's next date is about, as it stands behind the date in a list."""
COMING: Mapping[str, Text] = {
    "starts": _("Starts"),
    "act_by": _("Decide on renewal"),
    "notice_by": _("Last day of notice"),
    "committed_until": _("Commitment ends"),
    "ends": _("Ends"),
}
"""The same, as it stands alone on the card."""

ROLES: Mapping[str, Text] = {
    "manager": _("Manager"),
    "sales": _("Sales"),
    "legal": _("Legal"),
    "finance": _("Finance"),
    "delivery": _("Delivery"),
    "support": _("Support"),
    "other": _("Takes part"),
}
"""What a colleague is in a contract's team."""

VERBS: Mapping[str, tuple[Text, str]] = {
    "review": (_("Send to review"), "send"),
    "return": (_("Return to draft"), "arrow-left"),
    "submit": (_("Submit for approval"), "rubber-stamp"),
    "withdraw": (_("Withdraw from approval"), "arrow-left"),
    "approve": (_("Approve"), "check"),
    "reject": (_("Reject"), "x"),
    "revise": (_("Revise"), "pencil"),
    "send_to_sign": (_("Send to sign"), "signature"),
    "recall": (_("Recall from signing"), "arrow-left"),
    "mark_signed": (_("Note a signature"), "signature"),
    "activate": (_("Activate"), "circle-check"),
    "adopt": (_("Adopt as active"), "circle-check"),
    "adopt_closed": (_("Adopt as closed"), "archive"),
    "suspend": (_("Suspend"), "player-pause"),
    "resume": (_("Resume"), "player-play"),
    "terminate": (_("Terminate"), "ban"),
    "expire": (_("Expire"), "clock"),
    "supersede": (_("Supersede"), "history"),
    "begin_closing": (_("Begin closing"), "checklist"),
    "close": (_("Close"), "circle-check"),
    "archive": (_("Archive"), "archive"),
    "unarchive": (_("Take out of the archive"), "arrow-left"),
    "void": (_("Void contract"), "ban"),
    "discard": (_("Discard draft"), "trash"),
    "restore": (_("Restore draft"), "rotate-clockwise"),
}
"""The words and the icon of each verb of the lifecycle."""


ABOUT_TO: Mapping[str, Text] = {
    "submit": _("Your team’s lead is asked to decide. Until then nothing of it can be changed."),
    "withdraw": _("Nobody needs to decide any more; it becomes a draft again."),
    "revise": _("It becomes a draft again, and what was decided on it no longer counts."),
    "send_to_sign": _("Exactly what was approved goes out to be signed."),
    "recall": _("Nothing is signed any more; the approval stands."),
    "suspend": _("Nothing of it falls due until it is resumed."),
    "terminate": _("It ends before its time; this cannot be taken back."),
    "archive": _("From then on it is read-only. Only an administrator can take it out again."),
    "unarchive": _("It becomes a closed contract again, and can be changed."),
    "void": _("It will never come into force, and stays readable. This cannot be taken back."),
    "adopt": _(
        "For a contract that is in force already: no approval and no signing here. It comes into force at once."
    ),
    "adopt_closed": _("For a contract that is over already: no approval and no signing here."),
    "return": _("Those who draft it read why."),
    "discard": _("It can be restored."),
}
"""What each step means, as its page says before it is taken."""


def offered(words: Mapping[str, Text], *, glyphs: bool = False, colors: bool = False) -> Sequence[Choice]:
    """Words as choices; ``glyphs`` draws the stage of that code, ``colors`` the pigment."""
    return [Choice(code, word, code if glyphs else "", code if colors else "") for code, word in words.items()]


RENEWALS: Mapping[str, Text] = {
    "renew": _("Renew it on the same terms"),
    "renegotiate": _("Renegotiate it"),
    "lapse": _("Let it lapse"),
}
"""What may be decided before a day of notice or an end."""
