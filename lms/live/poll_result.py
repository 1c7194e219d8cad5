"""What the poller found in one poll: the states of classes as they are sent, by role and by seat."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lms.learning.classroom.session.stream_tokens import Role, StreamToken

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a class as it is sent. ``text``: a JSON object in UTF-8, the same bytes for all who see the same."""

    text: bytes

    @property
    def event(self) -> bytes:
        """Encode a snapshot as one server-sent event; its JSON contains no line break."""
        return b"data: %b\n\n" % self.text

    @property
    def etag(self) -> str:
        return f'"{hashlib.blake2b(self.text, digest_size=9).hexdigest()}"'

    def merge(self, seat: Snapshot | None) -> Snapshot:
        """The two JSON objects as one; they have no key in common."""
        return self if seat is None else Snapshot(self.text[:-1] + b"," + seat.text[1:])


def make_snapshot(state: Mapping[str, Any]) -> Snapshot:
    """Encode a state, which must not be empty, as compact JSON."""
    return Snapshot(_JSON.encode(state).encode())


@dataclass(frozen=True, slots=True)
class SeatUpdate:
    """What a seat's phone is sent. A removed seat gets this fact and nothing else. ``holder``: see ``StreamToken``."""

    number: int
    snapshot: Snapshot
    removed: bool
    holder: int


@dataclass(frozen=True, slots=True)
class RoleUpdate:
    """What the poller found about one role of one class. ``snapshot`` is None when only seats have changed."""

    class_id: str
    role: Role
    snapshot: Snapshot | None
    seats: tuple[SeatUpdate, ...] = ()


@dataclass(frozen=True, slots=True)
class PollResult:
    """The result of one poll.

    ``rechecked``: the recheck requests that it has answered, see ``Hub.recheck``.
    """

    updates: tuple[RoleUpdate, ...] = ()
    rechecked: Mapping[str, int] = field(default_factory=dict[str, int])
    closed_classes: frozenset[str] = frozenset()
    valid_tokens: frozenset[StreamToken] = frozenset()
    revoked_tokens: frozenset[StreamToken] = frozenset()
