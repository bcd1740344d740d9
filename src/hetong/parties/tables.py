"""The lists of parties."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.ui.lists import Shipped, Table

PARTIES = Table(
    noun="parties.party",
    columns=("name", "kinds", "country", "city", "numbers", "owner", "payment_days", "primary_contact"),
    views=(
        Shipped("customers", _("Customers"), "kinds=customer&is_active=true"),
        Shipped("suppliers", _("Suppliers"), "kinds=supplier&is_active=true"),
        Shipped("partners", _("Partners"), "kinds=partner&kinds=distributor&is_active=true"),
        Shipped("mine", _("Mine"), "owner=me&is_active=true"),
        Shipped("retired", _("Retired"), "is_active=false"),
    ),
    sort="name",
    bulk=("owner", "team", "payment_days", "kinds", "language"),
    new="parties:add",
    new_label=_("New party"),
    phone=("name", "kinds", "country", "city"),
)

KINDS = Table(
    noun="parties.kind",
    columns=("labels", "key", "position", "is_active"),
    sort="position",
    new="parties:kind_add",
    new_label=_("Add kind"),
    phone=("labels", "key"),
)
