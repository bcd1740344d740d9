from __future__ import annotations

from django.urls import include, path

from .views import added, cards, dues, issuing, lists, money, paying, setup, work

billing_urls = (
    [
        path("", work.billing_work, name="work"),
        path("ledger/", lists.ledger, name="ledger"),
        path("dues/", lists.due_list, name="dues"),
        path("dues/<uuid:id>/", dues.due_place, name="due"),
        path("dues/<uuid:id>/edit/", added.due_edit, name="due_edit"),
        path("dues/<uuid:id>/invoice/", issuing.due_invoice, name="due_invoice"),
        path("dues/<uuid:id>/receive/", issuing.due_receive, name="due_receive"),
        path("dues/<uuid:id>/pay/", paying.due_pay, name="due_pay"),
        path("dues/<uuid:id>/hold/", dues.due_hold, name="due_hold"),
        path("dues/<uuid:id>/release/", dues.due_release, name="due_release"),
        path("dues/<uuid:id>/skip/", dues.due_skip, name="due_skip"),
        path("dues/<uuid:id>/unskip/", dues.due_unskip, name="due_unskip"),
        path("invoices/", lists.invoice_list, name="invoices"),
        path("invoices/<uuid:id>/", cards.invoice_card, name="invoice"),
        path("invoices/<uuid:id>/edit/", added.invoice_edit, name="invoice_edit"),
        path("invoices/<uuid:id>/pdf/", cards.invoice_pdf, name="invoice_pdf"),
        path("invoices/<uuid:id>/pay/", paying.invoice_pay, name="invoice_pay"),
        path("invoices/<uuid:id>/credit/", issuing.invoice_credit, name="invoice_credit"),
        path("payments/", lists.payment_list, name="payments"),
        path("payments/new/", paying.payment_add, name="add_payment"),
        path("payments/<uuid:id>/", cards.payment_card, name="payment"),
        path("payments/<uuid:id>/edit/", added.payment_edit, name="payment_edit"),
        path("payments/<uuid:id>/confirm/", paying.payment_confirm, name="payment_confirm"),
        path("payments/<uuid:id>/reject/", paying.payment_reject, name="payment_reject"),
        path("payments/<uuid:id>/allocate/", paying.payment_allocate, name="payment_allocate"),
        path("payments/<uuid:id>/unallocate/", paying.payment_unallocate, name="payment_unallocate"),
        path("payments/<uuid:id>/reverse/", paying.payment_reverse, name="payment_reverse"),
    ],
    "billing",
)
contract_urls = (
    [
        path("<uuid:id>/money/", money.contract_money, name="tab"),
        path("<uuid:id>/money/invoice/", issuing.contract_invoice, name="invoice"),
        path("<uuid:id>/money/receive/", issuing.contract_receive, name="receive"),
        path("<uuid:id>/money/pay/", paying.contract_pay, name="pay"),
    ],
    "contract_money",
)
party_urls = ([path("<uuid:id>/money/", cards.party_money, name="tab")], "party_money")
settings_urls = (
    [
        path("bill-types/", setup.type_list, name="types"),
        path("bill-types/new/", setup.type_add, name="type_add"),
        path("bill-types/<uuid:id>/", setup.type_edit, name="type_edit"),
        path("series/", setup.series_list, name="series"),
        path("series/<uuid:company_id>/<str:kind>/<int:year>/", setup.series_edit, name="series_edit"),
        path("series/<uuid:id>/remove/", setup.series_remove, name="series_remove"),
    ],
    "billing_settings",
)

urlpatterns = [
    path("billing/", include(billing_urls)),
    path("contracts/", include(contract_urls)),
    path("parties/", include(party_urls)),
    path("settings/", include(settings_urls)),
]
