"""The types and statuses that a new installation starts with, in the four languages of the interface."""

from __future__ import annotations

from collections.abc import Mapping

from hetong.contracts.states import Class, Stage, Term


def _in(en: str, hans: str, hant: str, sv: str) -> dict[str, str]:
    return {"en": en, "sv": sv, "zh-hans": hans, "zh-hant": hant}


STATUSES: Mapping[Stage, Mapping[str, str]] = {
    Stage.DRAFT: _in("Draft", "草稿", "草稿", "Utkast"),
    Stage.IN_REVIEW: _in("In review", "审查中", "審查中", "Under granskning"),
    Stage.IN_APPROVAL: _in("In approval", "审批中", "簽核中", "Under godkännande"),
    Stage.APPROVED: _in("Approved", "已批准", "已核准", "Godkänt"),
    Stage.REJECTED: _in("Rejected", "已拒绝", "已拒絕", "Avslaget"),
    Stage.SIGNING: _in("Signing", "签署中", "簽署中", "Under signering"),
    Stage.ACTIVE: _in("Active", "履行中", "履行中", "Gällande"),
    Stage.SUSPENDED: _in("Suspended", "已暂停", "已暫停", "Vilande"),
    Stage.TERMINATED: _in("Terminated", "已终止", "已終止", "Uppsagt"),
    Stage.EXPIRED: _in("Expired", "已到期", "已到期", "Utgånget"),
    Stage.SUPERSEDED: _in("Superseded", "已被替代", "已被取代", "Ersatt"),
    Stage.CLOSING: _in("Closing", "收尾中", "結案中", "Under avslut"),
    Stage.CLOSED: _in("Closed", "已关闭", "已關閉", "Avslutat"),
    Stage.ARCHIVED: _in("Archived", "已归档", "已歸檔", "Arkiverat"),
    Stage.VOID: _in("Void", "已作废", "已作廢", "Makulerat"),
    Stage.DISCARDED: _in("Discarded", "已弃置", "已棄置", "Kasserat"),
}
"""The default status of each stage."""

TYPES: tuple[tuple[Mapping[str, str], Class, Mapping[str, object]], ...] = (
    (_in("Sales contract", "销售合同", "銷售合約", "Kundavtal"), Class.INCOME, {"payment_days": 30}),
    (
        _in("Maintenance contract", "维保合同", "維護合約", "Underhållsavtal"), Class.INCOME,
        {"term": Term.AUTO_RENEW, "notice_count": 3, "payment_days": 30},
    ),
    (_in("Purchase contract", "采购合同", "採購合約", "Inköpsavtal"), Class.EXPENSE, {"payment_days": 30}),
    (
        _in("Framework agreement", "框架协议", "框架協議", "Ramavtal"), Class.FRAMEWORK,
        {"term": Term.AUTO_RENEW, "notice_count": 3},
    ),
    (_in("Statement of work", "工作说明书", "工作說明書", "Uppdragsbeskrivning"), Class.INCOME, {"payment_days": 30}),
    (_in("Confidentiality agreement", "保密协议", "保密協議", "Sekretessavtal"), Class.NONE, {}),
)  # fmt: skip
"""Labels, class and what differs from a type's plain defaults."""
