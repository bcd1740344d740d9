"""The shipped roles: what each may do and how far it sees. Administrators change them, or copies of them, in the settings."""

from __future__ import annotations

from collections.abc import Mapping

from hetong.accounts.policy import Can as Accounts
from hetong.approvals.policy import Can as Approvals
from hetong.audit.policy import Can as Audit
from hetong.billing.policy import Can as Billing
from hetong.contracts.policy import Can as Contracts
from hetong.discussions.policy import Can as Discussions
from hetong.documents.policy import Can as Documents
from hetong.exchange.policy import Can as Exchange
from hetong.kernel.actors import Level, Reach, RoleFacts
from hetong.parties.policy import Can as Parties
from hetong.signing.policy import Can as Signing
from hetong.todos.policy import Can as Todos
from hetong.ui.policy import Can as Ui

from .permissions import PERMISSIONS

EVERYTHING = frozenset(str(can) for can in PERMISSIONS)
READING = frozenset({
    Parties.VIEW, Contracts.VIEW, Documents.VIEW, Audit.VIEW_HISTORY, Accounts.USE_API, Billing.VIEW, Discussions.VIEW,
    Discussions.COMMENT, Todos.ASSIGN,
})  # fmt: skip
SELLING = READING | {
    Parties.ADD, Parties.EDIT, Contracts.ADD, Contracts.EDIT, Contracts.MOVE, Contracts.FLAG, Documents.ADD, Documents.ACCEPT,
    Accounts.SHARE, Contracts.PERFORM, Contracts.PAPER, Signing.SIGN, Billing.REPORT, Discussions.SHARE,
}  # fmt: skip
LEADING = SELLING | {Exchange.IMPORT, Contracts.VOID, Contracts.RUN, Contracts.ARCHIVE, Approvals.DECIDE}
WIDE = {"*": Reach.COMPANY}


def _role(
    key: str,
    permissions: frozenset[str] | set[str],
    reach: Mapping[str, Reach],
    usual: Level = Level.EDIT,
    **labels: str,
) -> tuple[RoleFacts, Mapping[str, str]]:
    """A role with its words. Which fields it starts without stands with the fields (``default_rule``), so that a new one is covered."""
    names = {language.replace("_", "-"): label for language, label in labels.items()}
    return RoleFacts(key, frozenset(str(p) for p in permissions), reach, usual=usual), names


SHARED_WORDS = {"accounts.company": Reach.COMPANY, "accounts.team": Reach.COMPANY, "accounts.user": Reach.COMPANY}

ROLES: dict[str, tuple[RoleFacts, Mapping[str, str]]] = {
    entry[0].key: entry
    for entry in (
        _role("sales_rep", SELLING | {Approvals.DECIDE}, SHARED_WORDS | {"*": Reach.OWN, "parties.party": Reach.TEAM},
              en="Sales rep", zh_hans="销售代表", zh_hant="業務代表", sv="Säljare"),
        _role("sales_manager", LEADING | {Parties.MERGE, Ui.PUBLISH_VIEWS, Billing.PLAN}, SHARED_WORDS | {"*": Reach.TEAM_AND_BELOW},
              en="Sales manager", zh_hans="销售经理", zh_hant="業務經理", sv="Säljchef"),
        _role("legal", LEADING | {Contracts.ADOPT, Accounts.ERASE, Accounts.HOLD}, WIDE,
              en="Legal", zh_hans="法务", zh_hant="法務", sv="Jurist"),
        _role("finance", READING | {
            Parties.ADD, Parties.EDIT, Parties.EDIT_BANKS, Documents.ADD, Documents.ACCEPT, Contracts.FLAG, Contracts.RUN,
            Contracts.PAPER, Approvals.DECIDE, Exchange.IMPORT, *Billing,
        }, WIDE,
              en="Finance", zh_hans="财务", zh_hant="財務", sv="Ekonomi"),
        _role("delivery", READING | {Approvals.DECIDE, Documents.ADD, Documents.ACCEPT, Contracts.FLAG, Contracts.PERFORM}, WIDE,
              en="Delivery", zh_hans="交付", zh_hant="交付", sv="Leverans"),
        _role("agent", (SELLING - {Accounts.SHARE, Documents.ACCEPT, Signing.SIGN, Contracts.PAPER, *Discussions}),
              {"*": Reach.OWN, "accounts.company": Reach.COMPANY},
              en="Agent", zh_hans="代理商", zh_hant="代理商", sv="Handelsagent"),
        _role("executive", READING | {Approvals.DECIDE}, WIDE, en="Executive", zh_hans="高管", zh_hant="高階主管", sv="Företagsledning"),
        _role("auditor", READING - {Discussions.COMMENT, Todos.ASSIGN} | {Audit.VIEW_JOURNAL}, WIDE, Level.READ,
              en="Auditor", zh_hans="审计员", zh_hant="稽核員", sv="Revisor"),
        _role("admin", EVERYTHING, {"*": Reach.ALL}, en="Administrator", zh_hans="管理员", zh_hant="管理員", sv="Administratör"),
    )
}  # fmt: skip
