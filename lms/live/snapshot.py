"""A state of a class as it goes over the wire: to a stream, or to a phone that asks now and then."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``text`` is one JSON object in UTF-8; everybody who is sent it gets these same bytes."""

    text: bytes

    @property
    def event(self) -> bytes:
        """As one server-sent event. JSON has no line break of its own."""
        return b"data: %b\n\n" % self.text

    @property
    def etag(self) -> str:
        return f'"{hashlib.blake2b(self.text, digest_size=9).hexdigest()}"'

    def with_own(self, own: Snapshot | None) -> Snapshot:
        """Both objects as one; no key is in both."""
        return self if own is None else Snapshot(self.text[:-1] + b"," + own.text[1:])


def snapshot_of(state: Mapping[str, Any]) -> Snapshot:
    """``state`` is not empty."""
    return Snapshot(_JSON.encode(state).encode())
