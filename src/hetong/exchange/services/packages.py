"""The archive package of a contract: everything about it in one file that can be checked without this product."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Callable
from typing import IO, Any, BinaryIO, cast
from uuid import UUID

from django.db import transaction

import hetong
from hetong.audit.services import Change, record_many
from hetong.contracts.models import Contract, StageMove
from hetong.contracts.queries.content import content_hashes
from hetong.documents.models import Document, DocumentKind, Version
from hetong.documents.services import Upload, add_documents, add_version, seed_kinds
from hetong.exchange.events import Act, Packaged, PackagesWanted
from hetong.exchange.packing import Member, canonical, listed, manifest_of, pack
from hetong.exchange.queries.printed import record_facts
from hetong.exchange.queries.record import record_of
from hetong.files.gateways import storage
from hetong.files.models import Blob, BlobState
from hetong.files.names import safe_name
from hetong.files.services import store_made
from hetong.files.typeset.press import TypesetJob, typeset
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, DomainError
from hetong.kernel.events import Event, Fact
from hetong.signing.models import Envelope
from hetong.signing.states import EnvelopeState

CONTRACT = "contracts.contract"
KIND = "archive_package"
ZIP = "application/zip"
IN_MEMORY = 16 * 1024 * 1024


class FileGone(DomainError):
    """A file that belongs into the package is not in the storage, or is held back by the virus scanner."""

    code = "file_gone"
    text = N_("The archive package is not complete: “%(name)s” of “%(document)s” cannot be read.")
    then = N_("Run hetong doctor, bring the file back from a backup, then let it be tried again.")


class FileAltered(DomainError):
    """A file in the storage is no longer what it was when it came."""

    code = "file_altered"
    text = N_("The archive package was not made: “%(name)s” is not what it was when it came.")
    then = N_("Run hetong doctor, bring the file back from a backup, then let it be tried again.")


def build_packages(actor: Actor, event: Event) -> None:
    """Make the archive package of each contract that was archived; listens after archiving. Raises `FileGone`, `FileAltered`.

    Reading every file takes longer than a transaction should, so many at once become one consequence each.
    """
    if len(event.rows) > 1:
        for fact in event.rows:
            publish(PackagesWanted(actor, (fact,)))
        return
    for contract in Contract.objects.visible_to(actor).filter(pk__in=[fact.id for fact in event.rows]):
        build_package(actor, contract)


def build_package(actor: Actor, contract: Contract) -> Version | None:
    """Make the package as the contract stands now and store it on the contract, with its hashes in the journal.

    A package of the same archiving is not made twice; one of a later archiving is a new version of the same document.
    """
    archived = StageMove.objects.visible_to(actor).filter(contract=contract.pk, verb="archive").order_by("-pk").first()
    kept = _kept(actor, contract.pk)
    if kept is not None and archived is not None and kept.current and kept.current.at >= archived.at:
        return None
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as target:
        package = cast(BinaryIO, target)
        manifest = _write(actor, contract, archived, package)
        blob = store_made(package, ZIP)
    return _keep(actor, contract, kept, blob, hashlib.sha256(manifest).hexdigest())


def _kept(actor: Actor, id: UUID) -> Document | None:
    mine = Document.objects.visible_to(actor, CONTRACT).filter(subject=id, kind__key=KIND, is_retired=False)
    return mine.select_related("current").order_by("pk").first()


def _write(actor: Actor, contract: Contract, archived: StageMove | None, target: BinaryIO) -> bytes:
    """Write the package; returns its manifest."""
    language, day = contract.company.language, archived.on if archived else None
    paper = typeset(TypesetJob("exchange/record", record_facts(actor, contract.pk, language=language, day=day)))
    members = [
        _made("record.json", canonical(record_of(actor, contract.pk)), "application/json", "the record, for programs"),
        _made("record.pdf", paper, "application/pdf", "the record, for people"),
        *_papers(actor, contract.pk),
    ]
    lines = [listed(one) for one in members]
    for one, line in zip(members, lines, strict=True):
        if one.sha256 not in ("", line.sha256):
            raise FileAltered(name=one.path)
    manifest = manifest_of(_facts(actor, contract), lines)
    pack(target, manifest, ((one.path, line.size, one.open) for one, line in zip(members, lines, strict=True)))
    return manifest


def _made(path: str, content: bytes, media_type: str, about: str) -> Member:
    return Member(path, lambda: io.BytesIO(content), media_type, about)


def _facts(actor: Actor, contract: Contract) -> dict[str, Any]:
    """What the manifest says of the contract, and the hashes that tie approval, signature and archive together."""
    done = Envelope.objects.visible_to(actor).filter(noun=CONTRACT, subject=contract.pk, state=EnvelopeState.COMPLETED)
    signed = done.order_by("-pk").first()
    return {
        "product": {"name": "Hetong", "version": hetong.__version__},
        "made_at": clock.now().isoformat(timespec="seconds"),
        "contract": {
            "id": str(contract.pk),
            "number": contract.number,
            "title": contract.title,
            "company": contract.company.name,
            "archive_no": contract.archive_no,
        },
        "hashes": {
            "content": content_hashes([contract.pk])[contract.pk],
            "approved": signed.content_hash if signed else "",
            "text": signed.text_sha256 if signed else "",
            "signed": signed.signed_sha256 if signed else "",
        },
    }


# -- documents -----------------------------------------------------------------------------------


def _papers(actor: Actor, id: UUID) -> list[Member]:
    """Every version of every document of the contract but the packages themselves. Raises `FileGone`."""
    versions = Version.objects.visible_to(actor).filter(document__noun=CONTRACT, document__subject=id)
    wanted = versions.exclude(document__kind__key=KIND).select_related("document", "document__kind", "blob")
    places: dict[UUID, int] = {}
    members: list[Member] = []
    for version in wanted.order_by("document_id", "pk"):
        place = places.setdefault(version.document_id, len(places) + 1)
        members.append(_paper(version, place, len(members) + 1))
    return members


def _paper(version: Version, place: int, running: int) -> Member:
    document = version.document
    if version.blob.state != BlobState.CLEAN or not _is_there(version.blob):
        raise FileGone(name=version.name, document=document.title)
    folder = f"{place:02d}-{document.kind.key}-{safe_name(document.title, 'document')[:60].strip('. ')}"
    number = f"v{version.number}" if version.number else f"{version.state}-{running}"
    return Member(
        f"documents/{folder}/{number}-{safe_name(version.name)[-100:].strip('. ')}",
        _opener(version.sha256),
        version.blob.media_type,
        f"{document.kind.key}, {version.state}, {version.at:%Y-%m-%d}, {version.by_label}",
        version.sha256,
    )


def _is_there(blob: Blob) -> bool:
    try:
        storage().open(blob.sha256).close()
    except FileNotFoundError:
        return False
    return True


def _opener(key: str) -> Callable[[], IO[bytes]]:
    return lambda: storage().open(key)


# -- keeping it ----------------------------------------------------------------------------------


class _Kept(io.BytesIO):
    """An upload whose bytes are in the storage already, as `files.services.store` knows them."""

    def __init__(self, blob: Blob) -> None:
        super().__init__()
        self.kept = blob


@transaction.atomic
def _keep(actor: Actor, contract: Contract, kept: Document | None, blob: Blob, manifest: str) -> Version:
    number = contract.number or contract.archive_no or str(contract.pk)
    upload = Upload(f"{number} archive.zip", _Kept(blob))
    if kept is None:
        kind = str(_kind().pk)
        [document] = add_documents(actor, CONTRACT, contract.pk, [upload], kind=kind, title=f"{number} archive")
        version = cast(Version, document.current)
    else:
        version = add_version(actor, kept.pk, upload)
    params = {"manifest_sha256": manifest, "package_sha256": blob.sha256}
    record_many(
        actor, Act.PACKAGED, [Change(CONTRACT, contract.pk, contract.title, contract.company_id)], params=params
    )
    publish(Packaged(actor, (Fact(CONTRACT, contract.pk, contract.company_id, params),)))
    return version


def _kind() -> DocumentKind:
    found = DocumentKind.objects.filter(key=KIND).first()
    if found is None:
        seed_kinds()
        found = DocumentKind.objects.get(key=KIND)
    return found
