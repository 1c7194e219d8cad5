"""Office files for tests: those that LibreOffice wrote, and archives that were made to do harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent / "office"


def office_file(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def repacked(data: bytes, changes: Mapping[str, bytes]) -> bytes:
    """The archive with these parts in the place of its own, or beside them."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in archive.infolist():
            if part.filename not in changes:
                copy.writestr(part.filename, archive.read(part))
        for name, content in changes.items():
            copy.writestr(name, content)
    return output.getvalue()


def part_of(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
