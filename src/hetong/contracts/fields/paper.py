from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from hetong.contracts.models import Loan, Original
from hetong.contracts.policy import Can, can_keep_paper
from hetong.contracts.states import Stage
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind, Raw, Register, Verb

EVER_OUT = Loan.objects.filter(original=OuterRef("pk"))
OUT = Loan.objects.filter(original=OuterRef("pk"), returned_on=None).order_by("pk")


def _verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    if not can_keep_paper(actor, {"stage": raw["contract__stage"], "company_id": raw["company_id"]}):
        return
    base = f"/contracts/{raw['contract_id']}/originals/{raw['pk']}/"
    if raw["contract__stage"] != Stage.ARCHIVED:
        yield Verb("edit", _("Edit original"), base, "pencil", asks="edit")
        if not raw["stamped_on"]:
            yield Verb("stamp", _("Note the stamp"), f"{base}stamp/", "rubber-stamp", asks="stamp")
    if raw.get("x_lent_to") is None:
        yield Verb("lend", _("Lend out"), f"{base}lend/", "arrow-up-right", asks="lend")
    else:
        yield Verb("return", _("Returned"), f"{base}return/", "arrow-back-up", asks="return")
    if raw["contract__stage"] != Stage.ARCHIVED and raw.get("x_was_lent") is False:
        yield Verb("remove", _("Remove original"), f"{base}remove/", "trash", danger=True)


ORIGINAL = Register(
    "contracts.original",
    Original,
    [
        Field("copy_no", _("Copy no."), Kind.NUMBER, "copy_no", column=True),
        Field(
            "contract", _("Contract"), Kind.REFERENCE, "contract_id", to="contracts.contract", title="contract__title",
            key="contract__title_key", write=True, required=True,
        ),
        Field("stamped_on", _("Stamped"), Kind.DATE, "stamped_on", write=True, column=True),
        Field("stamped_by", _("Stamped by"), path="stamped_by", write=True, column=True, max_length=120),
        Field("place", _("Kept at"), path="place", write=True, column=True, max_length=200),
        Field("note", _("Note"), path="note", write=True, max_length=500, sortable=False),
        Field("lent_to", _("Lent to"), path=Subquery(OUT.values("borrower")[:1]), column=True, sortable=False),
        Field("lent_until", _("Back by"), Kind.DATE, Subquery(OUT.values("until")[:1]), column=True),
        Field("was_lent", _("Ever lent"), Kind.FLAG, Exists(EVER_OUT), sortable=False),
    ],
    heading="copy_no",
    facts=("contract_id", "contract__stage", "stamped_on"),
    verbs=_verbs,
    stage="contract__stage",
    parent=("contract_id", "contracts.contract"),
    edit=Can.PAPER,
)  # fmt: skip

LOAN = Register(
    "contracts.loan",
    Loan,
    [
        Field(
            "original", _("Original"), Kind.REFERENCE, "original_id", to="contracts.original", title="original__copy_no",
            key="original__copy_no",
        ),
        Field("borrower", _("Lent to"), path="borrower", write=True, required=True, column=True, max_length=120),
        Field("lent_on", _("Lent on"), Kind.DATE, "lent_on", write=True, column=True),
        Field("until", _("Back by"), Kind.DATE, "until", write=True, required=True, column=True),
        Field("returned_on", _("Returned on"), Kind.DATE, "returned_on", column=True),
        Field("purpose", _("What for"), path="purpose", write=True, column=True, max_length=200),
        Field("lent_by", _("Lent by"), path="lent_by_label", column=True),
    ],
    heading="borrower",
    company="original__company_id",
    parent=("original__contract_id", "contracts.contract"),
    edit=Can.PAPER,
    versioned=False,
)  # fmt: skip
