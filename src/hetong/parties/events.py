"""What happens to parties: journal codes with their sentences, and events."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from hetong.kernel.events import Event


class Act(StrEnum):
    PARTY_ADDED = "parties.party_added"
    PARTY_EDITED = "parties.party_edited"
    PARTY_RETIRED = "parties.party_retired"
    PARTY_RESTORED = "parties.party_restored"
    PARTY_TAKEN_BACK = "parties.party_taken_back"
    PARTY_MERGED = "parties.party_merged"
    PARTY_MERGED_AWAY = "parties.party_merged_away"
    SAID_APART = "parties.said_apart"
    SAID_ALIKE = "parties.said_alike"
    MOVED_ALONG = "parties.moved_along"
    TERMS_ADDED = "parties.terms_added"
    TERMS_EDITED = "parties.terms_edited"
    TERMS_MERGED = "parties.terms_merged"
    NUMBER_ADDED = "parties.number_added"
    NUMBER_EDITED = "parties.number_edited"
    ADDRESS_ADDED = "parties.address_added"
    ADDRESS_EDITED = "parties.address_edited"
    BANK_ADDED = "parties.bank_added"
    BANK_EDITED = "parties.bank_edited"
    CONTACT_ADDED = "parties.contact_added"
    CONTACT_EDITED = "parties.contact_edited"
    CONTACT_ERASED = "parties.contact_erased"
    KIND_ADDED = "parties.kind_added"
    KIND_EDITED = "parties.kind_edited"


SENTENCES = {
    Act.PARTY_ADDED: _("added the party"),
    Act.PARTY_EDITED: _("changed the party"),
    Act.PARTY_RETIRED: _("retired the party"),
    Act.PARTY_RESTORED: _("took the party back into use"),
    Act.PARTY_TAKEN_BACK: _("undid the import of the party or contact person"),
    Act.PARTY_MERGED: _("merged another record of the same party into this one"),
    Act.PARTY_MERGED_AWAY: _("merged this party into another record of it"),
    Act.SAID_APART: _("said that this and a record that looks like it are two parties"),
    Act.SAID_ALIKE: _("took back that this and a record that looks like it are two parties"),
    Act.MOVED_ALONG: _("let this follow its party, whose two records were merged"),
    Act.TERMS_ADDED: _("added the terms"),
    Act.TERMS_EDITED: _("changed the terms"),
    Act.TERMS_MERGED: _("merged these terms into those of the other record of the party"),
    Act.NUMBER_ADDED: _("added the number"),
    Act.NUMBER_EDITED: _("changed the number"),
    Act.ADDRESS_ADDED: _("added the address"),
    Act.ADDRESS_EDITED: _("changed the address"),
    Act.BANK_ADDED: _("added the bank account"),
    Act.BANK_EDITED: _("changed the bank account"),
    Act.CONTACT_ADDED: _("added the contact person"),
    Act.CONTACT_EDITED: _("changed the contact person"),
    Act.CONTACT_ERASED: _("erased what was held on the contact person"),
    Act.KIND_ADDED: _("added the kind of party"),
    Act.KIND_EDITED: _("changed the kind of party"),
}


class PartiesChanged(Event):
    """Parties were added or changed, they themselves or what hangs on them; the rows are the parties."""

    code = "parties.changed"


class PartiesTakenBack(Event):
    """Parties or contact persons that came in by an import are gone with it."""

    code = Act.PARTY_TAKEN_BACK


class PartiesAdded(PartiesChanged):
    """New parties."""

    code = "parties.party_added"


class PartiesEdited(PartiesChanged):
    """The identity of parties changed."""

    code = "parties.party_edited"


class PartiesMerged(Event):
    """A party was merged into another; the rows are both, and every record that named the one that is no more."""

    code = Act.PARTY_MERGED


class PartiesSaidApart(Event):
    """Somebody said that two records which look alike are two parties; the rows are both."""

    code = Act.SAID_APART


class PartiesSaidAlike(Event):
    """That two records are two parties was taken back; the rows are both."""

    code = Act.SAID_ALIKE


class TermsChanged(Event):
    """Terms were added or changed, and with them who may see the party."""

    code = "parties.terms_edited"


class DetailsChanged(Event):
    """Numbers, addresses, accounts or contacts were added or changed."""

    code = "parties.details_edited"


class KindsChanged(Event):
    """Kinds of party were added or changed."""

    code = "parties.kind_edited"
