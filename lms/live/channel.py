"""What one role of one class sees and who watches; what the watcher finds about it; and why there may be nothing."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lms.learning.classroom.session.stream_tokens import Role, Ticket
from lms.live.snapshot import Snapshot
from lms.live.stream import Stream

LEASE_SECONDS = 30.0  # how long a class is watched after its last stream, or after somebody asked without one


class Gone(Exception):
    """There is no such class, or no such seat in it."""


class Withdrawn(Exception):
    """The ticket was good once, and has been taken back."""


class Moved(Withdrawn):
    """The seat has been given to another phone."""


class NotYet(Exception):
    """There was no answer in time, or no room; coming again is right."""


@dataclass(frozen=True, slots=True)
class SeatNews:
    """``holder``: whose seat it is, as the tickets of its phone say it."""

    number: int
    snapshot: Snapshot
    out: bool  # put out of the class: told so, and nothing else
    holder: int


@dataclass(frozen=True, slots=True)
class News:
    """What the watcher found about one role of one class. ``snapshot`` is None when only seats have changed."""

    class_id: str
    role: Role
    snapshot: Snapshot | None
    seats: tuple[SeatNews, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What one look of the watcher brought. ``settled``: the doubts that it has looked into."""

    news: tuple[News, ...] = ()
    settled: Mapping[str, int] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    good: frozenset[Ticket] = frozenset()
    withdrawn: frozenset[Ticket] = frozenset()


@dataclass(slots=True)
class Channel:
    """What one role of one class sees, and who watches. ``seats``: what each phone alone is told, by number."""

    streams: dict[Ticket, list[Stream]] = field(default_factory=dict)
    snapshot: Snapshot | None = None
    seats: dict[int, Snapshot] = field(default_factory=dict)
    out: set[int] = field(default_factory=set)
    holders: dict[int, int] = field(default_factory=dict)
    leased_until: float = 0.0

    def __iter__(self) -> Iterator[Stream]:
        return itertools.chain.from_iterable(list(self.streams.values()))

    def lease(self) -> None:
        self.leased_until = time.monotonic() + LEASE_SECONDS

    def is_seated(self, ticket: Ticket) -> bool:
        """Whether the seat of a phone's ticket is known here, and still hers."""
        return self.holders.get(ticket.seat) == ticket.since

    def seen_by(self, ticket: Ticket) -> Snapshot:
        """All that the ticket's holder sees, as one object.

        Raises:
            NotYet, Gone, Moved: the class has not been read yet; it has no such seat; another phone has it.
        """
        if self.snapshot is None:
            raise NotYet
        if ticket.role != "phone":
            return self.snapshot
        own = self.seats.get(ticket.seat)
        if own is None:
            raise Gone
        if not self.is_seated(ticket):
            raise Moved
        return own if ticket.seat in self.out else self.snapshot.with_own(own)
