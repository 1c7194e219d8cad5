"""One site for each data folder: a lock of the operating system, which ends with the process however it ends.

Two sites on one SQLite file would both work, and then print slips and addresses of each other.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from lms.config import Settings

if os.name == "posix":
    import fcntl

log = logging.getLogger(__name__)

FILE_NAME = "site.lock"
_WINDOWS_LOCKED_BYTE = 1 << 20  # far behind the text: on Windows nobody else can read locked bytes
_WRITE_SECONDS = 2.0  # for the first process to write its address

_held: list[BinaryIO] = []  # closing a file would end the lock


class DataFolderInUse(Exception):
    """Another site is running on this data folder."""


def lock_data_folder(settings: Settings) -> None:
    """Take the data folder for the site of ``settings`` until this process ends.

    Workers of one site, which have one public URL, may share it. Nothing is locked where the store is not in a file:
    any number of machines may serve from PostgreSQL, or from a folder that has no locks.

    Raises:
        DataFolderInUse: another site has it.
    """
    if file := _open_and_lock(settings, lambda file: _lock_posix(file, settings.public_url)):
        _held.append(file)


@contextmanager
def exclusive_data_folder(settings: Settings) -> Iterator[None]:
    """Let no site run on the data folder within the block; locks what ``lock_data_folder`` locks.

    Raises:
        DataFolderInUse: a site is running on it.
    """
    file = _open_and_lock(settings, lambda file: _try_lock(file, fcntl.LOCK_EX))
    try:
        yield
    finally:
        if file:
            file.close()


def _open_and_lock(settings: Settings, lock_posix: Callable[[BinaryIO], bool]) -> BinaryIO | None:
    """The locked file; None where there is nothing to lock."""
    if not settings.database_url.startswith("sqlite"):
        return None
    try:
        file = _open(settings.data_dir / FILE_NAME)
    except OSError:  # other faults of the folder are reported when the store is opened
        log.debug("no lock file", exc_info=True)
        return None
    try:
        is_free = lock_posix(file) if os.name == "posix" else _lock_windows(file)
    except OSError:  # a file system without locks
        log.warning("no locks in %s: nobody is told if two sites run there", settings.data_dir)
        is_free = True
    if not is_free:
        file.close()
        raise DataFolderInUse
    return file


def _open(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)


def _lock_posix(file: BinaryIO, public_url: str) -> bool:
    """Lock the file alone and write the URL, or share the lock of a site with the same URL.

    Record locks belong to the process: unlike those of flock, the processes that read ahead do not inherit them.
    """
    deadline = time.monotonic() + _WRITE_SECONDS
    while not _try_lock(file, fcntl.LOCK_EX):
        if _try_lock(file, fcntl.LOCK_SH):  # else another process is writing its URL
            file.seek(0)
            if file.read() == public_url.encode():
                return True
            if not _try_lock(file, fcntl.LOCK_EX):  # if that works, the URL is of a process that has just ended
                return False
            break
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    file.seek(0)
    file.truncate()
    file.write(public_url.encode())
    return _try_lock(file, fcntl.LOCK_SH)


def _try_lock(file: BinaryIO, kind: int) -> bool:
    try:
        fcntl.lockf(file, kind | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # as POSIX allows either
        return False
    return True


def _lock_windows(file: BinaryIO) -> bool:
    """Windows has no shared lock in the standard library; several workers are for PostgreSQL there."""
    import msvcrt

    file.seek(_WINDOWS_LOCKED_BYTE)
    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # pyright: ignore[reportAttributeAccessIssue]
    except OSError:
        return False
    return True
