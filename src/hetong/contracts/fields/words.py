"""The words of states, verbs, kinds and roles; one place, so that list, card, form and history agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hetong.contracts.states import Class, Performance, Signature, Stage, Term
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
    "discard": (_("Discard draft"), "trash"),
    "restore": (_("Restore draft"), "rotate-clockwise"),
    "void": (_("Void contract"), "ban"),
}
"""The words and the icon on the button of each verb that is offered."""


def offered(words: Mapping[str, Text], *, glyphs: bool = False, colors: bool = False) -> Sequence[Choice]:
    """Words as choices; ``glyphs`` draws the stage of that code, ``colors`` the pigment."""
    return [Choice(code, word, code if glyphs else "", code if colors else "") for code, word in words.items()]
