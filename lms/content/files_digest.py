"""One digest of all files of a course, and of a library, the same on every host that has the same courses.

It does not depend on the order of a folder, on dates and modes, on a line ending (CRLF or LF), a byte order mark, on
hidden files, nor on how a file system composes accents. Unlike ``Course.digest``, which is made of what this release
understood, it is the same for two releases, and sees every byte of a picture.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from lms.content.digest import digest
from lms.content.model import Library

_TEXTS = (".md", ".svg", ".txt")
_LEFT_BY_SYSTEMS = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


def is_course_file(name: str) -> bool:
    """Whether a file or folder of this name is part of a course."""
    return not name.startswith("_") and not is_hidden_or_system_file(name)


def is_hidden_or_system_file(name: str) -> bool:
    """Whether a file or folder of this name is hidden, or left by a file manager."""
    return name.startswith(".") or name.lower() in _LEFT_BY_SYSTEMS


def list_course_files(folder: Path) -> Iterator[Path]:
    """All files in ``folder`` and below that are part of a course, in no order."""
    for current, folders, files in os.walk(folder):
        folders[:] = filter(is_course_file, folders)
        yield from (Path(current, name) for name in files if is_course_file(name))


def course_files_digest(folder: Path) -> str:
    """The digest of a course's files. One that cannot be read counts by its name alone."""
    named = ((path.relative_to(folder).as_posix(), path) for path in list_course_files(folder))
    files = sorted((unicodedata.normalize("NFC", name), path) for name, path in named)
    return digest(*(part for name, path in files for part in (name, _file_digest(path))))


def library_files_digest(library: Library) -> str:
    """The digest of the courses of a library, as they are published."""
    return digest(*(f"{slug} {files}" for slug, files in sorted((c.slug, c.files_digest) for c in library)))[:32]


def _file_digest(path: Path) -> str:
    try:
        data = path.read_bytes() if path.is_file() else b""  # reading a pipe would block
    except OSError:
        data = b""
    if path.suffix.lower() in _TEXTS:
        data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    return hashlib.sha256(data).hexdigest()
