"""S0-28, C4, C5: field rules are set as one batch, refused where they make no sense, and count with the next request."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Grant, Role
from hetong.accounts.rules import Rule
from hetong.accounts.services.field_rules import NeededButClosed, Setting, set_field_rules
from hetong.accounts.services.roles import add_roles
from hetong.accounts.subjects import consequences
from hetong.accounts.testing import forget_access
from hetong.audit.queries import find_history
from hetong.contracts.fields import CONTRACT, LINE
from hetong.contracts.services import edit_contracts, edit_lines
from hetong.contracts.testing import make_contract, make_line
from hetong.documents.models import DocumentKind
from hetong.documents.policy import KIND_RULES, may_read_kind
from hetong.documents.services.kinds import seed_kinds
from hetong.documents.testing import kind_of
from hetong.kernel.actors import Level
from hetong.kernel.errors import Forbidden, Invalid, Stale
from hetong.kernel.input import ReadOnly

pytestmark = pytest.mark.django_db
HIDDEN, READ, EDIT = Rule(Level.HIDDEN), Rule(Level.READ), Rule(Level.EDIT)
IN_DRAFT = Rule(Level.READ, frozenset({"draft"}))
NOUN, LINES = "contracts.contract", "contracts.line"


def role(key: str) -> Role:
    return Role.objects.get(key=key)


def put(cast: Any, key: str, noun: str, field: str, rule: Rule | None, **more: Any) -> None:
    set_field_rules(cast.admin, [Setting(role(key).pk, noun, field, rule)], **more)


def client_of(cast: Any, name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.users[name])
    return client


def test_a_rule_counts_with_the_next_request(cast: Any) -> None:
    """C5: no cached right outlives the rule."""
    contract = make_contract(cast.ada, title="Flow meters", summary="A secret of ours")
    ada = client_of(cast, "ada")
    assert "A secret of ours" in ada.get(f"/contracts/{contract.pk}/").content.decode()
    put(cast, "sales_rep", NOUN, "summary", HIDDEN)
    assert "A secret of ours" not in ada.get(f"/contracts/{contract.pk}/").content.decode()
    put(cast, "sales_rep", NOUN, "summary", None)
    assert "A secret of ours" in ada.get(f"/contracts/{contract.pk}/").content.decode()


def test_a_hidden_field_is_neither_asked_about_nor_written(cast: Any) -> None:
    """C4: it answers like one that does not exist."""
    contract = make_contract(cast.ada)
    put(cast, "sales_rep", NOUN, "summary", HIDDEN)
    with pytest.raises(Invalid) as refused:
        edit_contracts(cast.ada, [contract.pk], {"summary": "x"})
    assert refused.value.code == "unknown_field"
    assert "summary" not in CONTRACT.show(cast.ada, [contract])[0].values


def test_a_price_may_be_written_in_draft_only(cast: Any) -> None:
    """The stage of what hangs on a contract is the contract's."""
    contract = make_contract(cast.ada)
    line = make_line(cast.ada, contract)
    put(cast, "sales_rep", LINES, "unit_price", IN_DRAFT)
    edit_lines(cast.ada, [line.pk], {"unit_price": "7"})
    assert LINE.show(cast.ada, [line])[0].levels["unit_price"] is Level.EDIT
    contract.stage = "in_review"
    contract.save()
    with pytest.raises(ReadOnly):
        edit_lines(cast.ada, [line.pk], {"unit_price": "8"})
    assert LINE.show(cast.ada, [line])[0].levels["unit_price"] is Level.READ
    edit_lines(cast.ada, [line.pk], {"title": "Still open"})


def test_a_field_that_is_edited_in_draft_only_is_given_to_new_records(cast: Any) -> None:
    put(cast, "sales_rep", NOUN, "summary", IN_DRAFT)
    assert make_contract(cast.ada, summary="From the start").summary == "From the start"


def test_a_copy_follows_the_defaults_of_its_original(cast: Any) -> None:
    """Else a copy of the agent would see costs."""
    [copy] = add_roles(cast.admin, [{"copy_of": str(role("agent").pk), "labels": {"en": "Agent, north"}}])
    Grant.objects.filter(user=cast.users["gus"]).update(role=copy)
    forget_access()
    assert LINE.level(cast.gus, "unit_cost") is Level.HIDDEN
    assert LINE.level(cast.gus, "title") is Level.EDIT


def test_shipped_roles_start_as_they_should(cast: Any) -> None:
    """An agent sees no cost, sales no bank details, an auditor reads all and changes nothing."""
    from hetong.kernel.nouns import noun, nouns

    assert LINE.level(cast.gus, "unit_cost") is Level.HIDDEN
    for who in (cast.ada, cast.ben, cast.gus):
        assert noun("parties.bank").register.level(who, "account") is Level.HIDDEN
    for entry in nouns():
        for one in entry.register:
            assert entry.register.level(cast.cleo, one.name) is Level.READ, f"{entry.key}.{one.name}"
    assert not any(can.endswith((".add", ".edit", ".invoice")) for can in role("auditor").permissions)


@pytest.mark.parametrize(
    ("noun", "field", "rule", "code"),
    [
        ("contracts.nothing", "title", HIDDEN, "no_noun"),
        (NOUN, "nothing", HIDDEN, "no_field"),
        (NOUN, "summary", Rule(Level.HIDDEN, frozenset({"draft"})), "stage_hides"),
        (NOUN, "summary", Rule(Level.READ, frozenset({"nowhere"})), "no_stage"),
        (NOUN, "gross", Rule(Level.READ, frozenset({"draft"})), "never_written"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words(
    cast: Any, noun: str, field: str, rule: Rule, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        put(cast, "sales_rep", noun, field, rule)
    assert [p.code for p in refused.value.problems] == [code]
    assert not FieldRule.objects.exists()


def test_closing_a_needed_field_asks_first(cast: Any) -> None:
    with pytest.raises(NeededButClosed):
        put(cast, "sales_rep", NOUN, "title", READ)
    put(cast, "sales_rep", NOUN, "title", READ, is_meant=True)
    put(cast, "finance", NOUN, "title", READ)  # finance adds no contracts


def test_only_who_manages_roles_everywhere_sets_rules(cast: Any) -> None:
    setting = Setting(role("agent").pk, NOUN, "title", HIDDEN)
    for who in (cast.ada, cast.fia, cast.cleo):
        with pytest.raises(Forbidden):
            set_field_rules(who, [setting])


def test_a_rule_that_somebody_else_set_meanwhile_is_not_run_over(cast: Any) -> None:
    put(cast, "sales_rep", NOUN, "summary", HIDDEN)
    with pytest.raises(Stale):
        set_field_rules(cast.admin, [Setting(role("sales_rep").pk, NOUN, "summary", READ, seen=EDIT)])


def test_the_journal_says_what_was_set_in_words(cast: Any) -> None:
    put(cast, "sales_rep", LINES, "unit_price", IN_DRAFT, reason="Prices are agreed")
    happened = find_history(cast.admin, "accounts.role", role("sales_rep").pk)[0]
    assert happened.reason == "Prices are agreed"
    assert [(c.before_text, c.after_text) for c in happened.changes] == [
        ("Line · Unit price: Edit", "Line · Unit price: Edit only while: Draft")
    ]


def test_what_is_set_as_shipped_keeps_no_rule(cast: Any) -> None:
    put(cast, "sales_rep", NOUN, "summary", HIDDEN)
    put(cast, "sales_rep", NOUN, "summary", EDIT)
    assert not FieldRule.objects.exists()


def test_papers_are_closed_by_kind(cast: Any) -> None:
    kind = DocumentKind.objects.get(pk=kind_of("annex"))
    assert may_read_kind(cast.fia, kind, CONTRACT, None)
    put(cast, "finance", KIND_RULES, "annex", HIDDEN)
    assert not may_read_kind(cast.fia, kind, CONTRACT, None)


# -- the page --------------------------------------------------------------------------------------


def test_the_page_saves_what_was_changed_and_nothing_else(cast: Any) -> None:
    admin = client_of(cast, "admin")
    page = admin.get("/settings/field-rules/?noun=contracts.line")
    assert page.status_code == 200
    given = {"seen": page.context["seen"], "contracts.line:unit_price:sales_rep": "read+draft",
             "contracts.line:title:sales_rep": "edit", "reason": "x"}  # fmt: skip
    assert admin.post("/settings/field-rules/?noun=contracts.line", given).status_code == 302
    assert {(r.field, r.stage, r.level) for r in FieldRule.objects.all()} == {
        ("unit_price", "", 1),
        ("unit_price", "draft", 2),
    }


def test_the_page_keeps_what_was_chosen_when_it_is_refused(cast: Any) -> None:
    admin = client_of(cast, "admin")
    given = {"seen": "{}", "contracts.contract:title:sales_rep": "read"}
    answer = admin.post("/settings/field-rules/?noun=contracts.contract", given)
    assert answer.status_code == 422
    assert "This is meant" in answer.content.decode()
    assert admin.post("/settings/field-rules/?noun=contracts.contract", given | {"anyway": "1"}).status_code == 302


def test_two_roles_are_compared_by_what_differs(cast: Any) -> None:
    admin = client_of(cast, "admin")
    page = admin.get("/settings/field-rules/?noun=contracts.line&role=agent&other=finance")
    names = [line.name for block in page.context["blocks"] for line in block.lines]
    assert names == ["unit_cost"]


def test_a_field_is_found_over_all_kinds_of_record(cast: Any) -> None:
    page = client_of(cast, "admin").get("/settings/field-rules/?q=cost")
    assert ("contracts.line", "unit_cost") in {(b.noun, line.name) for b in page.context["blocks"] for line in b.lines}


def test_a_field_has_a_page_with_its_stages(cast: Any) -> None:
    admin = client_of(cast, "admin")
    address = "/settings/field-rules/contracts.contract/summary/"
    assert admin.get(address).status_code == 200
    given = {"level:sales_rep": "stages", "seen:sales_rep": "edit", "stage:sales_rep": ["draft", "in_review"]}
    assert admin.post(address, given).status_code == 302
    assert {(r.stage, r.level) for r in FieldRule.objects.all()} == {("", 1), ("draft", 2), ("in_review", 2)}
    assert admin.get("/settings/field-rules/contracts.contract/nothing/").status_code == 404


def test_the_page_of_a_field_says_what_is_hidden_with_it(cast: Any) -> None:
    """As it holds: from the registers themselves, over kinds of record, and papers that state the value."""
    seed_kinds()
    told = dict(consequences("contracts.contract", "gross"))
    named = {str(label): [str(one) for one in gone] for label, gone in told.items()}
    assert {"Unit price", "Net", "Gross"} <= set(named["Line"])
    assert "Contract text" in named["Papers by kind"]
    page = client_of(cast, "admin").get("/settings/field-rules/contracts.line/unit_price/").content.decode()
    assert "Where it is hidden, so are" in page
    assert consequences("parties.party", "note") == []
