"""The pictures of courses as phones get them: heavy ones reduced, once, and kept by the digest of the original."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from lms.content.pictures.check import BadPicture
from lms.content.pictures.reduction import VERSION, media_type, needs_reduction, reduce
from lms.lru_cache import LruCache

log = logging.getLogger(__name__)

FOLDER = "pictures"  # in the data folder; may be emptied at any time
_in_memory: LruCache[str, bytes] = LruCache(32_000_000, len)
_reducing = threading.Lock()  # sixty phones ask at once for a picture that nobody has reduced yet


class ServedPicture(NamedTuple):
    """What is served for a picture: a reduced one, or nothing, which means the file itself."""

    content: bytes
    media_type: str
    digest: str


def reduced_picture(path: Path, data_dir: Path) -> ServedPicture | None:
    """The reduced form of a picture; None if its file is served as it is."""
    try:
        stat = path.stat()
        digest = _digest_if_reduced(path, stat.st_mtime_ns, stat.st_size)
        if digest is None:
            return None
        content = _content(path, data_dir / FOLDER / f"{digest}-{VERSION}")
    except (BadPicture, OSError, ValueError):
        return None  # the checker reports it
    return ServedPicture(content, media_type(content), f"{digest}-{VERSION}")


def served_bytes(path: Path, data_dir: Path) -> int:
    """How much a phone loads for a picture."""
    reduced = reduced_picture(path, data_dir)
    return len(reduced.content) if reduced else path.stat().st_size


@lru_cache(maxsize=1024)
def _digest_if_reduced(path: Path, _modified: int, _size: int) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:32] if needs_reduction(path) else None


def _content(path: Path, stored: Path) -> bytes:
    content = _in_memory.get(stored.name)
    if content is not None:
        return content
    with _reducing:
        content = _in_memory.get(stored.name) or _read(stored)
        if content is None:
            content = reduce(path)
            _write(stored, content)
        _in_memory.put(stored.name, content)
    return content


def _read(stored: Path) -> bytes | None:
    try:
        return stored.read_bytes()
    except OSError:
        return None


def _write(stored: Path, content: bytes) -> None:
    """Keep a reduced picture. A full disk only costs the work again after the next start."""
    try:
        stored.parent.mkdir(mode=0o700, exist_ok=True)
        draft = stored.with_suffix(f".{os.getpid()}")  # another worker may write the same
        draft.write_bytes(content)
        draft.replace(stored)
    except OSError as error:
        log.warning("A reduced picture was not kept: %s", error)
