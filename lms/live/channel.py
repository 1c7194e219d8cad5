"""What one role of one class sees and who streams it, and the updates that the poller finds for it."""

from __future__ import annotations

import hashlib
import itertools
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lms.http.errors import SeatMoved, StreamGone, StreamNotReady
from lms.learning.classroom.session.stream_tokens import Role, StreamToken
from lms.live.stream import Stream

LEASE_SECONDS = 30.0  # how long a class is polled after its last stream closed, or after a request without a stream

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
    """What a seat's phone is sent. A removed one is told so and gets nothing else. ``holder``: see ``StreamToken``."""

    number: int
    snapshot: Snapshot
    removed: bool
    holder: int


@dataclass(frozen=True, slots=True)
class Update:
    """What the poller found about one role of one class. ``snapshot`` is None when only seats have changed."""

    class_id: str
    role: Role
    snapshot: Snapshot | None
    seats: tuple[SeatUpdate, ...] = ()


@dataclass(frozen=True, slots=True)
class PollResult:
    """The result of one poll. ``rechecked``: the recheck requests that it has answered, see ``Hub.recheck``."""

    updates: tuple[Update, ...] = ()
    rechecked: Mapping[str, int] = field(default_factory=dict[str, int])
    closed_classes: frozenset[str] = frozenset()
    valid_tokens: frozenset[StreamToken] = frozenset()
    revoked_tokens: frozenset[StreamToken] = frozenset()


@dataclass(slots=True)
class Channel:
    """One role of one class: the current snapshot, for phones also one for each seat by number, and the streams."""

    streams: dict[StreamToken, list[Stream]] = field(default_factory=dict[StreamToken, list[Stream]])
    snapshot: Snapshot | None = None
    seat_snapshots: dict[int, Snapshot] = field(default_factory=dict[int, Snapshot])
    removed_seats: set[int] = field(default_factory=set[int])
    holders: dict[int, int] = field(default_factory=dict[int, int])
    leased_until: float = 0.0

    def __iter__(self) -> Iterator[Stream]:
        return itertools.chain.from_iterable(list(self.streams.values()))

    def lease(self) -> None:
        self.leased_until = time.monotonic() + LEASE_SECONDS

    def holds_seat(self, token: StreamToken) -> bool:
        """Whether the seat of a phone's token is known here and still belongs to the same learner."""
        return self.holders.get(token.seat) == token.generation

    def snapshot_for(self, token: StreamToken) -> Snapshot:
        """All that the token's holder sees, as one JSON object.

        Raises:
            StreamNotReady: the class has not been read yet.
            StreamGone: it has no such seat.
            SeatMoved: another phone has the seat.
        """
        if self.snapshot is None:
            raise StreamNotReady
        if token.role != "phone":
            return self.snapshot
        seat_snapshot = self.seat_snapshots.get(token.seat)
        if seat_snapshot is None:
            raise StreamGone
        if not self.holds_seat(token):
            raise SeatMoved
        return seat_snapshot if token.seat in self.removed_seats else self.snapshot.merge(seat_snapshot)
