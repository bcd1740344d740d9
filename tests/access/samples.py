"""A record for every argument of every address, so that a new page is swept the day it appears.

All records are Ada's, in her company. An address whose argument has no sample fails the sweep and is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.urls import URLPattern, URLResolver, get_resolver

from hetong.accounts.models import CustomField, Delegation, DutyWaiver, Grant, Role
from hetong.accounts.services import make_token, set_series, share_records
from hetong.accounts.services.holds import place_hold
from hetong.accounts.testing import make_fields
from hetong.approvals.testing import task_of
from hetong.billing import services as billing
from hetong.billing.testing import dues_of, make_active
from hetong.config.policy import url_names
from hetong.contracts.models import Contract
from hetong.contracts.services import add_members, add_projects, flag_contracts
from hetong.contracts.states import Stage
from hetong.contracts.testing import (
    make_contract,
    make_instalment,
    make_line,
    make_milestone,
    make_original,
    make_status,
    make_type,
    walk_to,
)
from hetong.discussions.models import Mention
from hetong.discussions.testing import say
from hetong.documents.models import DocumentKind
from hetong.documents.testing import make_document, make_upload
from hetong.exchange.models import Import
from hetong.files.services import store_bytes
from hetong.jobs.models import Outbox, State
from hetong.jobs.services import start_job
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.notifications.models import ChatPost, Notice, PushDevice
from hetong.notifications.services import MailOrder, RoomWish, add_room, send_mails
from hetong.notifications.services.rooms import send_test_post
from hetong.parties.models import PartyId, PartyKind, PartyTerms
from hetong.parties.services import add_numbers
from hetong.parties.testing import make_address, make_bank, make_contact, make_party
from hetong.reference.models import CalendarDay, TaxRate
from hetong.signing.models import Envelope
from hetong.todos.services import make_feed
from hetong.todos.testing import make_task
from hetong.ui.models import SavedView

NOWHERE = uuid4()


def patterns(found: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL pattern with its full name."""
    for one in get_resolver().url_patterns if found is None else found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        else:
            yield prefix + (one.name or ""), one


@dataclass
class MoneySamples:
    """A due, an invoice and a reported payment of a contract of Ada's in force."""

    by_argument: dict[str, object]
    by_name: dict[str, dict[str, object]]


def money_samples(cast: Any) -> MoneySamples:
    """Make them, and say which address of billing takes which."""
    contract = make_active(cast.ada, "50", "50", title="Meters that run", signed_on=clock.today().isoformat())
    first, due = dues_of(contract)
    [invoice] = billing.issue_invoices(cast.fia, [billing.InvoiceOrder([billing.DueShare(first.pk, 1000)])])
    given = billing.PaymentReport("in", 500, "SEK", clock.today(), contract=contract.pk)
    [payment] = billing.report_payments(cast.ada, [given])
    series = set_series(cast.fia, cast.north.pk, "invoice", 2099, prefix="")
    names = [name.partition(":")[2] for name in url_names() if name.startswith("billing:")]
    of = {"due": due.pk, "invoice": invoice.pk, "payment": payment.pk}
    by_name: dict[str, dict[str, object]] = {
        f"billing:{name}": {"id": of[name.partition("_")[0]]} for name in names if name.partition("_")[0] in of
    }
    by_name |= {
        "billing_settings:type_edit": {"id": invoice.bill_type_id}, "billing_settings:series_remove": {"id": series.pk},
        "billing_settings:series_edit": {"company_id": cast.north.pk, "kind": "invoice", "year": 2099},
    }  # fmt: skip
    return MoneySamples({"due_id": due.pk, "invoice_id": invoice.pk, "payment_id": payment.pk}, by_name)


@dataclass
class ProcessSamples:
    """A task of a round and an envelope on contracts of Ada's, and which address takes which."""

    by_argument: dict[str, object]
    by_name: dict[str, dict[str, object]]


def process_samples(cast: Any) -> ProcessSamples:
    """One contract of Ada's that waits for its approver, another that is out for signing."""
    asked = walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL, make_contract(cast.ada, title="Meters asked about"))
    out = walk_to(cast.ada, cast.ben, Stage.SIGNING, make_contract(cast.ada, title="Meters out for a signature"))
    task, envelope = task_of(asked.pk), Envelope.objects.get(subject=out.pk)
    paper = {"section": "contracts", "id": out.pk}
    return ProcessSamples(
        {"approval_id": task.pk, "envelope_id": envelope.pk, "code": "milestones"},
        {f"approvals:{act}": {"id": task.pk} for act in ("card", "approve", "reject")}
        | {"approvals:panel": paper}
        | {f"signing:{act}": {**paper, "envelope_id": envelope.pk} for act in ("panel", "complete", "side")},
    )


def talk_samples(cast: Any, contract: Any) -> tuple[dict[str, object], dict[str, dict[str, object]]]:
    """A comment with a file in which somebody is asked, a task on the same record, and which address takes what."""
    comment = say(
        cast.ada, "contracts.contract", contract.pk, "@Lin, is the price right?", files=(make_upload("Sketch"),)
    )
    task = make_task(cast.ada, "Send the drawing", on=("contracts.contract", contract.pk))
    paper = {"section": "contracts", "id": contract.pk}
    by_name: dict[str, dict[str, object]] = {
        **{f"discussions:{name}": paper for name in ("panel", "add", "people", "invite")},
        **{f"discussions:{name}": {"id": comment.pk} for name in ("place", "edit", "edits", "withdraw")},
        **{f"discussions:{name}": {"id": comment.thread_id} for name in ("resolve", "reopen")},
        "discussions:file": {"id": comment.pk, "file_id": comment.files.get().pk},
        "discussions:asked": {"id": Mention.objects.get(comment=comment).pk},
        **{f"todos:{name}": {"id": task.pk} for name in ("card", "edit", "tick", "untick", "pass", "snooze", "wake")},
        "todos:panel": paper,
    }
    return {"comment_id": comment.pk, "thread_id": comment.thread_id, "todo_id": task.pk}, by_name


class Samples:
    """Arguments by address: first by its full name, then by its name space, then by the argument alone."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast
        self.party = make_party(cast.ada, name="Nordic Acme AB")
        self.contract = make_contract(cast.ada, title="Flow measuring systems", counterparty=self.party.pk)
        self.fields = self._added_fields()
        flag_contracts(cast.ada, [self.contract.pk], {"reason": "Late delivery"})
        self.document = make_document(cast.ada, "contracts.contract", self.contract.pk)
        self.details = self._details_of_party()
        self.money, self.processes = money_samples(cast), process_samples(cast)
        self.talk, self.talk_names = talk_samples(cast, self.contract)
        self.notice = self._notice()
        self.by_name = self._by_name()
        self.by_space = self._by_space()
        self.by_argument: dict[str, object] = self._own() | self._settings() | self._work() | self.money.by_argument
        self.by_argument |= self.processes.by_argument | self.talk
        assert PartyId.objects.exists()

    def _added_fields(self) -> dict[str, CustomField]:
        """A field of every kind that the house added to contracts and to parties, open to Ada as any other; those of contracts."""
        for noun in ("parties.party", "contracts.contract"):
            if not CustomField.objects.filter(noun=noun).exists():
                make_fields(self.cast.admin, noun, rules={})
        return {one.kind: one for one in CustomField.objects.filter(noun="contracts.contract")}

    def _notice(self) -> Notice:
        """What Ada was told of her contract."""
        noun, id = "contracts.contract", self.contract.pk
        return Notice.objects.create(
            user=self.cast.users["ada"], kind="activated", why="owner", noun=noun, subject=id, page_noun=noun, page=id,
            path=f"/contracts/{id}/", once="sample", created_at=clock.now(),
        )  # fmt: skip

    def _outside(self) -> dict[str, dict[str, object]]:
        """A device of Ada's, and a chat room of her company in which a message failed."""
        wish = RoomWish(
            "Deals", "slack", self.cast.north.pk, address="https://hooks.slack.com/services/x", kinds=("activated",)
        )
        room = add_room(self.cast.admin, wish)
        post = send_test_post(self.cast.admin, room.pk)
        ChatPost.objects.filter(pk=post.pk).update(state="failed", title="Flow metering", lines=["HT-1"])
        device = PushDevice.objects.create(
            user=self.cast.users["ada"], digest="sample", endpoint="", host="push.example.com", p256dh="", auth="",
            created_at=clock.now(),
        )  # fmt: skip
        return {
            **{f"notifications:room{act}": {"id": room.pk} for act in ("", "_test", "_switch")},
            "notifications:post_retry": {"id": post.pk}, "notifications:device_remove": {"id": device.pk},
        }  # fmt: skip

    def _details_of_party(self) -> dict[str, UUID]:
        ada, party = self.cast.ada, self.party
        return {
            "contact": make_contact(ada, party).pk,
            "number": add_numbers(ada, [{"party": str(party.pk), "scheme": "duns", "value": "150483782"}])[0].pk,
            "address": make_address(ada, party).pk,
            "bank": make_bank(self.cast.fia, party).pk,
            "terms": PartyTerms.objects.get(party=party, company=self.cast.north).pk,
        }

    def _by_name(self) -> dict[str, dict[str, object]]:
        """Arguments that only one address takes so."""
        kind, status = make_type(), make_status(Stage.DRAFT, "On hold")
        papers = {"section": "contracts", "id": self.contract.pk}
        return {
            **{f"parties:{what}_edit": {"detail_id": id} for what, id in self.details.items()},
            **{f"documents:{name}": papers for name in ("panel", "add")},
            **{f"contract_settings:type_{act}": {"id": kind.pk} for act in ("edit", "act")},
            **{f"contract_settings:status_{act}": {"id": status.pk} for act in ("edit", "act")},
            **{f"openid_connect_{step}": {"provider_id": "none"} for step in ("login", "callback")},
            **self.money.by_name,
            **self.processes.by_name,
            **self.talk_names,
            "accounts:access": papers,
            "notifications:reminders": papers,
            **{f"notifications:{act}": {"id": self.notice.pk} for act in ("notice", "unread", "mute", "pass_on")},
            **self._outside(),
            "notifications:rule": {"key": "contracts.notice_by"},
            **{
                f"notifications:{act}": {"key": "contracts.review", "id": self.contract.pk}
                for act in ("pause", "resume")
            },
            **{
                name: {"kind": "parties.contact", "id": self.details["contact"]}
                for name in ("person", "person_file", "person_paper", "person_erase")
            },
            **{
                f"api:personal_data{act}": {"kind": "parties.contact", "person_id": self.details["contact"]}
                for act in ("", "_erase")
            },
            "accounts:rule": {"subject": "contracts.line", "field": "unit_price"},
            "exchange:import_template": {"kind": "parties"},
            "documents:kind_edit": {"kind_id": DocumentKind.objects.values_list("pk", flat=True)[0]},
        }

    def _by_space(self) -> dict[str, dict[str, object]]:
        """Arguments that mean another record in each name space."""
        project = add_projects(self.cast.ada, [{"number": "P-1", "name": "Harbour"}])[0]
        self.project = project
        return {
            "contracts": {"id": self.contract.pk}, "projects": {"id": project.pk}, "party_contracts": {"id": self.party.pk},
            "documents": {"id": self.document.pk, "which": "1"},
            "ui": {"key": "contracts.contract", "id": self.contract.pk, "name": "title"}, "audit": {"id": self.contract.pk},
            "exchange": {"id": self.contract.pk}, "contract_money": {"id": self.contract.pk}, "party_money": {"id": self.party.pk},
        }  # fmt: skip

    def _own(self) -> dict[str, object]:
        """Ada's records, and what hangs on them."""
        cast, contract = self.cast, self.contract
        member = add_members(cast.ada, [contract.pk], {"user": str(cast.users["max"].pk), "role": "delivery"})[0]
        return {
            "section": "contracts", "contract_id": contract.pk, "line_id": make_line(cast.ada, contract).pk, "member_id": member.pk,
            "stage_id": make_instalment(cast.ada, contract, title="First share").pk,
            "instalment_id": make_instalment(cast.ada, contract, title="Second share").pk,
            "milestone_id": make_milestone(cast.ada, contract).pk, "original_id": make_original(cast.ada, contract).pk,
            "party_id": self.party.pk, "project_id": self.project.pk, "document_id": self.document.pk,
            "contact_id": self.details["contact"], "subject_id": contract.pk,
            "role_id": Role.objects.get(key="legal").pk, "role_act": "retire",
            "version_no": 1, "version": 1, "user": "x", "key": "y", "which": "1", "act": "pin", "number": 1,
        }  # fmt: skip

    def _settings(self) -> dict[str, object]:
        """What administrators keep."""
        cast = self.cast
        tax = TaxRate.objects.first() or TaxRate.objects.create(
            country="SE", code="S", labels={"en": "Standard"}, percent=250_000, valid_from=clock.today(), category="S"
        )
        day = CalendarDay.objects.create(country="SE", day=clock.today(), name="Founders’ day")
        return {
            "company_id": cast.north.pk, "team_id": cast.sales.pk, "user_id": cast.users["ada"].pk,
            "grant_id": Grant.objects.filter(user=cast.users["ada"]).values_list("pk", flat=True)[0],
            "token_id": make_token(cast.ada, cast.users["ada"], label="One")[0].pk,
            "kind_id": PartyKind.objects.values_list("pk", flat=True)[0], "tax_id": tax.pk, "day_id": day.pk,
            "field_id": self.fields["text"].pk, "field_act": "retire",
            "bank_id": cast.north.banks.create(label="Giro of the north", account="1234").pk, **own_samples(cast),
        }  # fmt: skip

    def _work(self) -> dict[str, object]:
        """Background work of Ada, a consequence that failed on her contract, a view of hers and its calendar."""
        job = start_job(self.cast.ada, "ui.export", "Export", {})
        stuck = Outbox.objects.create(
            event=uuid4(), code="test.happened", actor={}, rows=[], listener="x", subject=f"contracts.contract:{self.contract.pk}",
            state=State.ATTENTION, next_at=clock.now(), created_at=clock.now(),
        )  # fmt: skip
        view = SavedView.objects.create(
            noun="contracts.contract", path="/contracts/", owner=self.cast.ada.id, name="Mine", created_at=clock.now()
        )
        blob = store_bytes(b"name\nAcme\n", "text/plain")
        own = Import.objects.create(
            kind="parties",
            company=self.cast.north,
            owner=self.cast.users["ada"],
            name="a.csv",
            blob=blob,
            created_at=clock.now(),
        )
        feed, secret = make_feed(self.cast.ada, view=view.pk)
        return {
            "job_id": job.pk, "outbox_id": stuck.pk, "view_id": view.pk, "import_id": own.pk, "job": "audit.seal",
            "feed_id": feed.pk, "secret": secret, "notice_id": self.notice.pk,
        }  # fmt: skip

    def arguments(self, name: str, pattern: URLPattern) -> dict[str, object]:
        """A value for each argument; raises `LookupError` naming one without a sample."""
        known = self.by_argument | self.by_space.get(name.partition(":")[0], {}) | self.by_name.get(name, {})
        wanted = pattern.pattern.converters
        missing = [argument for argument in wanted if argument not in known]
        if missing:
            raise LookupError(f"tests/access/samples.py has no sample for {', '.join(missing)} of {name}")
        return {argument: known[argument] for argument in wanted}


def own_samples(cast: Any) -> dict[str, object]:
    """What belongs to Ada's own account: a second step, a session, a standing in, a mail."""
    ada, today = cast.users["ada"], clock.today()
    delegation = Delegation.objects.create(user=ada, to=cast.users["olle"], starts_on=today, ends_on=today)
    session = UserSession.objects.create(user=ada, ip="127.0.0.1", session_key="elsewhere", user_agent="")
    factor = TOTP.activate(ada, generate_totp_secret()).instance
    [mail] = send_mails(Actor.system(), [MailOrder("password_changed", ada, "sample")])
    return trust_samples(cast) | {
        "delegation_id": delegation.pk,
        "session_id": session.pk,
        "factor_id": factor.pk,
        "mail_id": mail.pk,
    }


def trust_samples(cast: Any) -> dict[str, object]:
    """An exception from duties kept apart, and a share of a record of Ada's with somebody who sees it anyhow."""
    waiver = DutyWaiver.objects.create(
        pair="billing.account_pay",
        company=cast.north,
        reason="Small",
        by_label="Admin",
        at=clock.now(),
        ends_on=clock.today(),
    )
    contract = Contract.objects.filter(owner=cast.users["ada"]).order_by("pk")[0]
    [share] = share_records(cast.ada, "contracts.contract", [contract.pk], user=cast.users["ben"])
    hold = place_hold(cast.admin, "contracts.contract", contract.pk, reason="A dispute")
    return {"pair": "billing.account_pay", "waiver_id": waiver.pk, "share_id": share.pk, "hold_id": hold.pk}


def elsewhere(found: dict[str, object]) -> dict[str, object]:
    """The same arguments with every id replaced by one that does not exist."""
    return {name: NOWHERE if isinstance(value, UUID) else value for name, value in found.items()}
