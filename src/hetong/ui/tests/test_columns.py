"""Columns of lists get the width that they need: amounts and days theirs, and names what lets them be read."""

from __future__ import annotations

from typing import Any

from hetong.ui.templatetags.ui import column_count, column_width


def column(name: str, kind: str = "text", role: str = "") -> dict[str, Any]:
    return {"name": name, "kind": kind, "role": role}


CONTRACTS = [
    column("number", role="number"), column("title", role="title"), column("counterparty", "reference", "second"),
    column("status", "choice", "status"), column("gross", "money", "value"),
    column("period") | {"width": "w-per"}, column("next_event", "date", "next") | {"width": "w-next"},
    column("owner", "reference", "person") | {"width": "w-own"},
]  # fmt: skip
INVOICES = [
    column("number", role="title"), column("condition", "choice", "status"), column("party", "reference", "second"),
    column("contract", "reference", "next"), column("issued_on", "date"), column("due_on", "date", "number"),
    column("gross", "money", "value"), column("left", "money"),
]  # fmt: skip


def widths(columns: list[dict[str, Any]]) -> list[str]:
    return [column_width(one) for one in columns]


def test_a_number_takes_the_width_of_a_number_and_two_names_share_the_rest() -> None:
    assert widths(INVOICES)[:4] == ["w-no", "w-stat", "", ""]


def test_the_title_takes_a_share_of_its_own() -> None:
    assert widths(CONTRACTS)[1:3] == ["w-title", ""]


def test_a_table_is_as_wide_as_its_columns_want() -> None:
    assert column_count(CONTRACTS[:4]) == "few"
    assert column_count(CONTRACTS) == column_count(INVOICES) == "some"
    assert column_count([*CONTRACTS, column("invoiced", "money"), column("received", "money")]) == "many"
    assert column_count([*CONTRACTS, *[column(f"a{n}", "money") for n in range(6)]]) == "lots"
