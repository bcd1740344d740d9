from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from hetong.audit.services import log_access
from hetong.exchange.queries.printed import record_facts
from hetong.files.names import disposition
from hetong.files.typeset.press import TypesetJob, typeset
from hetong.ui.http import Request


def record(request: Request, id: UUID) -> HttpResponse:
    """The contract's record as PDF, in the reader's language and with what the reader may see."""
    facts = record_facts(request.actor, id)
    made = typeset(TypesetJob("exchange/record", facts))
    log_access(request.actor, "downloaded", "contracts.contract", id, facts["heading"])
    headers = {
        "Content-Disposition": disposition(f"{facts['title']}.pdf"),
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(made, content_type="application/pdf", headers=headers)
