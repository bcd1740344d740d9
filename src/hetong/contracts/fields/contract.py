from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hetong.accounts.models import User
from hetong.approvals.policy import Can as Approvals
from hetong.approvals.queries import my_open_tasks
from hetong.contracts.fields import words
from hetong.contracts.fields.waiting import waiting_on
from hetong.contracts.models import Contract, Member, Status
from hetong.contracts.models.contract import NOUN
from hetong.contracts.policy import NEEDS, Can, can_edit, is_in_reach, verbs_now
from hetong.contracts.states import ASK, Signature, Stage
from hetong.kernel import clock, numerals
from hetong.kernel.actors import Actor, Level, Reach
from hetong.kernel.dates import Span, Unit
from hetong.kernel.fields import TOGETHER, Choice, Field, Kind, Raw, Register, Together, Verb, Waiting
from hetong.kernel.fields import words as in_language
from hetong.kernel.labels import Labels
from hetong.kernel.paging import Lead, first_names
from hetong.kernel.scaled import PERCENT, Scaled
from hetong.ui.values import day_words

DATES: Any = _("Dates")
MONEY: Any = _("Money")
TERMS: Any = _("Terms")
PEOPLE: Any = _("People")
ORIGIN: Any = _("Where it belongs")
ARCHIVE: Any = _("Paper and archive")


def status_choices() -> list[Choice]:
    """Every status in its order, retired ones included: contracts still carry them."""
    return [
        Choice(str(pk), str(Labels(labels)), stage, color)
        for pk, labels, stage, color in Status.objects.values_list("pk", "labels", "stage", "color")
    ]


def _status(raw: Raw, actor: Actor) -> Choice:
    label = in_language(raw["status__labels"], actor.language)
    is_told = raw["is_abnormal"] and CONTRACT.level(actor, "is_abnormal", raw["company_id"]) > Level.HIDDEN
    return Choice(str(raw["status_id"]), label, raw["stage"], raw["status__color"], _("Abnormal") if is_told else "")


def _share_of_value(of: str) -> Any:
    """The field's amount as a percentage of the contract's value; none where there is no value."""

    def compute(raw: Raw, actor: Actor) -> Scaled | None:
        gross = raw["gross_minor"]
        return Scaled(int(raw[of]) * 10**6 // int(gross), PERCENT.exponent) if gross else None

    return compute


def _overdue_days(raw: Raw, actor: Actor) -> int | None:
    """Days since the oldest open amount should have been paid; none where nothing is late."""
    due_on = raw["oldest_open_due_on"]
    days = (clock.today(actor.zone) - due_on).days if due_on else 0
    return days if days > 0 else None


def _notice(raw: Raw, actor: Actor) -> str | None:
    count = raw["notice_count"]
    return None if count is None else numerals.format_span(Span(count, Unit(raw["notice_unit"])), actor.language)


def _period(raw: Raw, actor: Actor) -> str | None:
    starts, ends = (raw[name].strftime("%Y-%m") if raw[name] else "" for name in ("starts_on", "ends_on"))
    if starts and ends:
        return f"{starts} – {ends}"
    if starts:
        return gettext("from %(month)s") % {"month": starts}
    return gettext("until %(month)s") % {"month": ends} if ends else None


def _next_event(raw: Raw, actor: Actor) -> Choice | None:
    day = raw["next_on"]
    if day is None:
        return None
    return Choice(day.isoformat(), f"{day_words(day)} {words.EVENTS.get(raw['next_what'], '')}".strip())


PRIMARY = frozenset({"submit", "send_to_sign", "activate", "resume", "close", "archive"})
"""The verbs whose button stands for itself where they are possible; the others are in the menu."""
NEXT_IN = {"begin_closing": (Stage.TERMINATED, Stage.EXPIRED), "revise": (Stage.REJECTED,)}
"""Verbs whose button stands for itself in these stages only."""


def _verbs(actor: Actor, raw: Raw) -> list[Verb]:
    """What this actor may do now: machine, offer, permission, stage and reach together."""
    found = _decisions(actor, raw)
    if not _is_open(actor, raw):
        return found  # open for reading, or for the decision alone
    base, company, stage = f"/contracts/{raw['pk']}/", raw["company_id"], raw["stage"]
    found += [Verb("edit", _("Edit"), f"{base}edit/", "pencil", asks="edit")] if can_edit(actor, raw) else []
    if stage == Stage.SIGNING and raw["signature"] != Signature.BOTH and actor.may(NEEDS["mark_signed"], company):
        found.append(Verb("sign", _("Record signed copy"), f"{base}signing/", "signature", binding=True, asks="sign"))
    found += [_step(raw, name) for name in verbs_now(actor, raw)]
    if stage != Stage.ARCHIVED:
        found += _flagging(actor, raw)
        if actor.may(Can.MOVE, company):
            found.append(Verb("status", _("Change status"), f"{base}status/", "adjustments", asks="status"))
    return found


def _may_edit(actor: Actor, raw: Raw) -> bool:
    return can_edit(actor, raw) and _is_open(actor, raw)


def _is_open(actor: Actor, raw: Raw) -> bool:
    """Whether the contract is open for more than reading."""
    return is_in_reach(actor, raw) or raw["pk"] in _opened_otherwise(actor)


def _opened_otherwise(actor: Actor) -> frozenset[UUID]:
    """The contracts open for more than reading by a share or by taking part, asked once for all rows of a page."""
    key = ("contracts.opened_otherwise", None, "")
    held: frozenset[UUID] | None = actor.known.get(key)
    if held is None:
        opened = Contract.objects.opened_otherwise(actor).values_list("pk", flat=True)
        held = actor.known[key] = frozenset(opened)
    return held


def _step(raw: Raw, name: str) -> Verb:
    """The button of one verb of the lifecycle."""
    label, icon = words.VERBS[name]
    is_primary = name in PRIMARY or raw["stage"] in NEXT_IN.get(name, ())
    return Verb(
        name, label, f"/contracts/{raw['pk']}/{name}/", icon, is_primary, danger=name in ("void", "terminate"),
        asks=name if name in ASK else "",
    )  # fmt: skip


def _decisions(actor: Actor, raw: Raw) -> list[Verb]:
    """Approve and reject, for the one who was asked."""
    if raw["stage"] != Stage.IN_APPROVAL:
        return []
    together: Together = raw[TOGETHER]
    task = together.once("tasks", lambda: my_open_tasks(actor, NOUN, together.ids)).get(raw["pk"])
    if task is None or task.round.opened_by == actor.id or not actor.may(Approvals.DECIDE, raw["company_id"]):
        return []
    base = f"/approvals/{task.pk}/"
    return [
        Verb("approve", _("Approve"), f"{base}approve/", "check", binding=True),
        Verb("reject", _("Reject"), f"{base}reject/", "x", primary=True, danger=True, asks="reject"),
    ]


def _flagging(actor: Actor, raw: Raw) -> list[Verb]:
    base = f"/contracts/{raw['pk']}/"
    if not actor.may(Can.FLAG, raw["company_id"]) or raw["stage"] == Stage.DISCARDED:
        return []
    if raw["is_abnormal"]:
        return [Verb("unflag", _("Resolve abnormal flag"), f"{base}unflag/", "circle-check", asks="unflag")]
    return [Verb("flag", _("Mark abnormal"), f"{base}flag/", "alert-triangle", asks="flag")]


def _waiting(actor: Actor, raw: Raw) -> Waiting | None:
    """Who can press the next button, and what happens then."""
    return waiting_on(actor, raw, is_told=CONTRACT.level(actor, "owner", raw["company_id"]) > Level.HIDDEN)


REVIEWER = Subquery(
    Member.objects.filter(contract=OuterRef("pk"), role="legal").order_by("pk").values("user__name")[:1]
)


def _amount(name: str, label: Any, **more: Any) -> Field:
    column = f"{name}_minor"
    return Field(name, label, Kind.MONEY, column, currency="currency", group=MONEY, aggregate=Sum, column=True, **more)


def _day(name: str, label: Any, **more: Any) -> Field:
    more = {"write": True, "material": True, "column": True, "group": DATES, **more}
    return Field(name, label, Kind.DATE, name, **more)


def _link(name: str, label: Any, to: str, title: str = "name", **more: Any) -> Field:
    more = {"write": True, "column": True, "key": f"{name}__{title}_key", **more}
    return Field(name, label, Kind.REFERENCE, f"{name}_id", to=to, title=f"{name}__{title}", **more)


def _led_by_owner(actor: Actor, alone: bool) -> Lead | None:
    """The first stretch of that order: the contracts of the first names, few names for many contracts.

    That is for who sees companies as a whole; others look through what they see as fast.
    """
    if any(g.role.reach_of(NOUN) not in (Reach.NONE, Reach.COMPANY, Reach.ALL) for g in actor.grants):
        return None

    def near(alias: str, since: Any, down: bool) -> Q | None:
        held = Exists(Contract.objects.filter(owner=OuterRef("pk")))
        first = first_names(User.objects.all(), "name_key", held, alias=alias, since=since, down=down)
        return None if first is None else first.until & Q(owner__in=first.named.values("pk"))

    return near


DRAFTING = (Stage.IN_REVIEW, Stage.IN_APPROVAL)
"""The stages from which on what is agreed can be required: until then it can be filled in."""
CONTRACT = Register(
    "contracts.contract",
    Contract,
    [
        Field("number", _("No."), path="number", key="number_key", column=True, searchable=True, max_length=40),
        Field(
            "title", _("Title"), path="title", key="title_key", write=True, required=True, material=True, searchable=True,
            column=True, max_length=200,
        ),
        _link("type", _("Type"), "contracts.type", "labels", required=True, material=True, key="type__position"),
        _link("counterparty", _("Counterparty"), "parties.party", required=True, material=True, searchable=True),
        Field(
            "status", _("Status"), Kind.CHOICE, "status_id", key="status__position", choices=status_choices,
            needs=("status__labels", "status__color", "stage", "is_abnormal", "company_id"), compute=_status, column=True,
        ),
        Field("stage", _("Stage"), Kind.CHOICE, "stage", choices=lambda: words.offered(words.STAGES, glyphs=True)),
        Field("class", _("Class"), Kind.CHOICE, "class_of", choices=lambda: words.offered(words.CLASSES), material=True, column=True),
        _amount("gross", _("Value"), material=True),
        _amount("net", _("Value without tax"), material=True),
        _amount("tax", _("Tax"), material=True),
        Field("period", _("Period"), needs=("starts_on", "ends_on"), compute=_period, column=True, derived_from=("starts_on", "ends_on")),
        Field(
            "next_event", _("Next event"), Kind.DATE, "next_on", needs=("next_what",), compute=_next_event, column=True,
            derived_from=("starts_on", "ends_on", "notice_by", "act_by", "committed_until"),
        ),
        _link("owner", _("Owner"), "accounts.user", group=PEOPLE, lead=_led_by_owner),
        _link("team", _("Team"), "accounts.team", group=PEOPLE),
        _link("company", _("Our company"), "accounts.company", group=PEOPLE, material=True),
        _link("parent", _("Part of"), "contracts.contract", "title", group=ORIGIN, material=True),
        _link("project", _("Project"), "contracts.project", group=ORIGIN),
        Field(
            "members", _("Team members"), Kind.LIST, "members__user_id", key="members__user__name_key", to="accounts.user",
            title="members__user__name", group=PEOPLE,
        ),
        _day("starts_on", _("Starts")),
        _day("ends_on", _("Ends")),
        _day("signed_on", _("Signed"), material=False),
        _day("effective_on", _("In force from")),
        _day("terminated_on", _("Terminated on"), write=False, material=False),
        Field(
            "term", _("Term"), Kind.CHOICE, "term", choices=lambda: words.offered(words.TERMS), write=True, material=True,
            group=TERMS, column=True,
        ),
        _day("committed_until", _("Committed until"), group=TERMS, help=_("The earliest day on which it may end.")),
        Field("notice_count", _("Notice period"), Kind.NUMBER, "notice_count", write=True, material=True, group=TERMS),
        Field(
            "notice_unit", _("Notice counted in"), Kind.CHOICE, "notice_unit", choices=lambda: words.offered(words.UNITS),
            write=True, material=True, group=TERMS, initial="month",
        ),
        Field(
            "notice", _("Notice period"), needs=("notice_count", "notice_unit"), compute=_notice, column=True,
            derived_from=("notice_count",), group=TERMS,
        ),
        _day("notice_by", _("Notice by"), write=False, material=False, group=TERMS, derived_from=("ends_on", "notice_count")),
        _day("act_by", _("Decide by"), write=False, material=False, group=TERMS, derived_from=("ends_on", "notice_count")),
        Field("payment_days", _("Days to pay"), Kind.NUMBER, "payment_days", write=True, material=True, group=MONEY),
        Field("currency", _("Currency"), path="currency", write=True, material=True, group=MONEY, max_length=3, column=True),
        Field("prices_include_tax", _("Prices include tax"), Kind.FLAG, "prices_include_tax", write=True, material=True, group=MONEY),
        Field(
            "plan_basis", _("The plan states"), Kind.CHOICE, "plan_basis", choices=lambda: words.offered(words.BASES), write=True,
            material=True, group=MONEY, initial="net",
        ),
        Field(
            "has_invoice_plan", _("Invoices have a plan of their own"), Kind.FLAG, "has_invoice_plan", write=True, material=True,
            group=MONEY,
        ),
        _amount("invoiced", _("Invoiced"), derived_from=("gross",)),
        _amount("received", _("Received"), derived_from=("gross",)),
        _amount("open", _("Open"), derived_from=("gross",)),
        _day("oldest_open_due_on", _("Open since"), write=False, material=False, group=MONEY, derived_from=("open",)),
        Field(
            "overdue_days", _("Days overdue"), Kind.NUMBER, needs=("oldest_open_due_on",), compute=_overdue_days, column=True,
            derived_from=("oldest_open_due_on",), group=MONEY,
        ),
        Field(
            "invoiced_percent", _("Invoiced %"), Kind.PERCENT, needs=("invoiced_minor", "gross_minor"), column=True,
            compute=_share_of_value("invoiced_minor"), derived_from=("gross", "invoiced"), group=MONEY,
        ),
        Field(
            "received_percent", _("Collected %"), Kind.PERCENT, needs=("received_minor", "gross_minor"), column=True,
            compute=_share_of_value("received_minor"), derived_from=("gross", "received"), group=MONEY,
        ),
        Field("is_abnormal", _("Abnormal"), Kind.FLAG, "is_abnormal", column=True),
        Field("abnormal_reason", _("Why abnormal"), path="abnormal_reason", sortable=False),
        Field("stops_invoicing", _("Stops invoicing"), Kind.FLAG, "stops_invoicing"),
        Field("stops_signing", _("Stops signing"), Kind.FLAG, "stops_signing"),
        Field("signature", _("Signature"), Kind.CHOICE, "signature", choices=lambda: words.offered(words.SIGNATURES), column=True),
        Field(
            "performance", _("Performance"), Kind.CHOICE, "performance", choices=lambda: words.offered(words.PERFORMANCES),
            column=True,
        ),
        Field("reviewer", _("Reviewer"), path=REVIEWER, sortable=False, derived_from=("members",)),
        Field(
            "reference", _("Their reference"), path="reference", key="reference_key", write=True, searchable=True,
            group=ORIGIN, column=True, max_length=80,
        ),
        Field("source", _("Source"), path="source", write=True, group=ORIGIN, max_length=200, sortable=False),
        Field("summary", _("What it is about"), Kind.LONG_TEXT, "summary", write=True, material=True, sortable=False, group=TERMS,
              indexed=True),
        Field("archive_no", _("Archive no."), path="archive_no", write=True, group=ARCHIVE, max_length=60, indexed=True),
        Field("archive_place", _("Kept at"), path="archive_place", write=True, group=ARCHIVE, max_length=200, sortable=False),
        _day("keep_until", _("Keep until"), material=False, group=ARCHIVE),
        Field("created_at", _("Created"), Kind.INSTANT, "created_at", column=True),
    ],
    heading="title",
    stage="stage",
    facts=("owner_id", "owner__name", "team_id", "signature", "is_abnormal", "stage_since"),
    verbs=_verbs,
    may_edit=_may_edit,
    waiting=_waiting,
    edit=Can.EDIT,
    checked_at=(*DRAFTING, Stage.SIGNING, Stage.CLOSED, Stage.ARCHIVED),
)  # fmt: skip

ALWAYS_EDITABLE = frozenset(
    {"owner", "team", "project", "archive_no", "archive_place", "keep_until", "source", "reference"}
)
"""What may be changed after the drafting table: it is about the record, not about what was agreed."""


def always_editable() -> frozenset[str]:
    """The same with the added fields that are not part of what is agreed."""
    return ALWAYS_EDITABLE | {one.name for one in CONTRACT if one.kept and not one.material}
