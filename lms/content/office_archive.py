"""Office files (DOCX, XLSX) from anywhere: which kind it is, by its content, and nothing that would do harm.

Such a file is a ZIP of XML parts. Nothing in it is run or fetched: macros are parts that nobody reads, and a link to
elsewhere is an address that nobody opens.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Literal

OfficeKind = Literal["word", "sheet"]
ArchiveProblem = Literal["too_large", "broken", "encrypted", "not_office"]

ZIP_SIGNATURE = b"PK\x03\x04"
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0"  # Word 97, Excel 97; also an encrypted file of today

# The content types of a main part; the others are those of files that hold macros, or are templates.
_MAIN_PARTS: dict[OfficeKind, bytes] = {
    "word": rb"wordprocessingml\.(?:document|template)\.main\+xml|ms-word\.(?:document|template)\.macroEnabled",
    "sheet": rb"spreadsheetml\.(?:sheet|template)\.main\+xml|ms-excel\.(?:sheet|template)\.macroEnabled",
}
_PLAIN_MAIN_PARTS: dict[OfficeKind, bytes] = {
    "word": b"wordprocessingml.document.main+xml",
    "sheet": b"spreadsheetml.sheet.main+xml",
}
_WHOLE_TYPE = rb"application/vnd\.(?:openxmlformats-officedocument\.)?(?:%s)(?:\.main\+xml)?(?=\")"
_CONTENT_TYPES = "[Content_Types].xml"
_ENCODING = re.compile(rb"\A\s*<\?xml[^>]*encoding=[\"'](?P<name>[\w.-]+)")
_ENCODINGS = (b"utf-8", b"utf-16", b"us-ascii", b"ascii")


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    parts: int
    unpacked_bytes: int
    xml_bytes: int  # of it in XML, which takes ten times as much memory when it is read


DOCUMENT_LIMITS = ArchiveLimits(parts=4000, unpacked_bytes=300_000_000, xml_bytes=30_000_000)


class UnsafeOfficeFile(Exception):
    """The file is damaged, would grow beyond the limits, or is none. ``why`` is an ``ArchiveProblem``."""

    def __init__(self, why: ArchiveProblem) -> None:
        super().__init__(why)
        self.why: ArchiveProblem = why


def check_office_archive(data: bytes, limits: ArchiveLimits = DOCUMENT_LIMITS) -> None:
    """Look through a ZIP before a library reads it; ``zipfile`` reads no more of a part than its entry declares.

    Raises:
        UnsafeOfficeFile: it is not to be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = [part.filename for part in parts]
            xml = [part for part in parts if part.filename.lower().endswith((".xml", ".rels", ".vml"))]
            if (
                len(parts) > limits.parts
                or sum(part.file_size for part in parts) > limits.unpacked_bytes
                or sum(part.file_size for part in xml) > limits.xml_bytes
            ):
                raise UnsafeOfficeFile("too_large")
            if _CONTENT_TYPES not in names:
                raise UnsafeOfficeFile("not_office")
            # Another file before the ZIP, or two parts of one name, of which each program would read another one.
            if min(part.header_offset for part in parts) != 0 or len(set(names)) != len(names):
                raise UnsafeOfficeFile("broken")
            for part in xml:
                _check_xml(archive.read(part))
    # zipfile raises NotImplementedError for a compression that it does not know, RuntimeError for an encrypted part.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        raise UnsafeOfficeFile("broken") from None


def _check_xml(data: bytes) -> None:
    """Refuse what an office program never writes: an entity in a document type can grow without end."""
    text = data.replace(b"\0", b"")  # of UTF-16
    encoding = _ENCODING.match(text.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe"))
    if b"<!DOCTYPE" in text or (encoding and encoding["name"].lower() not in _ENCODINGS):
        raise UnsafeOfficeFile("broken")


def office_kind(data: bytes) -> OfficeKind:
    """What a checked archive is.

    Raises:
        UnsafeOfficeFile: it is no Word file or sheet.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read(_CONTENT_TYPES)
    kinds: list[OfficeKind] = [kind for kind, pattern in _MAIN_PARTS.items() if re.search(pattern, types)]
    if len(kinds) != 1:
        raise UnsafeOfficeFile("not_office")
    return kinds[0]


def without_macros(data: bytes, kind: OfficeKind) -> bytes:
    """The archive as a plain document: libraries refuse a main part that says it has macros, or is a template."""
    pattern = _WHOLE_TYPE % _MAIN_PARTS[kind].replace(rb"\.main\+xml", b"")
    plain = b"application/vnd.openxmlformats-officedocument." + _PLAIN_MAIN_PARTS[kind]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read(_CONTENT_TYPES)
        mended = re.sub(pattern, plain, types)
        if mended == types:
            return data
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as copy:
            for part in archive.infolist():
                copy.writestr(part.filename, mended if part.filename == _CONTENT_TYPES else archive.read(part))
    return output.getvalue()
