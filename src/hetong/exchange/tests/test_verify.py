"""`hetong verify`: an untouched package passes, every touched byte is found and named, nothing dangerous is opened (B4, E1)."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from hetong.exchange.packing import CHECK, MANIFEST, Member, check_line, listed, manifest_of, pack
from hetong.exchange.verifying import NotAPackage, verify

FILES = {
    "record.json": b'{"contract": 1}\n',
    "record.pdf": b"%PDF-1.7 not really" * 40,
    "documents/01-avtal åäö/v1-Avtal 合同.pdf": b"%PDF-1.4 text" * 100,
    "documents/02-annex/v1-empty.txt": b"x",
}
FACTS = {
    "product": {"name": "Hetong", "version": "0.2"}, "made_at": "2026-11-21T12:00:00+00:00",
    "contract": {"id": "1", "number": "HT-2026-0001", "title": "Mätare"}, "hashes": {"content": "ab", "approved": "ab", "signed": ""},
}  # fmt: skip


def package(files: dict[str, bytes] = FILES, facts: dict = FACTS) -> bytes:
    members = [
        Member(path, lambda content=content: io.BytesIO(content), "text/plain") for path, content in files.items()
    ]
    lines = [listed(one) for one in members]
    target = io.BytesIO()
    pack(
        target, manifest_of(facts, lines), [(m.path, line.size, m.open) for m, line in zip(members, lines, strict=True)]
    )
    return target.getvalue()


GOOD = package()


@pytest.fixture
def kept(tmp_path):
    def keep(content: bytes) -> Path:
        path = tmp_path / "package.zip"
        path.write_bytes(content)
        return path

    return keep


def rezipped(changed: dict[str, bytes | None], **more: bytes) -> bytes:
    """The good package packed again by another program with members changed (None: left out) or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            content = changed.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in more.items():
            new.writestr(name, content)
    return out.getvalue()


def test_an_untouched_package_passes(kept):
    verdict = verify(kept(GOOD))
    assert verdict.is_good
    assert (verdict.files, verdict.facts["contract"]["number"]) == (4, "HT-2026-0001")


def test_the_same_contents_are_the_same_bytes():
    assert package() == GOOD


@pytest.mark.parametrize("name", [*FILES, MANIFEST, CHECK])
def test_one_flipped_byte_of_any_member_is_found_and_its_file_named(kept, name):
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        entry = archive.getinfo(name)
        start = entry.header_offset + 30 + len(entry.filename.encode()) + 0
        size = entry.file_size
    for at in {0, size // 2, size - 1}:
        touched = bytearray(GOOD)
        touched[start + at] ^= 0x01
        assert verify(kept(bytes(touched))).changed == [name]


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_no_changed_byte_anywhere_passes(tmp_path_factory, at, flip):
    touched = bytearray(GOOD)
    touched[at] ^= flip
    path = tmp_path_factory.mktemp("flip") / "p.zip"
    path.write_bytes(bytes(touched))
    try:
        verdict = verify(path)
    except NotAPackage:
        return
    assert not verdict.is_good


@given(st.integers(0, len(GOOD) - 1))
def test_no_package_that_was_cut_off_passes(tmp_path_factory, length):
    path = tmp_path_factory.mktemp("cut") / "p.zip"
    path.write_bytes(GOOD[:length])
    with pytest.raises(NotAPackage):
        verify(path)


def test_each_changed_missing_or_added_file_is_named(kept):
    content = rezipped({"record.json": b"{}", "record.pdf": None}, **{"documents/evil.pdf": b"x"})
    verdict = verify(kept(content))
    assert (verdict.changed, verdict.missing, verdict.extra) == (
        ["record.json"],
        ["record.pdf"],
        ["documents/evil.pdf"],
    )


def test_right_files_in_another_zip_are_told_apart(kept):
    verdict = verify(kept(rezipped({})))
    assert not verdict.is_good
    assert "not as it was written" in verdict.notes[0]


@pytest.mark.parametrize("tail", [b"x", b"\0" * 100])
def test_bytes_behind_the_package_are_found(kept, tail):
    with suppress(NotAPackage):
        assert not verify(kept(GOOD + tail)).is_good


def test_a_forged_manifest_is_found_by_the_hash_in_the_journal(kept):
    forged = package(FILES | {"record.json": b"{}"})
    assert verify(kept(forged)).is_good
    expected = verify(kept(GOOD)).manifest_sha256
    assert verify(kept(GOOD), expected=expected.upper()).is_good
    assert not verify(kept(forged), expected=expected).is_good


@dataclass
class Trick:
    name: str
    attributes: int = 0o100644 << 16
    compression: int = zipfile.ZIP_STORED


@pytest.mark.parametrize(
    "trick",
    [
        Trick("../evil"), Trick("/etc/passwd"), Trick("a/../../b"), Trick("C:/x"), Trick("a\\..\\b"), Trick("a//b"), Trick("./a"),
        Trick("link", 0o120777 << 16), Trick("device", 0o020666 << 16), Trick("folder/"),
        Trick("bomb", compression=zipfile.ZIP_DEFLATED), Trick("bomb2", compression=zipfile.ZIP_LZMA),
    ],
    ids=lambda trick: trick.name,
)  # fmt: skip
def test_tricks_are_refused_before_anything_is_read(kept, trick):
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo(trick.name)
        entry.external_attr, entry.compress_type = trick.attributes, trick.compression
        archive.writestr(entry, b"0" * 10_000_000 if "bomb" in trick.name else b"x")
    with pytest.raises(NotAPackage):
        verify(kept(out.getvalue()))


def test_entries_that_share_their_bytes_are_refused(kept):
    """A "quoted overlap" bomb: many directory entries that point at one large member."""
    big = package({"a": b"0" * 1_000_000})
    with zipfile.ZipFile(io.BytesIO(big)) as archive:
        end = archive.start_dir
    directory = big[end : big.rfind(b"PK\x05\x06")]
    last = directory[directory.rfind(b"PK\x01\x02") :]
    copies = b"".join(
        last.replace(b"a", bytes([letter])) if False else last[:-1] + bytes([letter]) for letter in b"bcdefgh"
    )
    tail = bytearray(big[big.rfind(b"PK\x05\x06") :])
    count = int.from_bytes(tail[8:10], "little") + 7
    tail[8:10] = tail[10:12] = count.to_bytes(2, "little")
    tail[12:16] = (len(directory) + len(copies)).to_bytes(4, "little")
    with pytest.raises(NotAPackage, match="larger than the file"):
        verify(kept(big[:end] + directory + copies + bytes(tail)))


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"%PDF-1.7", b"\0" * 100_000, b"PK\x05\x06" + b"\0" * 18, b"PK\x05\x06" + b"\xff" * 18]
)
def test_what_is_no_package_is_refused(kept, content):
    with pytest.raises(NotAPackage):
        verify(kept(content))


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{", b"null", b'{"format": "other"}', b'{"format": "hetong-archive-package", "version": 2, "files": []}',
     b'{"format": "hetong-archive-package", "version": 1}', b'{"format": "hetong-archive-package", "version": 1, "files": [1]}',
     b"[" * 100_000],
)  # fmt: skip
def test_a_manifest_of_another_kind_is_refused(kept, manifest):
    with pytest.raises(NotAPackage):
        verify(kept(rezipped({MANIFEST: manifest, CHECK: check_line(manifest)})))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(NotAPackage, match="cannot be read"):
        verify(tmp_path / "none.zip")


# -- the command ------------------------------------------------------------------------------------


def test_the_command_says_what_it_checked(kept, capsys):
    call_command("verify", kept(GOOD))
    said = capsys.readouterr().out
    assert "HT-2026-0001" in said
    assert "Untouched: 4 files" in said


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [(rezipped({"record.pdf": b"other"}), 1, "changed    record.pdf"), (b"no", 2, "")],
)
def test_the_command_ends_with_a_status_of_its_own(kept, capsys, content, status, said):
    with pytest.raises(CommandError) as ended:
        call_command("verify", kept(content))
    assert ended.value.returncode == status
    assert said in capsys.readouterr().out


def test_the_command_speaks_json(kept, capsys):
    call_command("verify", kept(GOOD), "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["files"], said["contract"]["number"]) == (True, 4, "HT-2026-0001")
