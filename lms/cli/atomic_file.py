"""Write a file that holds what must not be lost."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Write the file whole or not at all, also across a power cut. Only its owner may read it.

    Raises:
        OSError: it cannot be written; what was at ``path`` is still there.
    """
    with _temporary_file(path, data, 0o600) as written:
        os.replace(written, path)


def replace_unchanged(path: Path, before: bytes, after: bytes) -> bool:
    """Write a file whole, unless it is no longer ``before``: somebody saved it meanwhile. Returns whether it wrote.

    Its mode stays, and a link stays one.

    Raises:
        OSError: it cannot be read or written; what was at ``path`` is still there.
    """
    from lms.course_delivery.durable_files import sync_folder

    target = path.resolve()
    with _temporary_file(target, after, stat.S_IMODE(target.stat().st_mode)) as written:
        if target.read_bytes() != before:
            return False
        os.replace(written, target)
    sync_folder(target.parent)
    return True


@contextmanager
def _temporary_file(path: Path, data: bytes, mode: int) -> Iterator[Path]:
    """A file beside ``path`` that is on the disk whole; removed at the end, if it is still there."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode != 0o600:
            temporary.chmod(mode)  # os.open subtracts the umask
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
