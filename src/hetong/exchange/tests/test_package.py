"""The archive package: made when a contract is archived, complete, the same for the same record, and checkable (S2-03, B4)."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from hetong.audit.models import Entry
from hetong.audit.sealer import seal
from hetong.billing import services as billing
from hetong.billing.services import DueShare, InvoiceOrder, papers
from hetong.billing.testing import dues_of, make_active
from hetong.contracts import services as contracts
from hetong.contracts.models import Contract
from hetong.contracts.services.setup import default_statuses
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract
from hetong.documents.models import Document, DocumentKind
from hetong.documents.services import Upload, add_documents, add_version, seed_kinds
from hetong.exchange.events import Act
from hetong.exchange.packing import MANIFEST
from hetong.exchange.services.packages import FileAltered, FileGone, build_package
from hetong.exchange.verifying import verify
from hetong.files.gateways import storage
from hetong.files.testing import make_pdf
from hetong.jobs.models import Outbox
from hetong.jobs.worker import drain_outbox
from hetong.kernel.actors import Actor

SYSTEM = Actor.system()


def with_paper(cast, contract, name: str = "Avtal åäö 合同.pdf", kind: str = "annex") -> Document:
    seed_kinds()
    chosen = str(DocumentKind.objects.get(key=kind).pk)
    upload = Upload(name, io.BytesIO(make_pdf(name.encode("ascii", "replace").decode())))
    return add_documents(cast.admin, "contracts.contract", contract.pk, [upload], kind=chosen)[0]


def closed(contract: Contract) -> Contract:
    contract.refresh_from_db()
    contract.stage, contract.status_id = Stage.CLOSED, default_statuses()[Stage.CLOSED]
    contract.save()
    return contract


def archive(cast, *rows: Contract) -> None:
    contracts.archive_contracts(cast.admin, [one.pk for one in rows], place="Shelf 7")
    drain_outbox()


def package_of(contract: Contract) -> Document:
    return Document.objects.get(subject=contract.pk, kind__key="archive_package")


def opened(document: Document) -> zipfile.ZipFile:
    with storage().open(document.current.sha256) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


@pytest.fixture
def billed(cast) -> Contract:
    """A contract with an invoice, a payment and a paper, closed."""
    contract = make_active(cast.ada, "40", "60", lines=2)
    due = dues_of(contract)[0]
    [invoice] = billing.issue_invoices(cast.fia, [InvoiceOrder([DueShare(due.pk)])])
    papers.get_paper(cast.fia, invoice.pk)
    with_paper(cast, contract)
    return closed(contract)


def test_archiving_makes_a_package_that_verify_accepts(cast, billed, tmp_path):
    archive(cast, billed)
    document = package_of(billed)
    path = tmp_path / "package.zip"
    path.write_bytes(opened(document).fp.getvalue())
    verdict = verify(path)
    assert verdict.is_good
    [entry] = Entry.objects.filter(code=Act.PACKAGED)
    assert entry.subject == billed.pk
    assert entry.params == {"manifest_sha256": verdict.manifest_sha256, "package_sha256": document.current.sha256}
    assert verify(path, expected=entry.params["manifest_sha256"]).is_good
    assert document.current.blob.media_type == "application/zip"
    assert document.kind.is_confidential
    assert document.kind.states_value


def test_the_package_holds_the_whole_record(cast, billed):
    seal()
    archive(cast, billed)
    archive_file = opened(package_of(billed))
    record = json.loads(archive_file.read("record.json"))
    assert record["contract"]["id"] == str(billed.pk)
    assert [len(record[name]) for name in ("lines", "instalments", "dues", "invoices")] == [2, 2, 2, 1]
    assert record["invoices"][0]["gross"]["currency"] == "SEK"
    assert record["moves"][-1]["verb"] == "archive"
    assert {"contracts.archived", "billing.invoice_issued"} <= {one["code"] for one in record["journal"]}
    sealed = [one for one in record["journal"] if one["chain"]]
    assert sealed
    assert all(len(one["chain"]["hash"]) == 64 for one in sealed)
    manifest = json.loads(archive_file.read(MANIFEST))
    assert manifest["contract"]["archive_no"]
    assert manifest["hashes"]["content"]
    paths = [one["path"] for one in manifest["files"]]
    assert [path.split("/")[0] for path in paths] == ["record.json", "record.pdf", "documents", "documents"]
    assert any(path.endswith("Avtal åäö 合同.pdf") for path in paths)
    assert any("-invoice-" in path for path in paths)
    assert archive_file.read("record.pdf").startswith(b"%PDF")


def test_every_version_of_every_document_is_inside_and_packages_are_not(cast):
    contract = make_contract(cast.ada, title="Mätare")
    document = with_paper(cast, contract)
    add_version(cast.admin, document.pk, Upload("../../etc/passwd.pdf", io.BytesIO(make_pdf("Second"))))
    archive(cast, closed(contract))
    paths = [name for name in opened(package_of(contract)).namelist() if name.startswith("documents/")]
    assert [path.split("/")[-1][:3] for path in paths] == ["v1-", "v2-"]
    assert not [path for path in paths if ".." in path]
    contracts.unarchive_contracts(cast.admin, [contract.pk], reason="A paper was missing")
    archive(cast, contract)
    again = package_of(contract)
    assert again.current.number == 2
    assert not [name for name in opened(again).namelist() if "archive_package" in name]


def test_a_package_is_made_once_for_one_archiving(cast):
    contract = closed(make_contract(cast.ada))
    archive(cast, contract)
    assert build_package(SYSTEM, contract) is None
    assert package_of(contract).versions.count() == 1


def test_many_contracts_are_one_consequence_each(cast):
    rows = [closed(make_contract(cast.ada, title=f"Number {n}")) for n in range(3)]
    archive(cast, *rows)
    assert Document.objects.filter(kind__key="archive_package").count() == 3
    assert (
        Outbox.objects.filter(listener__endswith="build_packages", code=Act.PACKAGES_WANTED, state="done").count() == 3
    )


def test_a_missing_file_stops_the_package_and_is_named(cast):
    contract = make_contract(cast.ada)
    document = with_paper(cast, contract)
    storage().remove(document.current.sha256)
    with pytest.raises(FileGone) as gone:
        build_package(SYSTEM, contract)
    assert gone.value.params["document"] == document.title
    assert not Document.objects.filter(kind__key="archive_package").exists()


def test_an_altered_file_is_never_archived_as_if_it_were_the_right_one(cast):
    contract = make_contract(cast.ada)
    key = with_paper(cast, contract).current.sha256
    room = storage()
    with room.arriving() as arriving:
        arriving.file.write(b"something else")
        room.keep(arriving, key)
    with pytest.raises(FileAltered):
        build_package(SYSTEM, contract)


def test_an_archived_contract_stays_archived_when_its_package_fails(cast):
    contract = closed(make_contract(cast.ada))
    storage().remove(with_paper_before(cast, contract))
    archive(cast, contract)
    contract.refresh_from_db()
    assert contract.stage == Stage.ARCHIVED
    row = Outbox.objects.get(listener__endswith=":build_packages")
    assert (row.state, row.attempts) == ("waiting", 1)


def with_paper_before(cast, contract) -> str:
    contract.stage = Stage.DRAFT
    contract.save()
    key = with_paper(cast, contract).current.sha256
    closed(contract)
    return key


def test_who_may_not_read_the_value_reads_no_package(cast):
    contract = closed(make_contract(cast.ada))
    archive(cast, contract)
    assert Document.objects.visible_to(cast.admin).filter(kind__key="archive_package").exists()
    assert not Document.objects.visible_to(cast.gus).filter(kind__key="archive_package").exists()
    assert not Document.objects.visible_to(cast.dora).filter(kind__key="archive_package").exists()


def test_two_packages_of_one_record_differ_in_the_time_they_were_made_alone(cast, billed):
    from hetong.exchange.services import packages

    def made() -> dict[str, bytes]:
        target = io.BytesIO()
        packages._write(SYSTEM, billed, None, target)
        with zipfile.ZipFile(target) as archive_file:
            return {name: archive_file.read(name) for name in archive_file.namelist()}

    first, second = made(), made()
    assert {name for name in first if first[name] != second[name]} <= {MANIFEST, "manifest.sha256"}
    facts = [json.loads(one[MANIFEST]) | {"made_at": ""} for one in (first, second)]
    assert facts[0] == facts[1]


def test_the_doctor_misses_a_package_and_knows_the_right_one(cast):
    from hetong.exchange.queries.doctor import package_checks

    contract, other = closed(make_contract(cast.ada)), closed(make_contract(cast.ada, title="Other"))
    archive(cast, contract, other)
    assert list(package_checks()) == []
    Contract.objects.filter(pk=make_contract(cast.ada, title="Third").pk).update(stage=Stage.ARCHIVED)
    document = package_of(other)
    add_version(SYSTEM, document.pk, Upload("forged.pdf", io.BytesIO(make_pdf("Forged"))))
    assert sorted(what for _where, what in package_checks()) == [
        "archived, but no archive package was made", "its archive package is not the one that the journal speaks of",
    ]  # fmt: skip
