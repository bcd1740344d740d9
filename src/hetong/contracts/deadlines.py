"""What contracts need by a day: a decision before notice, an end that is prepared, milestones, papers that come back."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hetong.accounts.people import leads_of_teams
from hetong.contracts.models import AbnormalFlag, Contract, Loan, Member, Milestone, Project, RenewalDecision
from hetong.contracts.states import FlagState, Stage, Term
from hetong.kernel.deadlines import USUAL, Deadline, People

CONTRACT = "contracts.contract"
RUNNING = Q(stage__in=[Stage.ACTIVE, Stage.SUSPENDED], terminated_on=None)


def undecided(day: str) -> Q:
    """That nobody has decided what comes after that day."""
    return ~Q(Exists(RenewalDecision.objects.filter(contract=OuterRef("pk"), day=OuterRef(day))))


OF_RUNNING = Q(contract__stage__in=[Stage.ACTIVE, Stage.SUSPENDED, Stage.CLOSING])
OF_CONTRACT = (CONTRACT, "contract_id")
ABOUT = ("number", "counterparty", "gross")


def owners(ids: Collection[UUID]) -> People:
    """The owner of each contract."""
    # allow: visibility — whom to ask, not what is read
    return {id: (owner,) for id, owner in Contract.objects.filter(pk__in=ids).values_list("pk", "owner")}


def _of_contract(model: type[Model], path: str, ids: Collection[UUID]) -> People:
    rows = model._default_manager.filter(pk__in=ids)
    return {id: (owner,) for id, owner in rows.values_list("pk", f"{path}__owner")}


def owners_of_milestones(ids: Collection[UUID]) -> People:
    return _of_contract(Milestone, "contract", ids)


def owners_of_loans(ids: Collection[UUID]) -> People:
    return _of_contract(Loan, "original__contract", ids)


def followers_of_flags(ids: Collection[UUID]) -> People:
    """Who follows a flag up, then the owner of the contract."""
    rows = AbnormalFlag.objects.filter(pk__in=ids).values_list(
        "pk", "owner", "contract__owner"
    )  # allow: visibility — whom to ask
    return {id: tuple(dict.fromkeys(filter(None, people))) for id, *people in rows}


def leaders_of_projects(ids: Collection[UUID]) -> People:
    """The manager of a project, else its owner."""
    rows = Project.objects.filter(pk__in=ids).values_list("pk", "manager", "owner")  # allow: visibility — whom to ask
    return {id: tuple(filter(None, people))[:1] for id, *people in rows}


def reviewers(ids: Collection[UUID]) -> People:
    """The team's legal members, else the owner: whom the contract's page says it waits for."""
    found: dict[UUID, tuple[UUID, ...]] = {}
    rows = Member.objects.filter(contract__in=ids, role="legal").order_by("pk")  # allow: visibility — whom to ask
    for contract, user in rows.values_list("contract", "user"):
        found[contract] = (*found.get(contract, ()), user)
    return dict(owners(ids)) | found


def leads(ids: Collection[UUID]) -> People:
    """Who leads the team of each contract, other than its owner."""
    # allow: visibility — whom to ask
    rows = list(Contract.objects.filter(pk__in=ids, team__isnull=False).values_list("pk", "team", "owner"))
    of = {owner: leads_of_teams({t for _id, t, o in rows if o == owner}, owner) for owner in {o for *_rest, o in rows}}
    return {id: (of[owner][team],) for id, team, owner in rows if team in of[owner]}


DEADLINES: tuple[Deadline, ...] = (
    Deadline(
        "contracts.notice_by", CONTRACT, _("Notice by"), _("Decide: renew, renegotiate or let lapse"), "notice_by",
        RUNNING & undecided("notice_by"), owners, anchor="renewal/", offsets=(*USUAL, 0),
        settled_by=_("a decision, a notice given, or a new end"), fields=ABOUT, kind="type_id", escalates=7, icon="bell",
    ),
    Deadline(
        "contracts.act_by", CONTRACT, _("Act by"), _("Decide in time: our own day before the notice"), "act_by",
        RUNNING & undecided("notice_by"), owners, anchor="renewal/", offsets=(0,), settled_by=_("a decision, a notice given, or a new end"),
        fields=ABOUT, kind="type_id", has_todo=False, icon="clock",
    ),
    Deadline(
        "contracts.ends", CONTRACT, _("Ends"), _("Decide: renew, renegotiate or let lapse"), "ends_on",
        RUNNING & Q(notice_by=None) & undecided("ends_on"), owners, anchor="renewal/", offsets=(*USUAL, 0),
        settled_by=_("a decision, or a new end"), fields=ABOUT, kind="type_id", escalates=7, icon="calendar",
    ),
    Deadline(
        "contracts.last_day", CONTRACT, _("Last day"), _("Prepare the end of the contract"), "ends_on",
        RUNNING & Q(term=Term.FIXED, notice_by__isnull=False), owners, offsets=(30, 7), settled_by=_("the end of the contract"),
        fields=ABOUT, kind="type_id", has_todo=False, icon="calendar",
    ),
    Deadline(
        "contracts.renews", CONTRACT, _("Renews"), _("See to the new term: it renews by itself"), "ends_on",
        RUNNING & Q(term=Term.AUTO_RENEW, notice_by__isnull=False), owners, offsets=(30, 7), settled_by=_("a new end"),
        fields=ABOUT, kind="type_id", has_todo=False, icon="refresh",
    ),
    Deadline(
        "contracts.milestone", "contracts.milestone", _("Milestone"), _("Reach the milestone"), "due_on",
        Q(reached_on=None) & OF_RUNNING, owners_of_milestones, anchor="plan/", offsets=(14, 3, 0, -7),
        settled_by=_("the milestone being reached"), page=OF_CONTRACT, named=("title",), escalates=-7, icon="flag",
    ),
    Deadline(
        "contracts.loan", "contracts.loan", _("Back by"), _("Get the original back"), "until",
        Q(returned_on=None), owners_of_loans, anchor="originals/", offsets=(3, 0, -7, -30), settled_by=_("the original coming back"),
        page=(CONTRACT, "original__contract_id"), escalates=-30, icon="copy",
    ),
    Deadline(
        "contracts.flag", "contracts.flag", _("Clear up by"), _("Clear up what is abnormal"), "due_on",
        Q(state=FlagState.OPEN), followers_of_flags, offsets=(3, 0, -7), settled_by=_("the flag being resolved"),
        page=OF_CONTRACT, escalates=0, icon="alert-triangle",
    ),
    Deadline(
        "contracts.project", "contracts.project", _("Ends"), _("Finish the project"), "ends_on",
        Q(is_active=True), leaders_of_projects, offsets=(30, 7, 0), settled_by=_("the project being closed"), icon="briefcase",
    ),
    Deadline(
        "contracts.review", CONTRACT, _("In review since"), _("Review the draft"), "stage_since__date",
        Q(stage=Stage.IN_REVIEW), reviewers, offsets=(-3, -7, -14), settled_by=_("the draft being submitted or returned"),
        fields=("number", "counterparty"), is_ask=True, icon="eye",
    ),
    Deadline(
        "contracts.send", CONTRACT, _("Approved since"), _("Send it to be signed"), "stage_since__date",
        Q(stage=Stage.APPROVED), owners, offsets=(-3, -7, -14), settled_by=_("the contract being sent to be signed"),
        fields=("number", "counterparty"), is_ask=True, icon="signature",
    ),
    Deadline(
        "contracts.sign", CONTRACT, _("Out for signing since"), _("Get it signed"), "stage_since__date",
        Q(stage=Stage.SIGNING), owners, anchor="signing/", offsets=(-7, -14, -30), settled_by=_("the signed copy"),
        fields=("number", "counterparty"), is_ask=True, icon="signature", escalates=-14,
    ),
    Deadline(
        "contracts.revise", CONTRACT, _("Rejected since"), _("Revise it or let it go"), "stage_since__date",
        Q(stage=Stage.REJECTED), owners, offsets=(-7, -30), settled_by=_("the contract being revised or archived"),
        fields=("number", "counterparty"), is_ask=True, icon="pencil",
    ),
    Deadline(
        "contracts.close", CONTRACT, _("Over since"), _("Settle what is open and close it"), "stage_since__date",
        Q(stage__in=[Stage.EXPIRED, Stage.TERMINATED, Stage.CLOSING]), owners, offsets=(-7, -30),
        settled_by=_("the contract being closed"), fields=("number", "counterparty"), is_ask=True, icon="archive",
    ),
)  # fmt: skip
"""A contract that was given notice has a last day (``terminated_on``) and asks for no decision any more."""
