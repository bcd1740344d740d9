from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services import bump_policy
from hetong.accounts.testing import forget_access
from hetong.audit.testing import entries_of, last_entry
from hetong.documents import services
from hetong.documents.models import Document, DocumentKind, Version
from hetong.documents.policy import KIND_RULES, VALUE_FIELDS
from hetong.documents.queries import count_documents, get_shelves, get_version
from hetong.documents.services.versions import RetiredDocument, SameContent
from hetong.documents.testing import kind_of, make_document, make_upload
from hetong.files.inspection import ContentContradictsName
from hetong.files.models import DerivedText
from hetong.files.services import read_waiting_texts
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Forbidden, IllegalMove, Invalid, NotFound, Stale, UnknownField

COMPANY = "accounts.company"
SYSTEM = Actor.system()
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: object) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/files"


def test_a_file_becomes_a_document_whose_first_version_counts(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk, title="Annex A", note="From the customer")
    version = Version.objects.get(document=document)
    assert (document.title, document.company_id, document.current_id) == ("Annex A", cast.north.pk, version.pk)
    assert (version.state, version.number, version.by_label, version.note) == ("current", 1, "Ada", "From the customer")
    assert version.sha256 == version.blob.sha256
    assert entries_of(document.pk) == ["documents.added"]
    assert last_entry(cast.north.pk)[0] == "documents.added_here"


def test_several_files_are_called_after_themselves(cast):
    uploads = [make_upload("a", "Avtal 1.pdf"), make_upload("b", "..\\合同.pdf")]
    added = services.add_documents(cast.ada, COMPANY, cast.north.pk, uploads, kind=kind_of("annex"), title="ignored")
    assert [one.title for one in added] == ["Avtal 1", "合同"]


def test_one_refused_file_refuses_all(cast):
    uploads = [make_upload("a"), services.Upload("b.docx", io.BytesIO(b"%PDF-1.7 not word"))]
    with pytest.raises(ContentContradictsName):
        services.add_documents(cast.ada, COMPANY, cast.north.pk, uploads, kind=kind_of("annex"))
    assert not Document.objects.exists()


def test_a_kind_is_needed_and_must_exist(cast):
    kind_of("annex")
    for kind in ("", None, str(cast.north.pk), "nonsense"):
        with pytest.raises(Invalid) as refused:
            services.add_documents(cast.ada, COMPANY, cast.north.pk, [make_upload()], kind=kind)
        assert [p.field for p in refused.value.problems] == ["kind"]


def test_who_may_not_accept_proposes(cast):
    document = make_document(cast.gus, COMPANY, cast.north.pk)
    version = Version.objects.get(document=document)
    assert (document.current, version.state, version.number) == (None, "proposed", None)
    with pytest.raises(Forbidden):
        services.accept_version(cast.gus, version.pk)
    services.accept_version(cast.ada, version.pk)
    version.refresh_from_db()
    assert (version.state, version.number, version.decided_by_label) == ("current", 1, "Ada")


def test_who_may_not_add_is_refused(cast):
    with pytest.raises(Forbidden):
        make_document(cast.cleo, COMPANY, cast.north.pk)


def test_accepting_supersedes_what_was_current(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk)
    second = services.propose_version(cast.gus, document.pk, make_upload("two"), note="Price corrected")
    assert get_version(cast.ada, document.pk, "current").number == 1
    services.accept_version(cast.ben, second.pk)
    states = list(Version.objects.filter(document=document).order_by("number").values_list("number", "state"))
    assert states == [(1, "superseded"), (2, "current")]
    document.refresh_from_db()
    assert (document.current_id, document.version) == (second.pk, 2)
    assert entries_of(document.pk)[-2:] == ["documents.version_proposed", "documents.version_accepted"]


def test_whoever_accepts_makes_an_upload_current_at_once(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk)
    assert services.add_version(cast.ada, document.pk, make_upload("two")).number == 2
    assert services.add_version(cast.gus, document.pk, make_upload("three")).number is None


def test_the_same_content_again_is_no_new_version(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk, title="x")
    with pytest.raises(SameContent):
        services.propose_version(cast.ada, document.pk, make_upload("x"))


def test_rejecting_needs_a_reason_and_leaves_what_is_current(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk)
    version = services.propose_version(cast.gus, document.pk, make_upload("two"))
    with pytest.raises(Invalid):
        services.reject_version(cast.ada, version.pk, reason="  ")
    services.reject_version(cast.ada, version.pk, reason="Wrong customer")
    version.refresh_from_db()
    assert (version.state, version.number, version.reason) == ("rejected", None, "Wrong customer")
    assert get_version(cast.ada, document.pk, "current").number == 1
    assert last_entry(document.pk) == ("documents.version_rejected", "Ada", "Wrong customer")


def test_only_a_proposed_version_can_be_decided(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk)
    with pytest.raises(IllegalMove):
        services.accept_version(cast.ada, document.current_id)
    with pytest.raises(IllegalMove):
        services.reject_version(cast.ada, document.current_id, reason="No")


def test_the_database_itself_allows_one_current_version(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk)
    other = services.propose_version(cast.gus, document.pk, make_upload("two"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=other.pk).update(state="current", number=2)


def test_a_retired_document_takes_nothing_until_it_is_restored(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk)
    services.retire_documents(cast.ada, [document.pk], reason="Replaced")
    with pytest.raises(RetiredDocument):
        services.add_version(cast.ada, document.pk, make_upload("two"))
    assert count_documents(cast.ada, [cast.north.pk], key=COMPANY) == {}
    services.restore_documents(cast.ada, [document.pk])
    assert services.add_version(cast.ada, document.pk, make_upload("two")).number == 2
    assert "documents.retired" in entries_of(document.pk)


def test_renaming_keeps_versions_and_minds_what_others_saved(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk)
    services.edit_documents(cast.ada, [document.pk], {"title": "Bilaga B"}, versions={document.pk: 1})
    with pytest.raises(Stale):
        services.edit_documents(cast.ben, [document.pk], {"title": "C"}, versions={document.pk: 1})
    with pytest.raises(UnknownField):
        services.edit_documents(cast.ben, [document.pk], {"nonsense": "C"})
    document.refresh_from_db()
    assert (document.title, document.title_key) == ("Bilaga B", "bilaga b")


def test_another_company_sees_nothing_of_it(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk)
    assert not Document.objects.visible_to(cast.dora).exists()
    assert not Version.objects.visible_to(cast.dora).exists()
    assert count_documents(cast.dora, [cast.north.pk], key=COMPANY) == {}
    for act in (
        lambda: get_shelves(cast.dora, COMPANY, cast.north.pk),
        lambda: get_version(cast.dora, document.pk, "1"),
        lambda: make_document(cast.dora, COMPANY, cast.north.pk),
        lambda: services.propose_version(cast.dora, document.pk, make_upload("two")),
        lambda: services.accept_version(cast.dora, document.current_id),
        lambda: services.retire_documents(cast.dora, [document.pk]),
        lambda: services.edit_documents(cast.dora, [document.pk], {"title": "x"}),
    ):
        with pytest.raises(NotFound):
            act()
    make_document(cast.dora, COMPANY, cast.south.pk, title="Ours")
    assert [one.title for one in Document.objects.visible_to(cast.dora)] == ["Ours"]
    assert [one.title for one in Document.objects.visible_to(cast.ada)] == ["Annex A"]


def test_people_and_teams_hold_no_documents(cast):
    with pytest.raises(NotFound):
        make_document(cast.ada, "accounts.user", cast.ada.id)


def test_a_confidential_kind_is_hidden_from_agents_as_a_whole(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk, kind="confidential")
    assert get_version(cast.ada, document.pk, "1").number == 1
    assert not Document.objects.visible_to(cast.gus).exists()
    with pytest.raises(NotFound):
        get_version(cast.gus, document.pk, "1")
    with pytest.raises(Invalid):
        make_document(cast.gus, COMPANY, cast.north.pk, kind="confidential", title="Mine")
    assert "confidential" not in DocumentKind.objects.visible_to(cast.gus).values_list("key", flat=True)


def test_a_rule_hides_a_kind_from_a_role_at_once(cast):
    make_document(cast.ada, COMPANY, cast.north.pk)
    assert Document.objects.visible_to(cast.fia).exists()
    FieldRule.objects.create(role=Role.objects.get(key="finance"), noun=KIND_RULES, field="annex", level=0)
    bump_policy(SYSTEM, ())
    assert not Document.objects.visible_to(cast.fia).exists()
    assert Document.objects.visible_to(cast.lin).exists()
    forget_access()


def test_papers_that_state_the_value_follow_the_rule_of_the_value(cast, monkeypatch):
    monkeypatch.setattr("hetong.documents.policy.VALUE_FIELDS", (*VALUE_FIELDS, "currency"))
    make_document(cast.ada, COMPANY, cast.north.pk, kind="contract_text")
    assert Document.objects.visible_to(cast.fia).exists()
    FieldRule.objects.create(role=Role.objects.get(key="finance"), noun=COMPANY, field="currency", level=0)
    bump_policy(SYSTEM, ())
    assert not Document.objects.visible_to(cast.fia).exists()
    assert Document.objects.visible_to(cast.admin).exists()
    forget_access()


def test_the_text_is_read_after_the_upload(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk, title="Pumpavtal")
    assert DerivedText.objects.get().state == "waiting"
    assert read_waiting_texts() == 1
    assert read_waiting_texts() == 0
    assert "Pumpavtal" in DerivedText.objects.get(blob=document.current.blob).text


def test_kinds_are_seeded_once_and_edited_by_administrators(cast):
    kind_of("annex")
    assert services.seed_kinds() == 0
    [kind] = services.add_kinds(cast.admin, [{"labels": {"en": "Power of attorney", "sv": "Fullmakt"}}])
    assert kind.key == "power_of_attorney"
    services.edit_kinds(cast.admin, [kind.pk], {"is_confidential": True})
    with pytest.raises(Forbidden):
        services.add_kinds(cast.ada, [{"labels": {"en": "Mine"}}])
    assert entries_of(kind.pk) == ["documents.kind_added", "documents.kind_edited"]


def test_documents_follow_a_record_that_became_part_of_another(cast):
    document = make_document(cast.ada, COMPANY, cast.north.pk, kind="confidential")
    assert services.move_documents(cast.gus, COMPANY, [cast.north.pk], cast.south.pk) == 1
    document.refresh_from_db()
    assert (document.subject, document.version) == (cast.south.pk, 2)
    assert last_entry(document.pk)[0] == "documents.moved"
    assert services.move_documents(cast.gus, COMPANY, [cast.north.pk], cast.south.pk) == 0


def test_a_kind_whose_position_is_left_empty_has_one_all_the_same(cast):
    kind = services.add_kinds(cast.admin, [{"labels": {"en": "Site plan"}, "position": ""}])[0]
    kind.refresh_from_db()
    assert (kind.key, kind.position) == ("site_plan", 0)
