"""The settings of billing: bill types and number series."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hetong.accounts.models import Company, Series
from hetong.accounts.services import remove_series, set_series
from hetong.accounts.services.series import written
from hetong.billing.fields import BILL_TYPE
from hetong.billing.models import BillType
from hetong.billing.policy import Can
from hetong.billing.services.numbering import CREDITS, INVOICES
from hetong.billing.tables import BILL_TYPES
from hetong.billing.views.acting import ask, do
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import words
from hetong.ui.forms import ActForm, add_page, edit_page, in_order
from hetong.ui.http import Request
from hetong.ui.lists import list_page

NAMES = ("labels", "heading", "note", "country", "tax_rate", "prefix", "is_default", "is_active", "position")
LISTED, SERIES = "/settings/bill-types/", "/settings/series/"


def type_list(request: Request) -> HttpResponse:
    """The bill types."""
    return list_page(request, BILL_TYPES)


def type_add(request: Request) -> HttpResponse:
    """A new bill type."""
    names = in_order(BILL_TYPE, NAMES)
    return add_page(
        request, BILL_TYPE.noun, names=names, title=_("Add bill type"), back=LISTED, submit=_("Add bill type")
    )


def type_edit(request: Request, id: UUID) -> HttpResponse:
    """A bill type: its names, tax and numbers. Invoices that were issued keep what they said."""
    return edit_page(request, BILL_TYPE.noun, id, names=in_order(BILL_TYPE, NAMES), back=LISTED, reason=True)


class SeriesForm(ActForm):
    """How the numbers of a series are written, before the first is given out."""

    prefix = forms.CharField(  # type: ignore[assignment]  # a field; Django takes it off the class
        label=gettext_lazy("Prefix"), required=False, max_length=12,
        help_text=gettext_lazy("Letters and digits before the year; may be empty."),
    )  # fmt: skip
    digits = forms.IntegerField(label=gettext_lazy("Digits"), min_value=1, max_value=9)
    first_number = forms.IntegerField(label=gettext_lazy("First number"), min_value=1)


def series_list(request: Request) -> HttpResponse:
    """The number series of each company: how they are written, what comes next."""
    actor = request.actor
    kinds = series_kinds(actor)
    companies = Company.objects.visible_to(actor).prefetch_related("series").order_by("name_key")
    context = {
        "year": clock.today(actor.zone).year,
        "companies": [_company_series(one, kinds) for one in companies],
    }  # fmt: skip
    return render(request, "billing/series.html", context)


def _company_series(company: Company, kinds: dict[str, str]) -> dict[str, object]:
    """A company's gapless series, newest year first, and the kinds that have none yet."""
    held = sorted((one for one in company.series.all() if one.is_gapless), key=lambda one: (-one.year, one.kind))
    begun = {one.kind for one in held}
    missing = [{"kind": kind, "label": label} for kind, label in kinds.items() if kind not in begun]
    return {
        "name": company.name,
        "id": company.pk,
        "rows": [_series_row(one, kinds) for one in held],
        "missing": missing,
    }


def series_kinds(actor: Actor) -> dict[str, str]:
    """The series there can be: the common ones, and one for each bill type that has a prefix of its own."""
    own = BillType.objects.visible_to(actor).exclude(prefix="")
    named = {f"{INVOICES}:{one.key}"[:40]: words(one.labels, actor.language) for one in own}
    return {INVOICES: _("Invoices"), CREDITS: _("Credit notes"), **named}


def _series_row(one: Series, kinds: dict[str, str]) -> dict[str, object]:
    used = one.next_number - one.first_number
    return {
        "id": one.pk, "kind": one.kind, "label": kinds.get(one.kind, one.kind), "year": one.year,
        "next": written(one, one.next_number), "used": used, "is_used": used > 0,
    }  # fmt: skip


def series_edit(request: Request, company_id: UUID, kind: str, year: int) -> HttpResponse:
    """How a series is written; refused once it has given out a number."""
    actor = request.actor
    company = Company.objects.visible_to(actor).filter(pk=company_id).first()
    kinds = series_kinds(actor)
    if company is None or kind not in kinds or not 2000 <= year <= 2200:
        raise NotFound(kind=kind)
    actor.require(Can.MANAGE, (company_id,))
    held = company.series.filter(kind=kind, year=year).first()
    first = {
        "prefix": held.prefix if held else "",
        "digits": held.digits if held else 4,
        "first_number": held.first_number if held else 1,
    }
    form = SeriesForm(request.POST if request.method == "POST" else None, initial=first)

    def act() -> HttpResponse | None:
        if not form.is_valid():
            return render(request, "billing/act.html", context | {"form": form, "cancel_url": SERIES}, status=422)
        set_series(actor, company_id, kind, year, **form.cleaned_data)
        return None

    title = _("%(series)s %(year)s, %(company)s") % {"series": kinds[kind], "year": year, "company": company.name}
    context = {
        "title": title,
        "intro": _("It can be changed until the first number is given out."),
        "submit": _("Save"),
    }
    return ask(request, form, act, done=_("Saved."), back=SERIES, context=context)


@require_POST
def series_remove(request: Request, id: UUID) -> HttpResponse:
    """Delete a series that never gave out a number."""
    request.actor.require(Can.MANAGE)
    if not Company.objects.visible_to(request.actor).filter(series=id).exists():
        raise NotFound(id=str(id))
    return do(request, lambda: remove_series(request.actor, [id]), done=_("Series deleted."), back=SERIES)
