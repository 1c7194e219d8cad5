"""Bake a credential into a PNG picture, and extract one from a PNG or SVG (Open Badges 3.0, section 5.3)."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

MAX_FILE_BYTES = 1_000_000  # of an uploaded file
MAX_CREDENTIAL_BYTES = 32_000  # of the credential in it; ours have some 2,000

_PNG = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"openbadgecredential"
_ELEMENT = "https://purl.imsglobal.org/ob/v3p0 credential"


class NoCredential(ValueError):
    """The file has no credential, or is broken, too large, or of another type."""


def bake_png(picture: bytes, document: dict[str, Any]) -> bytes:
    """The PNG with the credential in an iTXt chunk after the header."""
    header = len(_PNG) + 25  # IHDR is always first, and has a fixed length
    text = _KEYWORD + b"\0\0\0\0\0" + _json(document).encode("utf-8")
    return picture[:header] + _png_chunk(b"iTXt", text) + picture[header:]


def extract_credential(shown: bytes) -> Any:
    """The parsed credential from what somebody pasted or uploaded: JSON, or a PNG or SVG that contains it.

    Raises:
        NoCredential: there is none.
    """
    if len(shown) > MAX_FILE_BYTES:
        raise NoCredential("too large")
    if shown.startswith(_PNG):
        return _parse_credential_json(_credential_in_png(shown))
    text = shown.removeprefix(b"\xef\xbb\xbf").strip()
    return _parse_credential_json(_credential_in_svg(text) if text.startswith(b"<") else text)


def _parse_credential_json(text: bytes) -> Any:
    if len(text) > MAX_CREDENTIAL_BYTES:
        raise NoCredential("too large")
    try:
        # Parsers disagree about a duplicate key, so that it could mean two things: reject it.
        return json.loads(text, object_pairs_hook=_reject_duplicate_keys, parse_constant=_reject_constant)
    except (ValueError, RecursionError) as error:
        raise NoCredential(str(error)) from None


def _reject_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("duplicate key")
    return result


def _reject_constant(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _credential_in_png(picture: bytes) -> bytes:
    for kind, data in _png_chunks(picture):
        keyword, _, rest = data.partition(b"\0")
        if kind == b"iTXt" and keyword == _KEYWORD and len(rest) > 2:
            is_compressed, rest = rest[0] == 1, rest[2:]
            text = rest.split(b"\0", 2)[-1]  # after the language and the translated keyword
            return _decompress(text) if is_compressed else text
    raise NoCredential("no credential in this picture")


def _png_chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    offset = len(_PNG)
    while offset + 12 <= len(picture):
        length, kind = struct.unpack_from(">I4s", picture, offset)
        yield kind, picture[offset + 8 : offset + 8 + length]
        offset += length + 12


def _decompress(compressed: bytes) -> bytes:
    """Decompress to just above the limit at most: a small file may hold gigabytes."""
    try:
        return zlib.decompressobj().decompress(compressed, MAX_CREDENTIAL_BYTES + 1)
    except zlib.error as error:
        raise NoCredential(str(error)) from None


def _credential_in_svg(picture: bytes) -> bytes:
    texts: list[str] = []
    inside = False

    def start(name: str, _attributes: object) -> None:
        nonlocal inside
        inside = inside or (name == _ELEMENT and not texts)

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != _ELEMENT

    def text(data: str) -> None:
        if inside:
            texts.append(data)

    def reject_entities(*_declaration: object) -> None:
        # Entities can blow up a small file or read other files, and badges need none.
        raise NoCredential("this picture declares entities")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = text, reject_entities
    try:
        parser.Parse(picture, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NoCredential(str(error)) from None
    if not "".join(texts).strip():
        raise NoCredential("no credential in this picture")
    return "".join(texts).strip().encode("utf-8")


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
