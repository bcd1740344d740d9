from __future__ import annotations

import csv
from io import StringIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from hetong.contracts import queries, services
from hetong.contracts.fields import CONTRACT, LINE
from hetong.contracts.forms import PasteForm
from hetong.contracts.models import Line
from hetong.contracts.views.card import contract_frame
from hetong.kernel.errors import Invalid, NotFound, Problem
from hetong.ui.explaining import why
from hetong.ui.forms import RecordForm, edit_page, read_form, with_added
from hetong.ui.http import Request

SHORT = ("title", "quantity", "unit", "unit_price", "discount", "tax_rate")
FULL = (
    "title", "part_no", "model_name", "serial_no", "quantity", "unit", "unit_price", "discount", "tax_rate", "unit_cost",
    "is_optional", "starts_on", "ends_on", "position",
)  # fmt: skip
MOST_PASTED = 1000


def contract_lines(request: Request, id: UUID) -> HttpResponse:
    """The lines with their sums per tax rate; posted, adds one, or as many as were pasted."""
    is_paste = "pasted" in request.POST
    asked = with_added(LINE, SHORT)
    form = RecordForm(request.actor, LINE, asked) if is_paste else read_form(request, LINE, asked)
    paste = PasteForm(request.POST if is_paste else None)
    status = 200
    if request.method == "POST":
        try:
            count = _add(request, id, form, is_paste=is_paste)
        except Invalid as refused:
            (paste if is_paste else form).refuse(refused)
            status = 422
        else:
            messages.success(
                request, ngettext("%(count)s line added.", "%(count)s lines added.", count) % {"count": count}
            )
            return redirect("contracts:lines", id)
    adding = [section | {"legend": _("Add line"), "bare": False} for section in form.sections()]
    context = _table(request, id) | {"form": form, "add_sections": adding, "paste": paste, "was_pasted": is_paste}
    return render(request, "contracts/lines.html", context, status=status)


def _add(request: Request, id: UUID, form: RecordForm, *, is_paste: bool) -> int:
    givens = pasted_lines(request.POST.get("pasted", "")) if is_paste else [form.given()]
    return len(
        services.add_lines(
            request.actor, [{**one, "contract": str(id)} for one in givens], locale=request.actor.language
        )
    )


def pasted_lines(text: str) -> list[dict[str, str]]:
    """Rows of a spreadsheet as raw input, in the order of the short form; empty rows are skipped."""
    try:
        rows = [row for row in csv.reader(StringIO(text), delimiter="\t") if any(cell.strip() for cell in row)]
    except csv.Error:  # a cell of more than 128 KiB, most often from a quotation mark that is never closed
        rows = []
    if not rows or len(rows) > MOST_PASTED:
        text = _("Paste between 1 and %(most)s rows.")
        raise Invalid(problems=[Problem("rows", text, {"most": MOST_PASTED}, "pasted")])
    return [dict(zip(SHORT, (cell.strip() for cell in row), strict=False)) for row in rows]


def _table(request: Request, id: UUID) -> dict[str, Any]:
    actor = request.actor
    context = contract_frame(actor, id, "lines")
    contract = queries.get_contract(actor, id)
    rows = LINE.show(actor, Line.objects.visible_to(actor).filter(contract=id).order_by("position", "pk"))
    facts = queries.overview_facts(actor, contract)
    value_why = why(
        facts.value, actor.language, subject=_("Value"), sentence=_("The value is the sum of the lines, tax included."),
        titles={str(row.id): row.title for row in rows}, note=" ".join(str(note) for note in facts.notes),
    )  # fmt: skip
    return context | {
        "lines": rows, "totals": facts.totals, "value_why": value_why, "columns": {one.name: one.label for one in LINE},
        "may_write": context["row"].may_edit,
    }  # fmt: skip


def line_edit(request: Request, id: UUID, line_id: UUID) -> HttpResponse:
    """All fields of one line."""
    _must_belong(request, id, line_id)
    return edit_page(request, LINE.noun, line_id, names=FULL, back=f"/contracts/{id}/lines/")


@require_POST
def line_remove(request: Request, id: UUID, line_id: UUID) -> HttpResponse:
    """Take one line off the contract."""
    _must_belong(request, id, line_id)
    services.remove_lines(request.actor, [line_id])
    messages.success(request, _("Line removed."))
    return redirect("contracts:lines", id)


def _must_belong(request: Request, id: UUID, line_id: UUID) -> None:
    """Raise `NotFound` unless the line is of the contract in the address."""
    if not Line.objects.visible_to(request.actor).filter(pk=line_id, contract=id).exists():
        raise NotFound(noun=CONTRACT.noun)
