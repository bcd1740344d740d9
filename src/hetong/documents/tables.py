from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.ui.lists import Shipped, Table

DOCUMENTS = Table(
    noun="documents.document",
    columns=("title", "kind", "state", "number", "file_name", "uploaded_by", "at"),
    views=(
        Shipped("waiting", _("Waiting for acceptance"), "state=proposed"),
        Shipped(
            "lapsing",
            _("Ending soon or lapsed"),
            "validity=soon&validity=lapsed&state=current&columns=title,kind,licence_number,validity,valid_until&sort=valid_until",
        ),
    ),
    sort="-created_at",
    phone=("title", "kind", "", "state", "", "at"),
    title=_("Documents"),
)

KINDS = Table(
    noun="documents.kind",
    columns=("labels", "is_contract_text", "states_value", "is_confidential", "is_active"),
    sort="position",
    new="documents:kind_add",
    new_label=_("Add kind of document"),
    phone=("labels",),
    title=_("Kinds of document"),
)
