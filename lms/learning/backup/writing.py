"""Write a backup: a tar of gzipped table chunks and files, with a manifest at its end, checked by reading it back."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from lms.learning.backup.encrypted_stream import EncryptingWriter
from lms.learning.backup.reading import FORMAT, check_backup
from lms.learning.backup.table_rows import read_lines, reflect_tables
from lms.learning.store.database import READ_ONLY_OPTION
from lms.learning.store.migrate import find_revision

_CHUNK_BYTES = 4 << 20  # of lines, before they are compressed: what is held in memory


@dataclass(frozen=True, slots=True)
class TableRecord:
    """What the manifest says of a table: ``digest`` is the SHA-256 of all its lines."""

    columns: list[str]
    rows: int
    digest: str


@dataclass(slots=True)
class Manifest:
    """``files``: SHA-256 by the name in the tar. ``settings``: names of the variables that were set, no values."""

    revision: str
    release: str
    made_at: str
    settings: list[str]
    format: int = FORMAT
    tables: dict[str, TableRecord] = field(default_factory=dict[str, TableRecord])
    files: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


def write_backup(
    path: Path,
    engine: Engine,
    *,
    files: Mapping[str, Path | bytes],
    manifest: Manifest,
    passphrase: str | None,
    progress: Callable[[str, int], None],
) -> Manifest:
    """Write the backup to ``path``, which appears only once it has been read back and found whole.

    ``files``: what goes beside the store, by its name in the tar. ``progress`` is told the table and its rows so far.

    Raises:
        OSError: the file cannot be written.
        InvalidBackup: what was read back is not what was written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            out: Any = EncryptingWriter(file, passphrase) if passphrase else file
            with tarfile.open(fileobj=out, mode="w|") as tar:
                _write_store(tar, engine, manifest, progress)
                for name, source in sorted(files.items()):
                    data = source if isinstance(source, bytes) else source.read_bytes()
                    manifest.files[name] = hashlib.sha256(data).hexdigest()
                    _add(tar, name, data)
                _add(tar, "manifest.json", json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode())
            if passphrase:
                out.close()
            file.flush()
            os.fsync(file.fileno())
        check_backup(draft, passphrase)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write_store(
    tar: tarfile.TarFile, engine: Engine, manifest: Manifest, progress: Callable[[str, int], None]
) -> None:
    is_sqlite = engine.dialect.name == "sqlite"
    snapshot = (
        {READ_ONLY_OPTION: True} if is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    )
    with engine.connect().execution_options(**snapshot) as connection, connection.begin():
        manifest.revision = find_revision(connection) or ""
        for table in reflect_tables(connection):
            manifest.tables[table.name] = _write_table(tar, connection, table, progress)


def _write_table(
    tar: tarfile.TarFile, connection: Connection, table: Any, progress: Callable[[str, int], None]
) -> TableRecord:
    digest, rows = hashlib.sha256(), 0
    for number, lines in enumerate(_chunks(read_lines(connection, table)), 1):
        data = b"".join(lines)
        digest.update(data)
        rows += len(lines)
        _add(tar, f"store/{table.name}/{number:06}.jsonl.gz", gzip.compress(data, 5, mtime=0))
        progress(table.name, rows)
    return TableRecord([column.name for column in table.columns], rows, digest.hexdigest())


def _chunks(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    size = 0
    for line in lines:
        chunk.append(line)
        size += len(line)
        if size >= _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o600
    tar.addfile(member, io.BytesIO(data))
