from __future__ import annotations

from typing import Any

import pytest

from hetong.audit.testing import entries_of
from hetong.contracts import services
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract, ContractType, Member, Status
from hetong.contracts.services.setup import DefaultStatus
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_status, make_type
from hetong.kernel.errors import Forbidden, InUse, Invalid, NotFound

pytestmark = pytest.mark.django_db


def test_a_new_installation_has_a_status_for_every_stage_and_types_in_four_languages(cast: Any) -> None:
    services.seed_setup()
    services.seed_setup()
    assert set(Status.objects.filter(is_default=True).values_list("stage", flat=True)) == set(Stage)
    assert ContractType.objects.count() == 6
    for one in (*Status.objects.all(), *ContractType.objects.all()):
        assert set(one.labels) == {"en", "sv", "zh-hans", "zh-hant"}


def test_a_status_of_ones_own_is_shown_in_the_readers_language_with_the_stages_shape(cast: Any) -> None:
    contract = make_contract(cast.ada)
    status = services.add_statuses(
        cast.admin, [{"labels": {"en": "Waiting", "sv": "Väntar"}, "stage": "draft", "color": "ochre"}]
    )[0]
    services.set_status(cast.ada, [contract.pk], status.pk)
    shown = CONTRACT.show(cast.ada, [contract.pk])[0]["status"]
    assert (str(shown.label), shown.glyph, shown.color) == ("Waiting", "draft", "ochre")
    cast.users["ada"].language = "sv"
    cast.users["ada"].save()
    assert str(CONTRACT.show(cast.ada, [contract.pk])[0]["status"].label) == "Väntar"


def test_used_and_default_statuses_stay(cast: Any) -> None:
    contract = make_contract(cast.ada)
    used, idle = make_status(Stage.DRAFT, "Used"), make_status(Stage.DRAFT, "Idle")
    services.set_status(cast.ada, [contract.pk], used.pk)
    default = Status.objects.get(stage="draft", is_default=True)
    with pytest.raises(InUse):
        services.remove_statuses(cast.admin, [used.pk])
    with pytest.raises(DefaultStatus):
        services.remove_statuses(cast.admin, [default.pk])
    with pytest.raises(DefaultStatus):
        services.offer_statuses(cast.admin, [default.pk], is_offered=False)
    with pytest.raises(Invalid):
        services.edit_statuses(cast.admin, [used.pk], {"stage": "active"})
    services.offer_statuses(cast.admin, [used.pk], is_offered=False)
    assert Contract.objects.get(pk=contract.pk).status_id == used.pk
    services.remove_statuses(cast.admin, [idle.pk])
    assert entries_of(idle.pk)[-1] == "contracts.statuses_removed"


def test_a_verb_sets_the_new_default(cast: Any) -> None:
    contract = make_contract(cast.ada)
    fresh = make_status(Stage.IN_REVIEW, "With legal")
    services.make_status_default(cast.admin, fresh.pk)
    services.review_contracts(cast.ada, [contract.pk])
    assert Contract.objects.get(pk=contract.pk).status_id == fresh.pk
    assert Status.objects.filter(stage="in_review", is_default=True).count() == 1


def test_the_class_of_a_used_type_stays(cast: Any) -> None:
    kind = make_type()
    make_contract(cast.ada, type=kind.pk)
    with pytest.raises(Invalid):
        services.edit_types(cast.admin, [kind.pk], {"class": "expense"})
    services.edit_types(cast.admin, [kind.pk], {"labels": {"en": "Sale"}, "required": ["starts_on"]})
    kind.refresh_from_db()
    assert (kind.labels, kind.required) == ({"en": "Sale"}, ["starts_on"])


def test_only_administrators_set_up_words(cast: Any) -> None:
    for name in ("ada", "ben", "lin", "cleo"):
        with pytest.raises(Forbidden):
            services.add_types(getattr(cast, name), [{"labels": {"en": "X"}, "class": "income"}])
        with pytest.raises(Forbidden):
            services.add_statuses(getattr(cast, name), [{"labels": {"en": "X"}, "stage": "draft"}])


def test_taking_part_opens_a_contract_and_leaving_closes_it(cast: Any) -> None:
    contract = make_contract(cast.ada)
    assert not Contract.objects.visible_to(cast.olle).exists()
    services.add_members(cast.ada, [contract.pk], {"user": str(cast.olle.id), "role": "sales"})
    services.add_members(cast.ada, [contract.pk], {"user": str(cast.olle.id), "role": "sales"})
    assert Contract.objects.visible_to(cast.olle).get() == contract
    member = Member.objects.get()
    with pytest.raises(Forbidden):
        services.remove_members(cast.cleo, [member.pk])
    services.remove_members(cast.ada, [member.pk])
    assert not Contract.objects.visible_to(cast.olle).exists()
    with pytest.raises(NotFound):
        services.add_members(cast.dora, [contract.pk], {"user": str(cast.dora.id), "role": "sales"})


def test_projects_belong_to_one_company_and_are_numbered_once(cast: Any) -> None:
    project = services.add_projects(cast.ada, [{"name": "Harbour", "number": "P-1", "budget": "SEK 1000000"}])[0]
    assert (project.company_id, project.currency, project.budget_minor) == (cast.north.pk, "SEK", 100_000_000)
    with pytest.raises(Invalid):
        services.add_projects(cast.ada, [{"name": "Other", "number": "P-1"}])
    with pytest.raises(Invalid):
        services.edit_projects(cast.ada, [project.pk], {"starts_on": "2027-01-01", "ends_on": "2026-01-01"})
    with pytest.raises(NotFound):
        services.edit_projects(cast.dora, [project.pk], {"name": "Mine"})
