"""Read a backup as a stream, and check it against its manifest."""

from __future__ import annotations

import gzip
import hashlib
import json
import tarfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lms.learning.backup.encrypted_stream import MAGIC, DecryptingReader
from lms.learning.backup.errors import BackupTooNew, InvalidBackup, WrongPassphrase

FORMAT = 1


def is_encrypted(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


@contextmanager
def open_backup(path: Path, passphrase: str | None) -> Generator[Iterator[tuple[str, bytes]]]:
    """Yield the members, as (name, data), in the order in which they were written.

    Raises:
        InvalidBackup, WrongPassphrase: the file cannot be read.
        OSError: the system does not give it.
    """
    with path.open("rb") as file:
        encrypted = file.read(len(MAGIC)) == MAGIC
        file.seek(0)
        if encrypted and not passphrase:
            raise WrongPassphrase("a passphrase is needed")
        source: Any = DecryptingReader(file, passphrase or "") if encrypted else file
        try:
            with tarfile.open(fileobj=source, mode="r|") as tar:
                yield _members(tar)
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InvalidBackup(str(error)) from error


def check_backup(path: Path, passphrase: str | None) -> dict[str, Any]:
    """Read the whole file and return its manifest.

    Raises:
        InvalidBackup, WrongPassphrase: it is not whole, or not what the manifest says.
        BackupTooNew: it has another format than this release writes.
        OSError: the system does not give it.
    """
    rows: dict[str, int] = {}
    digests: dict[str, Any] = {}
    files: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    with open_backup(path, passphrase) as members:
        for name, data in members:
            if name == "manifest.json":
                manifest = _parse(data)
            elif name.startswith("store/"):
                table, lines = table_name_of_member(name), gzip.decompress(data)
                digests.setdefault(table, hashlib.sha256()).update(lines)
                rows[table] = rows.get(table, 0) + lines.count(b"\n")
            else:
                files[name] = hashlib.sha256(data).hexdigest()
    if manifest is None:
        raise InvalidBackup("no manifest: the file is cut")
    try:
        if manifest["format"] != FORMAT:
            raise BackupTooNew(f"dạng {manifest['format']}")
        empty = hashlib.sha256().hexdigest()
        for table, record in manifest["tables"].items():
            digest = digests[table].hexdigest() if table in digests else empty
            if (record["rows"], record["digest"]) != (rows.get(table, 0), digest):
                raise InvalidBackup(f"table {table} differs from the manifest")
        if not digests.keys() <= manifest["tables"].keys() or files != manifest["files"]:
            raise InvalidBackup("the files differ from the manifest")
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidBackup(f"manifest: {error}") from error
    return manifest


def table_name_of_member(name: str) -> str:
    return name.split("/")[1]


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    for member in tar:
        file = tar.extractfile(member) if member.isfile() else None
        if file is None:
            raise InvalidBackup(f"{member.name} is no file")
        data = file.read()
        if len(data) != member.size:
            raise InvalidBackup("the file is cut")
        yield member.name, data


def _parse(data: bytes) -> dict[str, Any]:
    try:
        return json.loads(data)
    except ValueError as error:
        raise InvalidBackup(f"manifest: {error}") from error
