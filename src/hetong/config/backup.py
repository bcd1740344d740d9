"""The whole house in one file, and a house made from such a file: the database, the files, the heads of the journal, the key.

What is copied when keeps the copy in itself right while people go on working: heads of the journal first (the journal may have
grown since, never shrunk), then the database as it stands at one moment, then the files, which are written before the rows that name
them and never change. Every part stands in the manifest with its SHA-256, and nothing is put in place before all of them were checked.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from hetong.files.gateways import folder_of
from hetong.kernel import clock

FORMAT: Final = 1
MANIFEST, DATABASE, KEY = "manifest.json", "database", "secret-key"
HEADS, FILES = "heads", "files"
AFTERWARDS: Final = (FILES, "mail", "exports")
"""The folders that are copied after the database."""
PIECE: Final = 1 << 20


class Unusable(Exception):
    """The file, or the place it should go to, cannot be used; the message says why and what to do."""


def _folders() -> dict[str, Path]:
    """Where the house keeps what is no database, by its name in a backup."""
    home = Path(settings.HETONG_HOME)
    return {name: home / name for name in (HEADS, *AFTERWARDS)} | {FILES: folder_of(settings.STORAGE_URL)}


# -- out ---------------------------------------------------------------------------------------------


def back_up(target: Path, *, with_key: bool = True) -> dict[str, Any]:
    """Write the house into ``target`` while it works, in one step; returns the manifest. Raises `Unusable`."""
    if target.exists():
        raise Unusable(f"{target} is there already; name a new file.")
    if not connection.introspection.table_names():
        raise Unusable(
            f"There is nothing in {settings.HETONG_HOME}. Does HETONG_HOME, and HETONG_DATABASE_URL if used, name your house?"
        )
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with ZipFile(draft, "x", ZIP_STORED) as archive, tempfile.TemporaryDirectory(dir=target.parent) as folder:
            held = {name: _put(archive, name, path) for name, path in _parts(Path(folder), with_key)}
            manifest = {
                "format": FORMAT,
                "hetong": version("hetong"),
                "engine": connection.vendor,
                "made_at": clock.now().isoformat(),
                "migrations": sorted(map(list, MigrationLoader(connection).applied_migrations)),
                "key": KEY in held,
                "parts": held,
            }
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _parts(folder: Path, with_key: bool) -> Iterator[tuple[str, Path]]:
    """Every part with its name, in the order in which they must be read."""
    folders, key = _folders(), Path(settings.HETONG_HOME) / KEY
    yield from _inside(HEADS, folders[HEADS])
    dump = folder / DATABASE
    _dump(dump)
    yield DATABASE, dump
    for name in AFTERWARDS:
        yield from _inside(name, folders[name])
    if with_key and key.exists():
        yield KEY, key


def _inside(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of a folder but for those still on their way in."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not path.is_symlink() and inside.parts[0] != "incoming":
            yield f"{name}/{inside.as_posix()}", path


def _put(archive: ZipFile, name: str, path: Path) -> str:
    """Copy one part; returns the SHA-256 of what was copied. Files of people are compressed already."""
    digest, entry = hashlib.sha256(), ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED if name == DATABASE else ZIP_STORED
    with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as out:
        while piece := source.read(PIECE):
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _dump(target: Path) -> None:
    """The database as it stands at one moment; whoever writes meanwhile does not wait."""
    if connection.vendor == "postgresql":
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
        return
    name = settings.DATABASES["default"]["NAME"]
    with (
        closing(sqlite3.connect(f"{Path(name).absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        if copy.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
            raise Unusable(
                f"The database {name} is empty. Run “hetong migrate” first, or name another HETONG_DATABASE_URL."
            )


# -- in ----------------------------------------------------------------------------------------------


def restore(source: Path) -> dict[str, Any]:
    """Make the empty house of `HETONG_HOME` what ``source`` holds; returns the manifest. Raises `Unusable`, and leaves it empty."""
    home = Path(settings.HETONG_HOME)
    _must_be_empty()
    try:
        with ZipFile(source) as archive, tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as folder:
            manifest = json.loads(archive.read(MANIFEST))
            _must_fit(manifest)
            for name, digest in manifest["parts"].items():
                _take(archive, name, digest, Path(folder))
            _settle(Path(folder), home)
    except (BadZipFile, KeyError, ValueError) as broken:
        raise Unusable(f"{source} is no whole backup of Hetong: {broken}. Nothing was restored.") from broken
    return dict(manifest)


def _must_be_empty() -> None:
    full = [name for name, folder in _folders().items() if any(path.is_file() for path in folder.rglob("*"))]
    if connection.introspection.table_names() or full:
        what = "the database" if not full else ", ".join(full)
        raise Unusable(
            f"There is something here already ({what}). A backup is restored into an empty house: name an empty HETONG_HOME, "
            "and an empty database in HETONG_DATABASE_URL where one is used."
        )


def _must_fit(manifest: dict[str, Any]) -> None:
    if manifest["format"] != FORMAT:
        raise Unusable(f"The backup was made by Hetong {manifest['hetong']}, which writes them differently.")
    if manifest["engine"] != connection.vendor:
        raise Unusable(
            f"The backup holds a database of {manifest['engine']}, and HETONG_DATABASE_URL names {connection.vendor}."
        )
    unknown = {tuple(one) for one in manifest["migrations"]} - set(MigrationLoader(connection).disk_migrations)
    if unknown:
        raise Unusable(
            f"The backup was made by a newer Hetong ({manifest['hetong']}); install that one or a later one first."
        )


def _take(archive: ZipFile, name: str, digest: str, folder: Path) -> None:
    """Copy one part out and hold it against the manifest. Raises `ValueError` where it differs or its name leads elsewhere."""
    parts = PurePosixPath(name).parts
    if not parts or parts[0] not in (HEADS, *AFTERWARDS, DATABASE, KEY) or ".." in parts:
        raise ValueError(f"“{name}” has no place in a house")
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    found = hashlib.sha256()
    with archive.open(name) as packed, target.open("xb") as out:
        while piece := packed.read(PIECE):
            found.update(piece)
            out.write(piece)
    if found.hexdigest() != digest:
        raise ValueError(f"“{name}” is not as it was written")


def _settle(folder: Path, home: Path) -> None:
    """Put everything in its place, the database last: until then the house counts as empty, and is again if that fails."""
    with ExitStack() as undone:
        for name, place in _folders().items():
            if (folder / name).is_dir():
                shutil.rmtree(place, ignore_errors=True)  # folders without a file
                place.parent.mkdir(parents=True, exist_ok=True)
                undone.callback(shutil.rmtree, shutil.move(folder / name, place))
        _load(folder / DATABASE)
        undone.pop_all()
    if (folder / KEY).exists():
        (folder / KEY).replace(home / KEY)


def _load(dump: Path) -> None:
    if connection.vendor == "postgresql":
        _run("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(dump))
        return
    connection.close()
    name = settings.DATABASES["default"]["NAME"]
    for beside in ("-wal", "-shm"):
        Path(f"{name}{beside}").unlink(missing_ok=True)
    shutil.move(dump, name)


# -- PostgreSQL's own tools --------------------------------------------------------------------------


def _run(tool: str, *words: str) -> None:
    """One of PostgreSQL's tools on our database. Raises `Unusable` with what it says."""
    from psycopg.conninfo import make_conninfo  # there only where PostgreSQL is used

    known = connection.settings_dict
    ours = {name: value for name, value in known["OPTIONS"].items() if name.startswith("ssl")}
    address = make_conninfo(
        dbname=known["NAME"], user=known["USER"] or None, host=known["HOST"] or None, port=known["PORT"] or None, **ours
    )
    connection.close()
    password = str(known["PASSWORD"] or "")
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    done = subprocess.run(  # noqa: S603 - a tool of PostgreSQL's with words of ours
        [_tool(tool), f"--dbname={address}", *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unusable(f"{tool} failed: {done.stderr.strip()[-600:]}")


def _tool(name: str) -> str:
    """The newest one there is: an older one refuses a newer server."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    tool = str(found[-1]) if found else shutil.which(name)
    if not tool:
        raise Unusable(
            f"{name} is not found. Install PostgreSQL's client tools (postgresql-client), as new as the server."
        )
    return tool
