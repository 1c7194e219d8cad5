"""Baked badges: a credential inside a PNG or SVG picture, and found again, as Open Badges 3.0 says (section 5.3)."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape

LARGEST = 1_000_000  # bytes of a file that is shown to us
LARGEST_DOCUMENT = 32_000  # bytes of the credential in it; ours have some 2,000

_PNG = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"openbadgecredential"
_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_ELEMENT = f"{_NAMESPACE} credential"


class NoCredential(ValueError):
    """There is no credential in it, or the file is broken, too large, or of another kind."""


def bake_png(picture: bytes, document: dict[str, Any]) -> bytes:
    """The PNG with the credential in an iTXt chunk right behind its header."""
    header = len(_PNG) + 25  # IHDR is always first, and always as long
    text = _KEYWORD + b"\0\0\0\0\0" + _json(document).encode("utf-8")
    return picture[:header] + _chunk(b"iTXt", text) + picture[header:]


def bake_svg(picture: str, document: dict[str, Any]) -> str:
    """The SVG with the credential as its first element."""
    start = picture.index(">", picture.index("<svg"))
    inside = f"<openbadges:credential>{escape(_json(document))}</openbadges:credential>"
    return f'{picture[:start]} xmlns:openbadges="{_NAMESPACE}">{inside}{picture[start + 1 :]}'


def find_document(shown: bytes) -> Any:
    """The parsed JSON of what somebody pasted or uploaded: JSON itself, or a PNG or SVG with it inside.

    Raises:
        NoCredential: there is none.
    """
    if len(shown) > LARGEST:
        raise NoCredential("too large")
    if shown.startswith(_PNG):
        return _parse(_from_png(shown))
    text = shown.removeprefix(b"\xef\xbb\xbf").strip()
    return _parse(_from_svg(text) if text.startswith(b"<") else text)


def _parse(text: bytes) -> Any:
    if len(text) > LARGEST_DOCUMENT:
        raise NoCredential("too large")
    try:
        # A key that comes twice means one thing here and another thing there: neither is believed.
        return json.loads(text, object_pairs_hook=_without_twins, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NoCredential(str(error)) from None


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _from_png(picture: bytes) -> bytes:
    for kind, data in _chunks(picture):
        keyword, _, rest = data.partition(b"\0")
        if kind == b"iTXt" and keyword == _KEYWORD and len(rest) > 2:
            packed, rest = rest[0] == 1, rest[2:]
            text = rest.split(b"\0", 2)[-1]  # behind the language and the translated keyword
            return _unpack(text) if packed else text
    raise NoCredential("no credential in this picture")


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_PNG)
    while place + 12 <= len(picture):
        length, kind = struct.unpack_from(">I4s", picture, place)
        yield kind, picture[place + 8 : place + 8 + length]
        place += length + 12


def _unpack(packed: bytes) -> bytes:
    """A small file may unpack to gigabytes: stop right behind what is allowed."""
    try:
        return zlib.decompressobj().decompress(packed, LARGEST_DOCUMENT + 1)
    except zlib.error as error:
        raise NoCredential(str(error)) from None


def _from_svg(picture: bytes) -> bytes:
    found: list[str] = []
    inside = False

    def start(name: str, _attributes: object) -> None:
        nonlocal inside
        inside = inside or (name == _ELEMENT and not found)

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != _ELEMENT

    def text(data: str) -> None:
        if inside:
            found.append(data)

    def refuse(*_declaration: object) -> None:
        # Entities are the way to make a small file huge, or to read other files; badges need none.
        raise NoCredential("this picture declares entities")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler, parser.EntityDeclHandler = text, refuse
    try:
        parser.Parse(picture, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise NoCredential(str(error)) from None
    if not "".join(found).strip():
        raise NoCredential("no credential in this picture")
    return "".join(found).strip().encode("utf-8")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
