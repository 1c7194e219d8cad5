"""The file of a hand-in: one line with a signature, then compressed JSON.

``LMS-HAND-IN <version> <length> <key> <signature>``: the length of the rest in bytes, the laptop's public key as
Multikey and its signature in base58. The signature covers the line's other words and the rest as it stands, so that
nothing is decompressed before it is verified.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from dataclasses import dataclass
from typing import Any, NoReturn

import base58
from cryptography.exceptions import InvalidSignature

from lms.learning.badges.data_integrity import decode_public_key, encode_public_key
from lms.learning.badges.keys import KeyRing
from lms.learning.errors import InvalidHandIn

VERSION = 1
MAX_FILE_BYTES = 1_000_000  # a class of 400 learners with ten marks each has some 100,000
MAX_JSON_BYTES = 12_000_000
_MAGIC = b"LMS-HAND-IN "
_MAX_LINE_BYTES = 400
_LINE = re.compile(r"LMS-HAND-IN (?P<version>\d{1,4}) (?P<length>\d{1,8}) (?P<key>z\w{1,79}) (?P<signature>\w{1,120})")
_FORMAT = re.compile(r"LMS-HAND-IN (?P<version>\d{1,4}) ")


@dataclass(frozen=True, slots=True)
class SignedContent:
    """What a file says, and the public key that signed it, which names the laptop."""

    key: str
    content: Any


def pack_hand_in(content: Any, keys: KeyRing) -> bytes:
    """The bytes of a file. The same content gives the same bytes."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    compressed = gzip.compress(text.encode("utf-8"), mtime=0)
    signed = _signed_words(VERSION, len(compressed), encode_public_key(keys.hand_in.public_key()))
    signature = base58.b58encode(keys.hand_in.sign(signed + compressed)).decode("ascii")
    return signed + f" {signature}\n".encode("ascii") + compressed


def unpack_hand_in(data: bytes) -> SignedContent:
    """Verify a file and read its JSON.

    Raises:
        InvalidHandIn: it is too large, no such file, of a later version, incomplete or altered.
    """
    if len(data) > MAX_FILE_BYTES:
        raise InvalidHandIn("large")
    if not data.startswith(_MAGIC):
        raise InvalidHandIn("cut" if data and _MAGIC.startswith(data) else "foreign")
    line, newline, compressed = data.partition(b"\n")
    text = line[:_MAX_LINE_BYTES].decode("ascii", "replace")
    file_format = _FORMAT.match(text)
    if file_format and int(file_format["version"]) > VERSION:
        raise InvalidHandIn("newer")
    if not newline:
        raise InvalidHandIn("cut")
    words = _LINE.fullmatch(text)
    if words is None:
        raise InvalidHandIn("altered")
    if len(compressed) < int(words["length"]):
        raise InvalidHandIn("cut")
    try:
        key, signature = decode_public_key(words["key"]), base58.b58decode(words["signature"])
        key.verify(signature, _signed_words(int(words["version"]), int(words["length"]), words["key"]) + compressed)
    except (ValueError, InvalidSignature):
        raise InvalidHandIn("altered") from None
    return SignedContent(words["key"], _read_json(_decompress(compressed)))


def _signed_words(version: int, length: int, key: str) -> bytes:
    return f"LMS-HAND-IN {version} {length} {key}".encode("ascii")


def _decompress(compressed: bytes) -> bytes:
    """Decompress no more than the limit: a small file may promise gigabytes."""
    decompressor = zlib.decompressobj(wbits=31)
    try:
        text = decompressor.decompress(compressed, MAX_JSON_BYTES + 1)
    except zlib.error:
        raise InvalidHandIn("malformed") from None
    if len(text) > MAX_JSON_BYTES:
        raise InvalidHandIn("large")
    if not decompressor.eof or decompressor.unused_data:
        raise InvalidHandIn("malformed")
    return text


def _read_json(text: bytes) -> Any:
    try:
        return json.loads(text.decode("utf-8"), parse_constant=_reject, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise InvalidHandIn("malformed") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _reject(constant: str) -> NoReturn:
    raise ValueError(constant)
