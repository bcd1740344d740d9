"""What the choice fields of parties offer."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import get_language, get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from hetong.kernel.fields import Choice, words
from hetong.parties.identifiers import ACCOUNTS, SCHEMES
from hetong.parties.models import PartyKind
from hetong.reference.places import countries

WHO, NUMBERS, WHERE, TERMS, REACH, MORE = (
    _("Who it is"), _("Numbers"), _("Registered address"), _("Terms with us"), _("How to reach it"), _("More"),
)  # fmt: skip
"""The groups of the fields, in the order of the forms."""

ROLES: tuple[Choice, ...] = (
    Choice("registered", _("Registered address")),
    Choice("billing", _("Billing address")),
    Choice("delivery", _("Delivery address")),
    Choice("site", _("Site")),
)


def kind_choices() -> Sequence[Choice]:
    """The kinds of party in their order, retired ones included: parties still carry them."""
    language = get_language() or "en"
    kinds = PartyKind.objects.order_by("position", "key").values_list("key", "labels")
    return [Choice(key, words(labels, language)) for key, labels in kinds]


def country_choices() -> Sequence[Choice]:
    return countries()


def language_choices() -> Sequence[Choice]:
    """The languages that documents and mails can be made in, each in its own name."""
    return [Choice(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


def scheme_choices() -> Sequence[Choice]:
    return [Choice(scheme.key, gettext(scheme.label)) for scheme in SCHEMES.values()]


def account_choices() -> Sequence[Choice]:
    return [Choice(scheme.key, gettext(scheme.label)) for scheme in ACCOUNTS.values()]


def address_roles() -> Sequence[Choice]:
    return ROLES
